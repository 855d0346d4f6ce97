"""What Artifact Registry alone asks of a mirror: its kind, and a login that stays a secret."""

from __future__ import annotations

import pytest

from components.gcp.key_grants import agent
from components.gcp.registry import Login, registry_host
from tests.components.gcp import samples
from tests.components.gcp.make_edge import registry as deploy
from tests.components.support import Recorder, Registered

PASSWORD = f"projects/{samples.PROJECT}/secrets/hub/versions/1"


def repositories(recorder: Recorder) -> dict[str, Registered]:
    return {one.inputs["repositoryId"]: one for one in recorder.all("Repository")}


def test_docker_hub_is_named_as_the_service_names_it() -> None:
    hub = repositories(deploy())["images-docker-hub"].inputs["remoteRepositoryConfig"]
    assert hub["dockerRepository"] == {"publicRepository": "DOCKER_HUB"}


def test_repositories_only_mirror_images() -> None:
    kinds = {(one.inputs["format"], one.inputs["mode"]) for one in deploy().all("Repository")}
    assert kinds == {("DOCKER", "REMOTE_REPOSITORY")}


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


def test_a_prefix_that_gives_no_name_is_refused() -> None:
    with pytest.raises(ValueError, match="is no registry"):
        registry_host(samples.REGION, samples.PROJECT, "Images_1")
