"""Namespaces hold all that is planned in them, and refuse what nobody planned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from math import ceil

import pytest

from sizing.check import check
from sizing.plan import plan
from sizing.planning.helpers import FILE_FOLDERS
from sizing.plans import Finding, HelperPlan, NamespacePlan, PlatformPlan, ServicePlan
from sizing.plans.request import ApplicationRequest, Switches
from sizing.units import GIB
from sizing.words import Environment, Mode, Severity, Tier, Verdict
from tests.sizing.proof.samples import plans
from tests.sizing.requests import PRESETS, planned, request

SAMPLE = 30
EVERYTHING = Switches(
    agent_router=True,
    vllm_router=True,
    document_db=True,
    application=ApplicationRequest(cpu_millis=500, memory_bytes=GIB),
)


def namespace(found: PlatformPlan, name: str) -> NamespacePlan:
    return next(one for one in found.namespaces if one.name == name)


def at_once(service: ServicePlan) -> int:
    """Pods at the autoscaler's maximum while a quarter more are rolled out beside them."""
    replaced_in_place = service.volume_gib or service.gpus
    most = service.scale.maximum
    return most if replaced_in_place else most + ceil(most / 4)


def held(found: PlatformPlan, name: str) -> dict[str, int]:
    """What a namespace is asked for at most, counted anew."""
    services = [one for one in found.services if one.namespace == name]
    helpers = [one for one in found.helpers if one.namespace == name]

    def asked(field: str) -> int:
        of_services = sum(at_once(one) * int(getattr(one, field)) for one in services)
        return of_services + sum(one.pods * int(getattr(one, field)) for one in helpers)

    sizes = {
        one: asked(one)
        for one in (
            "cpu_request_millis",
            "cpu_limit_millis",
            "memory_request_bytes",
            "memory_limit_bytes",
        )
    }
    # a folder that all pods share: one claim of a GiB, by form
    shared = int(name.endswith(("-apps", "-serving")))
    # and one for the job that makes the folder, where the share does not
    shared += sum(one.name == FILE_FOLDERS for one in helpers)
    return sizes | {
        "pods": sum(map(at_once, services))
        + sum(one.pods for one in helpers if one.kind != "sidecar"),
        "gpus": sum(one.scale.maximum * one.gpus for one in services),
        "volumes": sum(one.scale.maximum * one.volumes for one in services) + shared,
        "volume_gib": sum(one.scale.maximum * one.volumes_gib for one in services) + shared,
    }


def assert_all_fits(found: PlatformPlan) -> None:
    homes = {one.namespace for one in found.services} | {one.namespace for one in found.helpers}
    homes.remove("kube-system")
    assert [one.name for one in found.namespaces] == sorted(homes)
    for one in found.namespaces:
        for word, most in held(found, one.name).items():
            assert getattr(one, word) == most, f"{one.name}: {word}"
        _assert_largest(one, [x for x in found.services if x.namespace == one.name])
        _assert_largest(one, [x for x in found.helpers if x.namespace == one.name])


def _assert_largest(found: NamespacePlan, inside: Iterable[ServicePlan | HelperPlan]) -> None:
    for one in inside:
        assert one.cpu_limit_millis <= found.largest_cpu_millis, one.name
        assert one.memory_limit_bytes <= found.largest_memory_bytes, one.name


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_a_quota_is_every_service_at_its_maximum_rollouts_and_helpers(
    environment: Environment, tier: Tier, mode: Mode
) -> None:
    assert_all_fits(planned(environment, tier, mode))


def test_so_it_is_for_any_workload_on_any_cloud() -> None:
    for found in plans(SAMPLE):
        assert_all_fits(found)


@pytest.mark.parametrize("environment", Environment)
def test_so_it_is_with_every_part_switched_on(environment: Environment) -> None:
    found = plan(replace(request(environment), switches=EVERYTHING))
    assert_all_fits(found)
    assert namespace(found, f"{environment}-apps").pods > 0


def test_what_states_nothing_gets_less_than_the_smallest_limit_allows() -> None:
    for found in plans(SAMPLE):
        for one in found.namespaces:
            assert 0 < one.default_cpu_millis <= one.largest_cpu_millis
            assert 0 < one.default_memory_bytes <= one.largest_memory_bytes


def test_only_daemons_of_nodes_may_do_what_pods_may_not_and_say_why() -> None:
    for found in plans(SAMPLE):
        open_ones = {one.role for one in found.namespaces if one.pod_security != "restricted"}
        assert open_ones <= {"gpu", "node"}
        for one in found.namespaces:
            assert bool(one.reason) == (one.pod_security == "privileged")


def test_the_clouds_own_namespace_is_not_limited() -> None:
    assert "kube-system" not in {one.name for one in planned().namespaces}
    assert [one for one in planned().services if one.namespace == "kube-system"]


def quotas(found: PlatformPlan) -> dict[str, Finding]:
    return {one.id: one for one in check(found) if one.constraint == "quota"}


def test_a_quota_of_a_plan_holds_to_the_pod() -> None:
    found = quotas(planned())
    assert set(found) == {f"namespaces.{one.name}.quota" for one in planned().namespaces}
    assert {one.verdict for one in found.values()} == {Verdict.HOLDS}
    assert all(one.demand == one.capacity for one in found.values())


LIMITS = {
    "pods": "pods",
    "cpu_request_millis": "CPU requests",
    "cpu_limit_millis": "CPU limits",
    "memory_request_bytes": "memory requests",
    "memory_limit_bytes": "memory limits",
    "gpus": "GPUs",
    "largest_cpu_millis": "CPU of one",
    "largest_memory_bytes": "memory of one",
}
CUTS: dict[str, Callable[[NamespacePlan], NamespacePlan]] = {
    word: lambda one, word=word: replace(one, **{word: getattr(one, word) - 1})  # type: ignore[misc]
    for word in LIMITS
}


@pytest.mark.parametrize("word", LIMITS)
def test_a_quota_that_is_short_by_one_is_an_error_that_names_the_part(word: str) -> None:
    name, said = "prod-serving", LIMITS[word]
    whole = planned()
    cut = tuple(CUTS[word](one) if one.name == name else one for one in whole.namespaces)
    found = quotas(replace(whole, namespaces=cut))[f"namespaces.{name}.quota"]
    assert (found.verdict, found.severity) == (Verdict.REFUTED, Severity.ERROR)
    assert found.message.endswith(f"too small: {said}")


@pytest.mark.parametrize(("word", "said"), [("volumes", "volumes"), ("volume_gib", "storage")])
def test_volumes_that_do_not_fit_are_named(word: str, said: str) -> None:
    whole = planned()
    cut = tuple(
        replace(one, **{word: 0}) if one.name == "prod-data" else one  # type: ignore[arg-type]
        for one in whole.namespaces
    )
    found = quotas(replace(whole, namespaces=cut))["namespaces.prod-data.quota"]
    assert found.message.endswith(f"too small: {said}")


def test_no_limit_of_a_namespace_is_left_unjudged() -> None:
    judged = {*LIMITS, "volumes", "volume_gib"}
    given = {"default_cpu_millis", "default_memory_bytes"}
    words = {"name", "role", "pod_security", "reason"}
    assert {one.name for one in fields(NamespacePlan)} == judged | given | words
