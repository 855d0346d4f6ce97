"""Every image is pinned, may be pulled through a mirror, and says as whom it runs."""

from __future__ import annotations

import re

import pytest

from components.kubernetes.image_facts import FACTS
from components.kubernetes.images import facts, parts, reference, unmirrored
from sizing.sources import sources
from sizing.versions import CHARTS, IMAGES

pytestmark = pytest.mark.cloud_free("a table of images, and both clouds' mirrors as parameters")
ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
ARTIFACTS = "europe-west3-docker.pkg.dev/gateway-prod/mirror"
OF_THE_NODE = {"dcgm-exporter", "nvidia-device-plugin"}
"""Agents that read devices as root; they run in a namespace of their own."""


def test_every_image_has_facts_and_no_other_has() -> None:
    assert set(FACTS) == set(IMAGES)


@pytest.mark.parametrize("name", sorted(IMAGES))
def test_an_image_is_pinned_by_a_version_of_a_known_registry(name: str) -> None:
    pin = IMAGES[name]
    assert re.fullmatch(r"[a-z0-9.]+\.[a-z]+/[a-z0-9._/-]+", pin.repository)
    assert re.search(r"\d+\.\d+", pin.tag), "a version, so neither latest nor a branch"
    assert pin.digest == "" or re.fullmatch(r"sha256:[0-9a-f]{64}", pin.digest)
    assert pin.source in sources()


def test_nothing_comes_from_bitnami() -> None:
    assert not [p for p in IMAGES.values() if "bitnami" in p.repository]
    assert not [c for c in CHARTS.values() if "bitnami" in c.repository]


def test_the_stolen_litellm_releases_are_not_pinned() -> None:
    assert not [p for p in IMAGES.values() if re.search(r"1\.82\.[78]\b", p.tag)]


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_a_chart_is_pinned_by_a_version_and_its_repository(name: str) -> None:
    pin = CHARTS[name]
    assert re.fullmatch(r"\d+\.\d+\.\d+", pin.version)
    assert pin.repository.startswith(("https://", "oci://"))
    assert pin.source in sources()


def test_two_names_share_a_repository_only_with_the_same_version() -> None:
    seen = {pin.repository: pin for pin in IMAGES.values()}
    assert all(seen[pin.repository] == pin for pin in IMAGES.values())


@pytest.mark.parametrize("name", sorted(set(IMAGES) - OF_THE_NODE))
def test_an_image_of_a_workload_runs_without_root(name: str) -> None:
    assert facts(name).uid > 0


@pytest.mark.parametrize("name", sorted(IMAGES))
def test_facts_name_their_source_and_whole_paths(name: str) -> None:
    known = facts(name)
    assert known.source.startswith("https://")
    assert all(path.startswith("/") for path in (*known.writable, *known.data))
    assert not set(known.writable) & set(known.data)


def test_the_reference_has_tag_and_digest_as_far_as_known() -> None:
    pgbouncer = IMAGES["pgbouncer"]
    assert reference("pgbouncer", "") == (
        f"docker.io/edoburu/pgbouncer:v1.25.2-p0@{pgbouncer.digest}"
    )
    assert reference("external-secrets", "") == ("ghcr.io/external-secrets/external-secrets:v2.9.0")


@pytest.mark.parametrize(
    ("registry", "name", "repository"),
    [
        (ECR, "pgbouncer", f"{ECR}/docker-hub/edoburu/pgbouncer"),
        (f"{ECR}/aigw", "postgres-client", f"{ECR}/aigw/docker-hub/library/postgres"),
        (f"{ECR}/aigw", "keda", f"{ECR}/aigw/ghcr/kedacore/keda"),
        (
            ECR,
            "cluster-autoscaler",
            f"{ECR}/k8s/autoscaling/cluster-autoscaler",
        ),
        (ECR, "prometheus", f"{ECR}/quay/prometheus/prometheus"),
        (
            ECR,
            "aws-load-balancer-controller",
            f"{ECR}/ecr-public/eks/aws-load-balancer-controller",
        ),
        (ARTIFACTS, "vllm", f"{ARTIFACTS}-docker-hub/vllm/vllm-openai"),
        (ARTIFACTS, "nvidia-device-plugin", f"{ARTIFACTS}-nvcr/nvidia/k8s-device-plugin"),
    ],
)
def test_a_mirror_takes_the_upstream_into_the_path(
    registry: str, name: str, repository: str
) -> None:
    found = parts(name, registry)
    assert found.repository == repository
    assert (found.tag, found.digest) == (IMAGES[name].tag, IMAGES[name].digest)


def test_what_ecr_refuses_as_upstream_is_named_and_stays() -> None:
    assert unmirrored(ECR) == ("dcgm-exporter", "nvidia-device-plugin")
    assert reference("dcgm-exporter", ECR) == reference("dcgm-exporter", "")


def test_artifact_registry_and_no_mirror_leave_nothing_out() -> None:
    assert unmirrored(ARTIFACTS) == ()
    assert unmirrored("") == ()


@pytest.mark.parametrize(
    "registry",
    ["registry.example.com", "12345.dkr.ecr.eu-central-1.amazonaws.com", "europe-docker.pkg.dev/p"],
)
def test_another_registry_is_refused(registry: str) -> None:
    with pytest.raises(ValueError, match=r"images\.registry"):
        reference("vllm", registry)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError):
        facts("unknown")
