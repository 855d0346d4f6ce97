"""Every image comes through the project's registry, which only nodes read."""

from __future__ import annotations

import pytest

from components.gcp.key_grants import agent
from components.gcp.registry import Login, Registry, RegistryArgs, registry_host
from components.kubernetes.images import UPSTREAMS, parts, unmirrored
from sizing.versions import IMAGES
from tests.components.gcp import samples
from tests.components.support import Recorder, Registered, children_of, record

COMPONENT = "aigw:gcp:Registry"
NODES = f"nodes@{samples.PROJECT}.iam.gserviceaccount.com"
PASSWORD = f"projects/{samples.PROJECT}/secrets/hub/versions/1"
HOST = f"{samples.REGION}-docker.pkg.dev/{samples.PROJECT}/images"
BUILT: list[Registry] = []


def deploy(logins: dict[str, Login] | None = None) -> Recorder:
    args = RegistryArgs(
        project=samples.PROJECT,
        project_number=samples.PROJECT_NUMBER,
        region=samples.REGION,
        prefix="images",
        logins=logins or {},
        node_service_account=NODES,
        labels=samples.LABELS,
    )
    BUILT.clear()
    return record(lambda: BUILT.append(Registry("registry", args)))


def repositories(recorder: Recorder) -> dict[str, Registered]:
    return {one.inputs["repositoryId"]: one for one in recorder.all("Repository")}


def test_each_upstream_has_a_repository_that_reads_from_it() -> None:
    found = {
        name: one.inputs["remoteRepositoryConfig"].get("commonRepository", {}).get("uri")
        for name, one in repositories(deploy()).items()
    }
    assert found == {
        "images-docker-hub": None,
        "images-ecr-public": "https://public.ecr.aws",
        "images-ghcr": "https://ghcr.io",
        "images-k8s": "https://registry.k8s.io",
        "images-nvcr": "https://nvcr.io",
        "images-quay": "https://quay.io",
    }


def test_docker_hub_is_named_as_the_service_names_it() -> None:
    hub = repositories(deploy())["images-docker-hub"].inputs["remoteRepositoryConfig"]
    assert hub["dockerRepository"] == {"publicRepository": "DOCKER_HUB"}


def test_repositories_only_mirror_images() -> None:
    kinds = {(one.inputs["format"], one.inputs["mode"]) for one in deploy().all("Repository")}
    assert kinds == {("DOCKER", "REMOTE_REPOSITORY")}


@pytest.mark.parametrize("image", sorted(IMAGES))
def test_an_image_s_name_leads_to_a_repository_of_its_upstream(image: str) -> None:
    recorder = deploy()
    assert BUILT[0].host == HOST
    assert unmirrored(HOST) == ()
    found = parts(image, HOST)
    host, _, path = f"{found.host}/{found.path}".partition("/")
    assert host == f"{samples.REGION}-docker.pkg.dev"
    project, repository = path.split("/")[:2]
    assert (project, repository in repositories(recorder)) == (samples.PROJECT, True)
    upstream = UPSTREAMS[IMAGES[image].repository.partition("/")[0]]
    assert repository == f"images-{upstream}"


def test_nodes_read_each_repository_and_nobody_reads_the_project() -> None:
    recorder = deploy()
    rights = recorder.all("RepositoryIamMember")
    assert len(rights) == len(recorder.all("Repository")) == len(UPSTREAMS)
    assert {(one.inputs["role"], one.inputs["member"]) for one in rights} == {
        ("roles/artifactregistry.reader", f"serviceAccount:{NODES}")
    }
    assert {type(one).__name__ for one in BUILT[0].ready} == {"RepositoryIamMember"}


def test_a_login_s_password_stays_in_its_secret() -> None:
    recorder = deploy({"docker-hub": Login(username="pulls", password=PASSWORD)})
    with_login = {
        name: one.inputs["remoteRepositoryConfig"]["upstreamCredentials"]
        for name, one in repositories(recorder).items()
        if "upstreamCredentials" in one.inputs["remoteRepositoryConfig"]
    }
    assert with_login == {
        "images-docker-hub": {
            "usernamePasswordCredentials": {
                "username": "pulls",
                "passwordSecretVersion": PASSWORD,
            }
        }
    }


def test_the_service_may_read_a_login_s_secret_before_it_does_and_no_other() -> None:
    recorder = deploy({"docker-hub": Login(username="pulls", password=PASSWORD)})
    right = recorder.one("SecretIamMember")
    assert right.inputs == {
        "secretId": f"projects/{samples.PROJECT}/secrets/hub",
        "role": "roles/secretmanager.secretAccessor",
        "member": agent("artifactregistry", samples.PROJECT_NUMBER),
    }
    assert right.urn in recorder.one("Repository", "registry-docker-hub").depends_on
    assert deploy().all("SecretIamMember") == []


def test_a_login_for_no_upstream_is_refused() -> None:
    with pytest.raises(ValueError, match="logins for hub, which no image comes from"):
        deploy({"hub": Login(username="pulls", password=PASSWORD)})


def test_a_prefix_that_gives_no_name_is_refused() -> None:
    with pytest.raises(ValueError, match="is no registry"):
        registry_host(samples.REGION, samples.PROJECT, "Images_1")


def test_everything_stands_below_the_component_with_its_labels() -> None:
    recorder = deploy()
    assert children_of(recorder, COMPONENT) == [one for one in recorder.resources if one.custom]
    expected = {**samples.LABELS, "component": "registry"}
    assert samples.unlabelled(recorder, COMPONENT, expected) == []
