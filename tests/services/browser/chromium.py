"""A real Chromium, driven by its own protocol over two pipes: no port, no driver between."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROGRAM = "chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",  # tests may run as root, in a container that has no namespaces to give
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-extensions",
    "--disable-component-update",
    "--disable-background-networking",
    "--remote-debugging-pipe",
)
ANSWER_S = 60
READ_FD, WRITE_FD = 3, 4
"""Where Chromium reads what it is told, and writes what it says."""


class ChromiumError(RuntimeError):
    """The browser refused what it was told, or did not answer."""


@dataclass(slots=True)
class Chromium:
    """A browser; every message of the protocol ends with a zero byte."""

    commands: int
    answers: int
    sent: int = 0
    unread: bytes = b""
    events: list[dict[str, Any]] = field(default_factory=list)

    def call(self, method: str, session: str = "", **parameters: object) -> dict[str, Any]:
        """Tell the browser to do something and return what it answers."""
        self.sent += 1
        told = {"id": self.sent, "method": method, "params": parameters}
        if session:
            told["sessionId"] = session
        os.write(self.commands, json.dumps(told).encode() + b"\0")
        while True:
            said = self._read()
            if said.get("id") != self.sent:
                self.events.append(said)
            elif "error" in said:
                raise ChromiumError(f"{method}: {said['error']['message']}")
            else:
                return dict(said["result"])

    def wait_for(self, method: str, session: str) -> None:
        """Return once an event has come."""
        while not any(
            o.get("method") == method and o.get("sessionId") == session for o in self.events
        ):
            self.events.append(self._read())

    def page(self) -> Page:
        """Open an empty page."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        opened = Page(browser=self, session=session, target=target)
        for domain in ("Page", "Runtime", "Network", "Log"):
            opened.call(f"{domain}.enable")
        return opened

    def _read(self) -> dict[str, Any]:
        end = time.monotonic() + ANSWER_S
        while b"\0" not in self.unread:
            ready, _, _ = select.select([self.answers], [], [], max(0.0, end - time.monotonic()))
            part = os.read(self.answers, 1 << 20) if ready else b""
            if not part:
                raise ChromiumError("the browser has not answered")
            self.unread += part
        message, _, self.unread = self.unread.partition(b"\0")
        return dict(json.loads(message))


@dataclass(slots=True)
class Page:
    """One page, and what has happened in it since it was opened."""

    browser: Chromium
    session: str
    target: str

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Tell this page to do something and return what it answers."""
        return self.browser.call(method, self.session, **parameters)

    def open(self, file: Path) -> None:
        """Open a file and wait until it is loaded."""
        loaded = "Page.loadEventFired"
        self.browser.events = [o for o in self.browser.events if o.get("method") != loaded]
        self.call("Page.navigate", url=file.as_uri())
        self.browser.wait_for(loaded, self.session)

    def run(self, script: str) -> Any:  # noqa: ANN401  # whatever the script gives
        """Return the value of an expression, awaited."""
        done = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in done:
            raise ChromiumError(str(done["exceptionDetails"].get("exception", done)))
        return done["result"].get("value")

    def resize(self, width: int, height: int) -> None:
        """Give the page the size of a screen."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def theme(self, scheme: str) -> None:
        """Let the system prefer "light" or "dark"."""
        preferred = {"name": "prefers-color-scheme", "value": scheme}
        self.call("Emulation.setEmulatedMedia", media="screen", features=[preferred])

    def press(self, key: str, *, code: int) -> None:
        """Press and leave a key."""
        for kind in ("rawKeyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code
            )

    def seen(self, method: str) -> list[dict[str, Any]]:
        """Return the parameters of all events of a kind."""
        self.run("0")  # what has happened by now has been told before the answer
        return [
            one["params"]
            for one in self.browser.events
            if one.get("method") == method and one.get("sessionId") == self.session
        ]

    def screenshot(self, file: Path) -> None:
        """Write the whole page as PNG."""
        root = "document.documentElement"
        width, height = self.run(f"[{root}.scrollWidth, {root}.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        file.write_bytes(base64.b64decode(shot["data"]))

    def close(self) -> None:
        """Close the page and forget what happened in it."""
        self.browser.call("Target.closeTarget", targetId=self.target)
        mine = self.session
        self.browser.events = [o for o in self.browser.events if o.get("sessionId") != mine]

    def pdf(self) -> bytes:
        """Return the page as it prints."""
        self.call("Emulation.setEmulatedMedia", media="print", features=[])
        done = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(done["data"])


@contextmanager
def chromium(program: str, profile: Path, more: Sequence[str] = ()) -> Iterator[Chromium]:
    """Start a browser with a profile of its own; it is gone afterwards.

    Args:
        program: its path.
        profile: an empty folder.
        more: flags.
    """
    reads, commands = os.pipe()
    answers, writes = os.pipe()

    def joined() -> None:
        # both ends may lie on the other's number: they are moved out of the way first
        one, other = os.dup(reads), os.dup(writes)
        os.dup2(one, READ_FD)
        os.dup2(other, WRITE_FD)

    with subprocess.Popen(
        [program, *FLAGS, f"--user-data-dir={profile}", *more],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=joined,
        close_fds=False,
        start_new_session=True,
    ) as process:
        os.close(reads)
        os.close(writes)
        browser = Chromium(commands=commands, answers=answers)
        try:
            yield browser
            browser.call("Browser.close")
        finally:
            os.close(commands)
            os.close(answers)
            try:
                process.wait(ANSWER_S)
            except subprocess.TimeoutExpired:
                process.kill()
