"""What must hold of every resource of every stack on Google Cloud; twins of `predicates`.

Which inputs say it stands once, beside what components are asked on either cloud.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from components.naming import component_word
from preview.offline.capture import Resource
from tests.components.clouds import invariants
from tests.components.clouds.words import ENCRYPTED, HOLDS_DATA, KEYS, LABELS, at, takes_labels
from tests.stacks.predicates import TAGS

INGRESS = "aigw:gcp:Ingress"
BROAD = ("roles/owner", "roles/editor", "roles/viewer", "roles/iam.serviceAccountTokenCreator")
"""Roles that nothing here is given: they open a whole project, or let one act as another."""
OF_PROJECT: Mapping[str, str] = {
    "roles/container.admin": "administrators of the cluster, whom the config names",
    "roles/container.defaultNodeServiceAccount": "what GKE asks for of the account of its nodes",
}
"""Roles that Google Cloud grants on a project alone, and to whom; a platform's own roles likewise.
All others are granted on the one thing that they are for."""


def ours(resources: Sequence[Resource]) -> list[Resource]:
    return [one for one in resources if one.custom and one.type.startswith("gcp:")]


def unencrypted(resources: Sequence[Resource]) -> Iterator[str]:
    """Yield each store, disk, log and secret that is not encrypted with a key of the stack."""
    keys = {one.urn for one in resources if one.type in KEYS}
    for one in ours(resources):
        for path in ENCRYPTED.get(one.type, ()):
            used = keys.intersection(one.property_dependencies.get(path.partition(".")[0], ()))
            without = invariants.under_no_key_of_its_own(one)
            if not without and (not used or at(one.inputs, path) in (None, "")):
                yield f"{one.urn}: {path}"


def public(resources: Sequence[Resource]) -> Iterator[str]:
    """Yield whatever the internet can reach but the way in, at its own ports."""
    parents = {one.urn: one.type for one in resources}
    doors = [one for one in ours(resources) if parents.get(one.parent) == INGRESS]
    rest = [one for one in ours(resources) if parents.get(one.parent) != INGRESS]
    yield from invariants.open_to_the_world(doors, way_in=True)
    yield from invariants.open_to_the_world(rest)


def unlabelled(resources: Sequence[Resource]) -> Iterator[str]:
    """Yield each resource that takes labels, without the four that bills and alarms group by."""
    parents = {one.urn: component_word(one.type) for one in resources if not one.custom}
    for one in ours(resources):
        rows = [found for path in LABELS if isinstance(found := at(one.inputs, path), dict)]
        said = [row for row in rows if row.keys() >= TAGS]
        whose = {row["component"] for row in said}
        if takes_labels(one.type) and whose != {parents.get(one.parent)}:
            yield f"{one.urn}: {rows}"


def unprotected(resources: Sequence[Resource]) -> Iterator[str]:
    """Yield each resource with data in it that `pulumi destroy` or its service would take."""
    kinds = [one for one in ours(resources) if one.type in HOLDS_DATA]
    return invariants.wrongly_protected(kinds, protect=True)


def too_wide(resources: Sequence[Resource]) -> Iterator[str]:
    """Yield each right on more than the one thing that it is for."""
    for one in ours(resources):
        role = str(one.inputs.get("role", ""))
        if role in BROAD:
            yield f"{one.urn}: {role}"
        own = role.startswith("projects/")
        if one.type.startswith("gcp:projects/") and role and role not in OF_PROJECT and not own:
            yield f"{one.urn}: {role} on the whole project"
