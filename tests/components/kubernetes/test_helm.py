"""A chart is pinned, waits for what it starts, and leaves nothing half done."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pytest

from components.base import PlatformComponent
from components.kubernetes.helm import release
from sizing.versions import CHARTS
from tests.components.support import Registered, record

pytestmark = pytest.mark.cloud_free("a release of a chart, before any cluster")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    name: str


class Owner(PlatformComponent):
    def __init__(self, chart: str, *, crds: bool, timeout_seconds: int) -> None:
        super().__init__("aigw:kubernetes:Owner", "owner", Shown(name=chart))
        release(
            self,
            f"owner-{chart}",
            chart,
            pulumi.Output.from_input("platform-system"),
            {"replicas": 2},
            timeout_seconds=timeout_seconds,
            crds=crds,
        )
        self.register_outputs({})


def installed(chart: str, *, crds: bool = False, timeout_seconds: int = 600) -> Registered:
    recorder = record(lambda: Owner(chart, crds=crds, timeout_seconds=timeout_seconds))
    return recorder.one("Release")


@pytest.mark.parametrize("chart", sorted(CHARTS))
def test_every_pinned_chart_is_found_by_name_and_version(chart: str) -> None:
    inputs, pin = installed(chart).inputs, CHARTS[chart]
    assert inputs["version"] == pin.version
    assert inputs["name"] == chart
    if pin.repository.startswith("oci://"):
        assert inputs["chart"] == f"{pin.repository}/{pin.chart}"
        assert "repositoryOpts" not in inputs
    else:
        assert inputs["chart"] == pin.chart
        assert inputs["repositoryOpts"] == {"repo": pin.repository}


def test_it_waits_and_leaves_nothing_half_done() -> None:
    inputs = installed("keda", timeout_seconds=900).inputs
    assert (inputs["atomic"], inputs["cleanupOnFail"], inputs["waitForJobs"]) == (True, True, True)
    assert not inputs["skipAwait"]
    assert inputs["timeout"] == 900
    assert inputs["values"] == {"replicas": 2}
    assert (inputs["namespace"], inputs["createNamespace"]) == ("platform-system", False)


@pytest.mark.parametrize("crds", [True, False])
def test_definitions_come_with_a_chart_only_where_it_owns_them(crds: bool) -> None:
    assert installed("keda", crds=crds).inputs["skipCrds"] is not crds


def test_an_unknown_chart_is_refused() -> None:
    with pytest.raises(KeyError, match="nobody"):
        installed("nobody")
