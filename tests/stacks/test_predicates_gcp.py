"""Every stack on Google Cloud is encrypted, private, labelled, protected, least-privileged.

As `test_predicates` for AWS: each predicate has mutants, real stacks with one property spoiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from preview.offline.capture import Resource
from sizing.model import Json
from sizing.words import Cloud, Environment
from tests.components.clouds.words import ENCRYPTED, HOLDS_DATA
from tests.stacks import predicates_gcp as predicates
from tests.stacks.manifests import CONFIGS, STACKS, rendered
from tests.stacks.test_predicates import spoiled

pytestmark = pytest.mark.one_cloud(
    Cloud.GCP, "resources of Google Cloud; test_predicates is the other"
)

ON_GOOGLE = [name for name in STACKS if CONFIGS[name].cloud is Cloud.GCP]
PROD = "prod-large-gcp"

Predicate = Callable[[Sequence[Resource]], Iterator[str]]
EVERYWHERE: tuple[Predicate, ...] = (
    predicates.unencrypted,
    predicates.public,
    predicates.unlabelled,
    predicates.too_wide,
)


def resources(stack: str) -> tuple[Resource, ...]:
    return rendered(stack).recording.resources


@pytest.mark.parametrize("stack", ON_GOOGLE)
@pytest.mark.parametrize("predicate", EVERYWHERE, ids=lambda one: one.__name__)
def test_nothing_breaks_the_rule(stack: str, predicate: Predicate) -> None:
    assert predicates.ours(resources(stack))
    assert list(predicate(resources(stack))) == []


@pytest.mark.parametrize("stack", ON_GOOGLE)
def test_data_is_protected_in_prod_and_only_there(stack: str) -> None:
    if CONFIGS[stack].environment is Environment.PROD:
        assert list(predicates.unprotected(resources(stack))) == []
    else:
        assert [one.urn for one in resources(stack) if one.protect] == []


KINDS = {one.type for one in predicates.ours(resources(PROD))}
BUCKET = "gcp:storage/bucket:Bucket"
CLUSTER = "gcp:container/cluster:Cluster"
SERVER = "gcp:sql/databaseInstance:DatabaseInstance"
RIGHT = "gcp:projects/iAMMember:IAMMember"
SECRET_RIGHT = "gcp:secretmanager/secretIamMember:SecretIamMember"
MUTANTS: list[tuple[Predicate, str, str, Json]] = [
    (predicates.public, SERVER, "settings.ipConfiguration.ipv4Enabled", True),
    (predicates.public, CLUSTER, "privateClusterConfig.enablePrivateNodes", False),
    (predicates.public, CLUSTER, "masterAuthorizedNetworksConfig.cidrBlocks", []),
    (predicates.public, BUCKET, "publicAccessPrevention", "inherited"),
    (predicates.public, BUCKET, "uniformBucketLevelAccess", False),
    (predicates.public, SECRET_RIGHT, "member", "allUsers"),
    (predicates.unlabelled, BUCKET, "labels", {"environment": "prod"}),
    (predicates.unlabelled, SERVER, "settings.userLabels", None),
    (predicates.too_wide, RIGHT, "role", "roles/owner"),
    (predicates.too_wide, RIGHT, "role", "roles/storage.admin"),
    (predicates.too_wide, SECRET_RIGHT, "role", "roles/editor"),
    *(
        (predicates.unencrypted, kind, path, None)
        for kind in sorted(KINDS)
        for path in ENCRYPTED.get(kind, ())
        # its key stands in a list, whose whole is another case's
        if "replicas" not in path and kind != SERVER
    ),
    *(
        (predicates.unprotected, kind, path, False)
        for kind in sorted(KINDS)
        for path in HOLDS_DATA.get(kind, ())
    ),
]


@pytest.mark.parametrize(("predicate", "kind", "path", "value"), MUTANTS)
def test_a_spoiled_resource_is_seen(
    predicate: Predicate, kind: str, path: str, value: Json
) -> None:
    assert list(predicate(spoiled(kind, path, value, resources(PROD))))


@pytest.mark.parametrize("kind", sorted(KINDS & ENCRYPTED.keys()))
def test_a_key_that_is_not_the_stack_s_is_seen(kind: str) -> None:
    foreign = tuple(
        replace(one, property_dependencies={}) if one.type == kind else one
        for one in resources(PROD)
    )
    assert list(predicates.unencrypted(foreign))


@pytest.mark.parametrize("kind", sorted(KINDS & HOLDS_DATA.keys()))
def test_an_unprotected_store_is_seen(kind: str) -> None:
    bare = tuple(
        replace(one, protect=False) if one.type == kind else one for one in resources(PROD)
    )
    assert list(predicates.unprotected(bare))
