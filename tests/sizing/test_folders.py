"""The job that makes folders on a share stands where somebody mounts one, and only there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sizing.plan import plan
from sizing.planning.helpers import FILE_FOLDERS
from sizing.plans import PlanRequest, PlatformPlan
from sizing.plans.request import ApplicationRequest, Switches
from sizing.plans.tools import OsmenRequest
from sizing.units import GIB
from sizing.words import Cloud, Tier
from sizing.workload import reference
from tests.both_clouds import here
from tests.sizing.requests import request

MOUNTING = {
    "application": Switches(application=ApplicationRequest(cpu_millis=500, memory_bytes=GIB)),
    "langflow": Switches(osmen=OsmenRequest(langflow=True, concurrent_users=10)),
    "weights": Switches(weights_on_files=True),
}
each = pytest.mark.parametrize("switches", MOUNTING.values(), ids=MOUNTING)


def built(asked: PlanRequest, switches: Switches) -> PlatformPlan:
    return plan(replace(asked, switches=switches))


def jobs(found: PlatformPlan) -> list[tuple[str, int]]:
    return [(one.namespace, one.pods) for one in found.helpers if one.name == FILE_FOLDERS]


@each
def test_one_pod_makes_the_folders_before_anybody_mounts_them(switches: Switches) -> None:
    made = {Cloud.AWS: [], Cloud.GCP: [("prod-data", 1)]}  # an access point of EFS makes its own
    assert jobs(built(request(), switches)) == made[here()]


@pytest.mark.one_cloud("gcp", "an access point of EFS makes its folder itself")
@each
def test_the_namespace_has_room_for_its_claim_of_the_whole_share(switches: Switches) -> None:
    without, found = built(request(), Switches()), built(request(), switches)
    (before,), (after,) = (
        [one for one in made.namespaces if one.role == "data"] for made in (without, found)
    )
    assert (after.pods - before.pods, after.volumes - before.volumes) == (1, 1)
    assert after.volume_gib - before.volume_gib == 1


def test_what_nobody_mounts_is_not_made() -> None:
    assert jobs(plan(request())) == []
    bought = replace(reference(Tier.LARGE), self_hosted_share=0.0)
    asked = replace(request(), workload=bought)
    assert jobs(built(asked, MOUNTING["weights"])) == []
