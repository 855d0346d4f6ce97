"""What one cloud has and the other has not: little, and each with the page of who says why."""

from __future__ import annotations

import functools
import typing
from collections.abc import Iterator
from dataclasses import dataclass

import pydantic
import pytest

from preview.offline import Recording
from sizing.plan import plan
from sizing.plans import PlatformPlan
from sizing.words import Cloud
from stacks.config import load
from stacks.config_clouds import CLOUDS
from tests.stacks.manifests import CONFIGS, of_file, rendered
from tests.stacks.projects import written_stack
from tests.stacks.test_every_part import platform

pytestmark = pytest.mark.cloud_free("it compares the clouds")

MOST = 12
# the same part by the name that its cloud gives it
TWINS = {
    "Armor": "Firewall",
    "Eks": "Cluster",
    "Gke": "Cluster",
    "GuestReader": "SecretReader",
    "Waf": "Firewall",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is of one cloud alone, what the other has in its place, and who says so."""

    aws: frozenset[str] = frozenset()
    gcp: frozenset[str] = frozenset()
    page: str


ALLOWED = {
    "GKE adds and removes nodes itself": Difference(
        aws=frozenset({"component ClusterAutoscaler", "service cluster-autoscaler"}),
        page="https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler",
    ),
    "GKE fills a balancer's groups with pods itself": Difference(
        aws=frozenset({"component LoadBalancerController", "service aws-load-balancer-controller"}),
        page="https://cloud.google.com/kubernetes-engine/docs/how-to/standalone-neg",
    ),
    "GKE runs the drivers of volumes itself": Difference(
        aws=frozenset(
            {"component Addons", "service ebs-csi-controller", "service efs-csi-controller"}
        ),
        page="https://cloud.google.com/kubernetes-engine/docs/how-to/persistent-volumes/"
        "gce-pd-csi-driver",
    ),
    "names are looked up at another program": Difference(
        aws=frozenset({"service coredns"}),
        gcp=frozenset({"service kube-dns"}),
        page="https://cloud.google.com/kubernetes-engine/docs/how-to/kube-dns",
    ),
    "GKE offers GPUs to pods itself": Difference(
        aws=frozenset({"helper nvidia-device-plugin"}),
        page="https://cloud.google.com/kubernetes-engine/docs/concepts/gpus",
    ),
    "AWS alone sells OpenSearch as a service": Difference(
        aws=frozenset({"component Search"}),
        gcp=frozenset(
            {
                "component OpenSearch",
                "helper opensearch-certificates",
                "pool search",
                "service opensearch",
            }
        ),
        page="https://cloud.google.com/docs/get-started/aws-azure-gcp-service-comparison",
    ),
    "AWS alone sells a document database that MongoDB's clients know": Difference(
        aws=frozenset({"component DocumentDb"}),
        page="https://docs.aws.amazon.com/documentdb/latest/developerguide/what-is.html",
    ),
    "a key of several regions is one key at Google": Difference(
        aws=frozenset({"component KeyCopy"}),
        page="https://cloud.google.com/kms/docs/locations",
    ),
    "an access point makes its own folder": Difference(
        gcp=frozenset({"component FolderSetup", "helper file-folders"}),
        page="https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html",
    ),
    "Backup for GKE keeps volumes of pods": Difference(
        gcp=frozenset({"backup volumes"}),
        page="https://cloud.google.com/kubernetes-engine/docs/add-on/backup-for-gke/concepts/"
        "backup-for-gke",
    ),
    "who pulls from an upstream is one secret, or a name and a secret": Difference(
        aws=frozenset({"key images.credentials"}),
        gcp=frozenset({"key images.credentials.password", "key images.credentials.username"}),
        page="https://cloud.google.com/artifact-registry/docs/repositories/configure-remote-auth",
    ),
    "an account is no project, and is entered by a role": Difference(
        aws=frozenset(
            {
                "key account_id",
                "key assume_role",
                "key iam.path",
                "key iam.permissions_boundary",
            }
        ),
        gcp=frozenset({"key impersonate", "key project", "key project_number"}),
        page="https://cloud.google.com/docs/get-started/aws-azure-gcp-service-comparison",
    ),
}


def has(stack: str) -> Iterator[str]:
    """Return what a stack is made of, in words that do not name its cloud."""
    yield from planned(plan(CONFIGS[stack].request()))
    yield from made(rendered(stack).recording)


def planned(decided: PlatformPlan) -> Iterator[str]:
    """Return what a plan is made of."""
    yield from (f"service {one.name}" for one in decided.services)
    yield from (f"helper {one.name}" for one in decided.helpers)
    yield from (f"pool {one.role}" for one in decided.node_pools)
    yield from (f"namespace {one.role}" for one in decided.namespaces)
    yield from (f"bucket {one.name}" for one in decided.buckets)
    yield from (f"key of {one.name}" for one in decided.keys)
    yield from (f"cache {one.role}" for one in decided.caches)
    yield from (f"backup {one}" for one, _ in decided.backups.mechanisms)


def made(recorded: Recording) -> Iterator[str]:
    """Return the components and exports of a stack."""
    for one in recorded.resources:
        if one.type.startswith("aigw:"):
            name = one.type.rpartition(":")[2]
            yield f"component {TWINS.get(name, name)}"
    yield from (f"export {one}" for one in recorded.exports)


@functools.cache
def every_part(cloud: Cloud) -> frozenset[str]:
    """Return what a stack is made of that has every part switched on."""
    file = written_stack(cloud, "large", platform(cloud))
    decided = plan(load(file).request())
    return frozenset((*planned(decided), *made(of_file(file).recording)))


def keys(model: type[pydantic.BaseModel], before: str = "") -> Iterator[str]:
    """Return the keys of a stack file that hold no keys themselves."""
    for name, field in model.model_fields.items():
        inside = [one for one in _types(field.annotation) if issubclass(one, pydantic.BaseModel)]
        for one in inside:
            yield from keys(one, f"{before}{name}.")
        if not inside:
            yield f"key {before}{name}"


def _types(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for one in typing.get_args(annotation):
        yield from _types(one)


@functools.cache
def differences() -> tuple[frozenset[str], frozenset[str]]:
    """Return what AWS alone has and what Google Cloud alone has, over all stacks that are twins.

    One that both clouds have in some tier is on both: what a tier lacks, its bill and tables say.
    """
    found = {cloud: {*keys(CLOUDS[cloud]), *every_part(cloud)} for cloud in Cloud}
    for cloud, stack in twins():
        found[cloud] |= set(has(stack))
    aws, gcp = found[Cloud.AWS], found[Cloud.GCP]
    return frozenset(aws - gcp), frozenset(gcp - aws)


def twins() -> Iterator[tuple[Cloud, str]]:
    """Return the stacks that stand here for both clouds."""
    for name, config in CONFIGS.items():
        if config.cloud is Cloud.GCP:
            yield Cloud.GCP, name
            yield Cloud.AWS, name.removesuffix("-gcp")


def test_what_only_one_cloud_has_is_little_and_known() -> None:
    aws, gcp = differences()
    assert aws == frozenset().union(*(one.aws for one in ALLOWED.values()))
    assert gcp == frozenset().union(*(one.gcp for one in ALLOWED.values()))
    assert len(ALLOWED) <= MOST


@pytest.mark.parametrize("why", ALLOWED)
def test_each_difference_has_its_vendors_page_and_stands_once(why: str) -> None:
    allowed = ALLOWED[why]
    assert allowed.aws or allowed.gcp
    assert allowed.page.startswith(("https://cloud.google.com/", "https://docs.aws.amazon.com/"))
    others = [one for name, one in ALLOWED.items() if name != why]
    assert not any(allowed.aws & one.aws or allowed.gcp & one.gcp for one in others)


def test_a_part_that_goes_missing_on_one_cloud_is_seen() -> None:
    aws, gcp = differences()
    both = set(has("prod-small-gcp")) - gcp
    assert {"service litellm", "component Ingress", "component Vault", "bucket backups"} <= both
    assert not both & aws
