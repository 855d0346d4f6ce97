"""Every image comes through the platform's own registry, as far as it reads the image's home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from components.aws.registry import Registry as AwsRegistry
from components.gcp.registry import Login
from components.gcp.registry import Registry as GcpRegistry
from components.kubernetes.images import parts, unmirrored
from sizing.versions import IMAGES
from sizing.words import Cloud
from tests.components.aws import make_edge as aws
from tests.components.gcp import make_edge as gcp
from tests.components.gcp import samples
from tests.components.support import ACCOUNT, REGION, Recorder

HUB = "registry-1.docker.io"


def rules(recorder: Recorder) -> dict[str, str]:
    """Return what each rule of ECR reads from, by its prefix."""
    found = [one.inputs for one in recorder.all("PullThroughCacheRule")]
    return {one["ecrRepositoryPrefix"]: one["upstreamRegistryUrl"] for one in found}


def mirrors(recorder: Recorder) -> dict[str, str]:
    """Return what each repository of Artifact Registry reads from, by its name."""
    found = {}
    for one in recorder.all("Repository"):
        home = one.inputs["remoteRepositoryConfig"]
        uri = home.get("commonRepository", {}).get("uri", f"https://{HUB}")
        found[one.inputs["repositoryId"].removeprefix("images-")] = uri.removeprefix("https://")
    return found


def filled_by(recorder: Recorder) -> set[str]:
    """Return the prefixes that nodes of AWS may fill, and nothing else of the registry."""
    policy = recorder.one("RolePolicy", "nodes")
    (allowed,) = policy.document("policy")["Statement"]
    assert policy.inputs["role"] == "nodes-role"
    assert allowed["Action"] == [
        "ecr:BatchImportUpstreamImage",
        "ecr:CreateRepository",
        "ecr:TagResource",
    ]
    start = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/"
    assert all(one.startswith(start) and one.endswith("/*") for one in allowed["Resource"])
    return {one.removeprefix(start).removesuffix("/*") for one in allowed["Resource"]}


def read_by(recorder: Recorder) -> set[str]:
    """Return the repositories that nodes of Google Cloud may read, and nobody the project."""
    rights = recorder.all("RepositoryIamMember")
    assert {(one.inputs["role"], one.inputs["member"]) for one in rights} == {
        ("roles/artifactregistry.reader", f"serviceAccount:{gcp.NODES}")
    }
    assert not recorder.all("IAMMember")
    # the recorder gives a repository its logical name
    return {one.inputs["repository"].removeprefix("registry-") for one in rights}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One cloud's registry: what it mirrors, whom it lets in, and what it does without."""

    build: Callable[..., Recorder]
    host: str
    upstreams: Callable[[Recorder], Mapping[str, str]]
    nodes: Callable[[Recorder], set[str]]
    more: Mapping[str, str]
    folder: Callable[[str], str]
    ready: Mapping[str, int]
    wrong: tuple[object, str]


SIDES = {
    Cloud.AWS: Side(
        build=aws.registry,
        host=aws.HOST,
        upstreams=rules,
        nodes=filled_by,
        more={},
        folder=lambda path: path.partition("/")[0],
        ready={"PullThroughCacheRule": 5, "RolePolicy": 2},
        wrong=({"docker-hub": aws.CREDENTIALS["docker-hub"]}, r"no credentials for .*ghcr"),
    ),
    Cloud.GCP: Side(
        build=gcp.registry,
        host=gcp.HOST,
        upstreams=mirrors,
        nodes=read_by,
        more={"nvcr": "nvcr.io"},
        folder=lambda path: path.partition(f"{samples.PROJECT}/images-")[2].partition("/")[0],
        ready={"RepositoryIamMember": 6},
        wrong=(
            {"hub": Login(username="pulls", password="projects/p/secrets/hub/versions/1")},
            "logins for hub, which no image comes from",
        ),
    ),
}


@pytest.fixture(scope="module")
def side(cloud: Cloud) -> Side:
    return SIDES[cloud]


@pytest.fixture(scope="module")
def recorder(side: Side) -> Recorder:
    return side.build()


def test_each_upstream_is_mirrored_under_its_own_name(side: Side, recorder: Recorder) -> None:
    assert side.upstreams(recorder) == {
        "docker-hub": HUB,
        "ecr-public": "public.ecr.aws",
        "ghcr": "ghcr.io",
        "k8s": "registry.k8s.io",
        "quay": "quay.io",
        **side.more,
    }


def test_every_images_name_leads_to_a_mirror_of_its_home_that_nodes_may_use(
    side: Side, recorder: Recorder
) -> None:
    upstreams, allowed = side.upstreams(recorder), side.nodes(recorder)
    mirrored = sorted(set(IMAGES) - set(unmirrored(side.host)))
    assert len(mirrored) > 30
    for image in mirrored:
        found = parts(image, side.host)
        folder = side.folder(found.path)
        home = IMAGES[image].repository.partition("/")[0]
        assert found.host == side.host.partition("/")[0]
        assert upstreams[folder].endswith(home), image
        assert folder in allowed, image


def test_nodes_may_use_every_mirror_and_nothing_else(side: Side, recorder: Recorder) -> None:
    assert side.nodes(recorder) == side.upstreams(recorder).keys()


def test_pods_wait_for_mirrors_and_rights(side: Side) -> None:
    seen: list[AwsRegistry | GcpRegistry] = []
    side.build(seen=seen)
    (made,) = seen
    assert made.host == side.host
    assert Counter(type(one).__name__ for one in made.ready) == side.ready


def test_logins_that_lack_or_lead_nowhere_are_refused(side: Side) -> None:
    given, said = side.wrong
    with pytest.raises(ValueError, match=said):
        side.build(given)
