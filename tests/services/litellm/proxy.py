"""The real LiteLLM proxy over the config that production renders, variables and arguments alike."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from components.kubernetes.litellm_config import render, variables
from components.kubernetes.litellm_runtime import LIVENESS, Runtime, arguments, environment
from components.kubernetes.litellm_settings import ProxyConfig
from tests.services.litellm.environment import litellm
from tests.services.programs import LOOPBACK, Program, Programs, free_port

START_S = 300
PROVIDER_KEY = "key-of-a-provider"
MASTER = "sk-master-of-the-tests"


@dataclass(frozen=True, slots=True)
class Reply:
    """What an HTTP server said."""

    status: int
    text: str

    @property
    def body(self) -> Any:  # noqa: ANN401  # JSON of another program
        """Return what the text says as JSON."""
        return json.loads(self.text)


def call(url: str, body: object = None, *, key: str = "") -> Reply:
    """Ask an HTTP server, by POST where there is a body."""
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if key:
        request.add_header("Authorization", f"Bearer {key}")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return Reply(answer.status, answer.read().decode())
    except urllib.error.HTTPError as refused:
        return Reply(refused.code, refused.read().decode())


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running proxy."""

    program: Program
    port: int
    metrics_port: int
    said: str = ""
    """What it had written by the time that it lived."""

    def url(self, path: str) -> str:
        """Return where a path of it is."""
        return f"http://{LOOPBACK}:{self.port}{path}"

    def get(self, path: str, *, key: str = "") -> Reply:
        """Ask for a page."""
        return call(self.url(path), key=key)

    def complete(
        self, model: str, prompt: str, *, stream: bool = False, key: str = MASTER
    ) -> Reply:
        """Ask for a chat completion."""
        messages = [{"role": "user", "content": prompt}]
        body = {"model": model, "messages": messages, "stream": stream}
        return call(self.url("/v1/chat/completions"), body, key=key)

    def metrics(self) -> str:
        """Return what monitoring would read."""
        return call(f"http://{LOOPBACK}:{self.metrics_port}/metrics").text


def start(
    programs: Programs, config: ProxyConfig, runtime: Runtime, values: Mapping[str, str]
) -> Proxy:
    """Start the proxy and wait until it lives.

    Args:
        values: what deployment alone would know; the database's are left out, so that it runs
            without one.
    """
    folder = programs.folder / f"proxy-{len(programs.running)}"
    folder.mkdir()
    file = folder / "config.yaml"
    file.write_text(render(config))
    port, metrics_port = free_port(), free_port()
    chosen = {**_kept(folder), **environment(runtime), **_folders(folder), **values}
    missing = {v.name for v in variables(config)} - set(chosen)
    assert all(name.startswith("DATABASE_") for name in missing), missing
    words = arguments(
        runtime, config=str(file), host=LOOPBACK, port=port, metrics_port=metrics_port
    )
    program = programs.start([litellm() / "litellm", *words], environment=chosen)
    proxy = Proxy(program, port, metrics_port)
    program.wait_until(lambda: _lives(proxy), START_S)
    return replace(proxy, said=program.log.read_text(errors="replace"))


def _kept(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}


def _folders(folder: Path) -> dict[str, str]:
    """Return the folders that the container has and this machine must not get."""
    return {
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        "LITELLM_UI_PATH": str(folder / "ui"),
        "LITELLM_ASSETS_PATH": str(folder / "assets"),
        "HF_HOME": str(folder / "huggingface"),
        "TMPDIR": str(folder),
    }


def _lives(proxy: Proxy) -> bool:
    try:
        return proxy.get(LIVENESS).status == 200
    except OSError:
        return False
