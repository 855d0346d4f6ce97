"""Every API that a plan uses is on, and stays on."""

from __future__ import annotations

import pytest

from components.gcp.key_grants import services_with_agents
from components.gcp.services import NEEDED, Services, ServicesArgs
from tests.components.gcp.samples import PROJECT
from tests.components.support import Recorder, record
from tests.sizing.gcp.requests import planned


@pytest.fixture(scope="module")
def services() -> Recorder:
    return record(lambda: Services("services", ServicesArgs(project=PROJECT)))


def test_each_api_is_turned_on_once_in_the_project(services: Recorder) -> None:
    made = [one.inputs["service"] for one in services.all("Service")]
    assert sorted(made) == [f"{name}.googleapis.com" for name in sorted(NEEDED)]
    assert {one.inputs["project"] for one in services.all("Service")} == {PROJECT}


def test_no_api_goes_off_with_the_stack_or_takes_others_along(services: Recorder) -> None:
    for one in services.all("Service"):
        assert one.inputs["disableOnDestroy"] is False
        assert one.inputs["disableDependentServices"] is False


def test_every_service_that_a_planned_key_names_is_on() -> None:
    used = {one for plan in planned().keys for one in services_with_agents(plan.services)}
    assert used <= NEEDED.keys()
