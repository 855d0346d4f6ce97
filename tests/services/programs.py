"""Real programs on loopback: found on the machine, started with a test and stopped with it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

LOOPBACK = "127.0.0.1"
REQUIRED = "AIGW_REQUIRE_SERVICES"
"""Set to 1, a missing program fails the test instead of skipping it."""
STOP_S = 20
LOG_TAIL = 4000


def missing(reason: str) -> None:
    """End the test: a failure where the services are required, else a skip with the reason."""
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def require(program: str, *folders: Path) -> str:
    """Return the path of a program, looked for in the folders first and then on PATH."""
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")])
    found = shutil.which(program, path=path)
    if found is None:
        missing(f"{program} is not installed")
    assert found
    return found


def free_port() -> int:
    """Return a port of loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def listening(port: int) -> bool:
    """Tell whether something takes connections at the port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


@dataclass(slots=True)
class Program:
    """One running program and the file it writes its output to."""

    process: subprocess.Popen[bytes]
    log: Path

    def output(self) -> str:
        """Return the end of what it has written until now."""
        return self.log.read_text(errors="replace")[-LOG_TAIL:]

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Return once it is ready; fail the test when it ends or the seconds pass before."""
        end = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None:
                pytest.fail(f"ended with {self.process.returncode}:\n{self.output()}")
            if time.monotonic() > end:
                pytest.fail(f"not ready after {seconds} s:\n{self.output()}")
            time.sleep(0.1)

    def stop(self) -> int:
        """Ask it and its children to end, insist after 20 s; returns the exit code."""
        for wanted in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is None:
                os.killpg(self.process.pid, wanted)
                try:
                    self.process.wait(STOP_S)
                except subprocess.TimeoutExpired:
                    continue
        return self.process.wait()


@dataclass(slots=True)
class Programs:
    """The programs of one test or module; their logs stand in the folder."""

    folder: Path
    running: list[Program] = field(default_factory=list)

    def start(
        self,
        arguments: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> Program:
        """Start a program in a process group of its own, so that it stops with its children.

        Args:
            arguments: the program and what it is called with.
            environment: all of its variables; None gives it those of the tests.
            user: whom it runs as, for programs that refuse root; None for the tests' own.
        """
        name = f"{len(self.running)}-{Path(arguments[0]).name}.log"
        log = self.folder / name
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [str(argument) for argument in arguments],
                stdout=sink,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=None if environment is None else dict(environment),
                cwd=self.folder,
                user=user,
                start_new_session=True,
            )
        self.running.append(Program(process=process, log=log))
        return self.running[-1]

    def stop(self) -> None:
        """Stop all, the last one started first."""
        while self.running:
            self.running.pop().stop()
