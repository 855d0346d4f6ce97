"""Starts and ends the disposable cluster."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cluster.api import Api
from tests.kubernetes import schemas

CUSTOM = "apiextensions.k8s.io/v1", "CustomResourceDefinition"


@contextmanager
def running(kit: Path, folder: Path) -> Iterator[Api]:
    """Give a cluster that knows our custom resources; everything of it is gone afterwards.

    Args:
        kit: folder of the program that starts it.
        folder: where it keeps its state; must not exist.
    """
    program = str(kit / "kit")
    started = subprocess.run(
        [program, "up", "--dir", str(folder)], check=True, stdout=subprocess.PIPE, text=True
    )
    try:
        api = Api.of(Path(started.stdout.strip()))
        for one in schemas.definitions():
            api.create(one)
        for one in schemas.definitions():
            api.wait_for(one, "Established")
        yield api
    finally:
        subprocess.run([program, "down", "--dir", str(folder)], check=True)
