"""Runs a load test's generator from here: Locust, a process for each part.

Locust is no part of aigw: it brings a plugin into every test run of the environment that it is
installed in. It is found beside this Python or on PATH, or named.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from components.kubernetes import load_test_config as config
from preview.misuse import MisuseError
from sizing.loadtest import Profile, Result, ResultError, document, read
from sizing.versions import IMAGES

STARTING_SECONDS = 5
"""From now until all parts begin: Locust takes a second or two to start."""
LAST_WORDS = 2000


def locust(named: str | None) -> list[str]:
    """Return how Locust is started.

    Raises:
        MisuseError: it is not here; the message says how it comes.
    """
    if named is None and importlib.util.find_spec("locust"):
        return [sys.executable, "-m", "locust"]
    found = shutil.which(named or "locust")
    if found is None:
        version = IMAGES["locust"].tag
        raise MisuseError(
            f"--locust: found {named or 'none'}; allowed: the program of Locust {version}, "
            f"which `uv run --with locust=={version} aigw loadtest ...` brings along"
        )
    return [found]


def address(url: str) -> str:
    """Return scheme, host and port of a gateway.

    Raises:
        MisuseError: no such address, or one to which the key would go in clear.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise MisuseError(f"--url: found {url!r}; allowed: a gateway such as https://api.example")
    if parts.scheme == "http" and not _near(parts.hostname):
        raise MisuseError(f"--url: found {url!r}; allowed: https://, or the key goes in clear")
    return f"{parts.scheme}://{parts.netloc}"


def run(made: Profile, url: str, *, key: str, processes: int, program: Sequence[str]) -> Result:
    """Make the load and return what was measured.

    Args:
        url: of the gateway, see `address`.
        key: the caller's; it is handed on by the environment alone.
        processes: parts that the load is made by.
        program: see `locust`.

    Raises:
        MisuseError: the generator fails; its last words are in the message.
    """
    root = Path(__file__).parents[1]
    with tempfile.TemporaryDirectory(prefix="aigw-load-") as folder:
        file = Path(folder) / "profile.json"
        file.write_text(json.dumps(document(made)))
        start = time.time() + STARTING_SECONDS
        told = {
            **os.environ,
            config.KEY: key,
            "PYTHONPATH": os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")])),
            config.PROFILE: str(file),
            config.PARTS: str(processes),
            config.START: str(start),
        }
        generator = root.joinpath(*config.PACKAGE.split("."), config.GENERATOR)
        words = [*program, *config.arguments(str(generator), url)]
        return _together(words, told, processes, folder)


def _together(words: Sequence[str], told: Mapping[str, str], processes: int, folder: str) -> Result:
    running = [
        subprocess.Popen(
            list(words),
            env={**told, config.PART: str(part)},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for part in range(processes)
    ]
    try:
        said = [one.communicate() for one in running]
    finally:
        for one in running:
            if one.poll() is None:
                one.terminate()
    try:
        return read(line for out, _ in said for line in out.splitlines())
    except ResultError as error:
        last = said[0][1][-LAST_WORDS:].strip()
        raise MisuseError(f"the generator failed: {error}", *last.splitlines()) from error


def _near(host: str) -> bool:
    """Say whether a name stays on this machine or within a cluster."""
    if host == "localhost" or host.endswith((".svc", ".svc.cluster.local")):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
