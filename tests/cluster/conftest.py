"""Tests marked `cluster` run with `-m cluster` alone: a real control plane judges our objects.

The environment variable AIGW_CLUSTER_KIT names a folder with a program `kit`: `kit up --dir D`
starts a disposable cluster and prints the path of its kubeconfig, `kit down --dir D` ends it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sizing.words import Cloud
from tests.cluster.api import Api
from tests.cluster.kit import running
from tests.components.kubernetes.surroundings import on

MARKER = "cluster"
KIT = "AIGW_CLUSTER_KIT"
HERE = Path(__file__).parent

StartCluster = Callable[[], Api]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave this folder's tests out of a run that does not ask for them by their marker."""
    if MARKER in str(config.getoption("markexpr")):
        return
    left_out = [
        item for item in items if HERE in item.path.parents and item.get_closest_marker(MARKER)
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="module", autouse=True)
def _samples_of_a_cloud() -> Iterator[None]:
    """Let samples be of AWS: the control plane here is of no cloud, and takes either's objects."""
    with on(Cloud.AWS):
        yield


@pytest.fixture(scope="session")
def kit() -> Path:
    folder = os.environ.get(KIT, "")
    if not folder:
        pytest.skip(f"{KIT} names no folder with a program to start a cluster")
    return Path(folder).resolve()


@pytest.fixture(scope="module")
def cluster(kit: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Give the tests of a module a cluster of their own, with the custom resources in use."""
    with running(kit, tmp_path_factory.mktemp("cluster") / "state") as api:
        yield api


@pytest.fixture
def start(kit: Path, tmp_path: Path) -> Iterator[StartCluster]:
    """Give a test clusters of its own."""
    with ExitStack() as open_ones:

        def another() -> Api:
            folder = tmp_path / f"cluster-{len(list(tmp_path.iterdir()))}"
            return open_ones.enter_context(running(kit, folder))

        yield another
