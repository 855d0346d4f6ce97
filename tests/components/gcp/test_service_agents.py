"""Agents exist, and can do their work, before a stack's key names them."""

from __future__ import annotations

import pytest

from components.gcp.key_grants import agent, services_with_agents
from components.gcp.service_agents import ROLES, ServiceAgents, ServiceAgentsArgs
from components.gcp.services import NEEDED, Services, ServicesArgs
from tests.components.gcp.samples import PROJECT, PROJECT_NUMBER
from tests.components.support import Recorder, record
from tests.sizing.gcp.requests import planned


def build() -> None:
    on = Services("services", ServicesArgs(project=PROJECT))
    args = ServiceAgentsArgs(project=PROJECT, project_number=PROJECT_NUMBER, after=on.ready)
    ServiceAgents("agents", args)


@pytest.fixture(scope="module")
def agents() -> Recorder:
    return record(build)


def test_every_agent_of_a_planned_key_is_made_but_the_one_that_comes_with_its_api(
    agents: Recorder,
) -> None:
    used = {one for plan in planned().keys for one in services_with_agents(plan.services)}
    made = {one.inputs["service"] for one in agents.all("ServiceIdentity")}
    # Artifact Registry uses no key: it reads the passwords of its upstreams
    assert made == {f"{one}.googleapis.com" for one in {"artifactregistry", *used} - {"compute"}}


def test_an_agent_that_is_asked_for_gets_the_role_that_google_would_give_it(
    agents: Recorder,
) -> None:
    granted = {one.inputs["member"]: one.inputs["role"] for one in agents.all("IAMMember")}
    assert granted == {agent(one, PROJECT_NUMBER): role for one, role in ROLES.items()}
    for service in ROLES:
        role = agents.one("IAMMember", service)
        assert agents.one("ServiceIdentity", service).urn in agents.before(role)
        assert role.retain_on_delete


def test_agents_are_asked_for_when_the_apis_are_on(agents: Recorder) -> None:
    on = {one.urn for one in agents.all("Service")}
    assert len(on) == len(NEEDED)
    for one in agents.all("ServiceIdentity"):
        assert on <= agents.before(one)
