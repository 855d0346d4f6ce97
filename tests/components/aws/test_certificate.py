"""A certificate is proven by one record for each of its hosts, in the hosts' own zone."""

from __future__ import annotations

import pytest
from pulumi_aws import acm

from components.aws.certificate import certificate
from components.base import PlatformComponent
from sizing.rules import refusals
from tests.components.aws import edge_plans
from tests.components.support import TAGS, Recorder, record, untagged

COMPONENT = "aigw:aws:Certified"
HOSTS = ("api.ai.example.com", "mcp.ai.example.com")


class Certified(PlatformComponent):
    """The smallest owner of a certificate."""

    def __init__(self, hosts: tuple[str, ...]) -> None:
        super().__init__(COMPONENT, "front", edge_plans.ingress())
        self.made: acm.CertificateValidation = certificate(
            self, "front", hosts=hosts, zone_id="Z123", tags=TAGS
        )
        self.register_outputs({})


def build(hosts: tuple[str, ...] = HOSTS) -> Recorder:
    return record(lambda: Certified(hosts))


def test_the_first_host_is_the_subject_and_the_others_stand_beside_it() -> None:
    made = build().one("Certificate").inputs
    assert made["domainName"] == HOSTS[0]
    assert made["subjectAlternativeNames"] == [HOSTS[1]]
    assert made["validationMethod"] == "DNS"


def test_each_host_has_the_record_that_acm_asks_for_it() -> None:
    records = build().all("Record")
    assert {one.inputs["name"]: (one.inputs["type"], one.inputs["records"]) for one in records} == {
        f"_proof.{host}.": ("CNAME", [f"_value-of-{host}.acm-validations.aws."]) for host in HOSTS
    }
    assert {one.inputs["zoneId"] for one in records} == {"Z123"}


def test_whoever_waits_for_the_proof_waits_for_every_record() -> None:
    recorder = build()
    proof = recorder.one("CertificateValidation")
    assert {one.urn for one in recorder.all("Record")} <= set(proof.depends_on)
    assert proof.inputs["certificateArn"].endswith(":front-certificate")


def test_a_certificate_without_a_host_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a host"):
        build(())


def test_a_preview_that_knows_hosts_and_no_proofs_yet_still_plans(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "tests.components.support.proofs", lambda made: [{"domainName": made["domainName"]}]
    )
    (record_,) = build(HOSTS[:1]).all("Record")
    assert (record_.inputs["type"], record_.inputs["name"]) == ("CNAME", "")


def test_everything_is_tagged_and_nothing_refused() -> None:
    recorder = build()
    assert not untagged(recorder, COMPONENT, {**TAGS, "component": "certified"})
    made = [one for one in recorder.resources if one.custom]
    assert [str(no) for one in made for no in refusals(one.type, one.inputs)] == []
