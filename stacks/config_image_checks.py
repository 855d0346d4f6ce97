"""What keys of a stack's config say together of the registry that images come through.

What differs stands in one class for each cloud; the checks are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, Protocol, get_args

from sizing.words import Cloud
from stacks.config_apps import Upstream
from stacks.config_errors import Problem, shown
from stacks.config_facts import Facts


class _Registry(Protocol):
    """What a cloud has of its own."""

    owner_key: str
    """Key of the account or project."""
    needed: str
    """Why every upstream needs credentials, "" where none does."""

    def own(self, owner: str, region: str) -> tuple[str, str]:
        """Return the pattern of the owner's registry, and what it is in words."""

    def foreign(self, facts: Facts, path: str, owner: str, region: str) -> tuple[str, str] | None:
        """Return what is found of credentials that are not the stack's, and what may be there."""


class _Ecr:
    """The registry of an account and region, which reads two upstreams with credentials alone."""

    owner_key = "account_id"
    needed = "the ARN of a secret: ECR reads this upstream with credentials alone"

    def own(self, owner: str, region: str) -> tuple[str, str]:
        """Return the one name that it has."""
        name = f"{owner}.dkr.ecr.{region}.amazonaws.com"
        return re.escape(name), f'"{name}", where the rules are created'

    def foreign(self, facts: Facts, path: str, owner: str, region: str) -> tuple[str, str] | None:
        """Return whose the secret is where it is another's."""
        arn = facts.text(path)
        if arn is None:
            return None
        _, _, _, of_region, of_account, *_ = arn.split(":")
        if (of_region, of_account) == (region, owner):
            return None
        return (
            f"a secret of account {of_account} in {of_region}",
            f"one of the stack's account {owner} in {region}",
        )


class _ArtifactRegistry:
    """Repositories of a project and region, whose names begin alike."""

    owner_key = "project"
    needed = ""

    def own(self, owner: str, region: str) -> tuple[str, str]:
        """Return the names that its repositories may begin with."""
        place = f"{region}-docker.pkg.dev/{owner}/"
        # Artifact Registry, repositoryId: 63 characters with the upstream's name behind it
        return (
            re.escape(place) + "[a-z]([a-z0-9-]{0,50}[a-z0-9])?",
            f'"{place}<name>", where the repositories are created',
        )

    def foreign(self, facts: Facts, path: str, owner: str, region: str) -> tuple[str, str] | None:
        """Return whose the secret is where it is another's; a secret is a project's."""
        del region
        version = facts.text(f"{path}.password")
        if version is None:
            return None
        of_project = version.split("/")[1]
        if of_project == owner:
            return None
        return f"a secret of project {of_project}", f"one of the stack's project {owner}"


_REGISTRIES: Final[Mapping[Cloud, _Registry]] = MappingProxyType(
    {Cloud.AWS: _Ecr(), Cloud.GCP: _ArtifactRegistry()}
)


def check_images(facts: Facts) -> Iterator[Problem]:
    """Return every problem of the registry, of what fills it and of who opens its upstreams."""
    said = facts.text("cloud") or ("" if "cloud" in facts.bad else Cloud.AWS)
    if said not in list(Cloud):
        return
    registry = _REGISTRIES[Cloud(said)]
    given = facts.mapping("images.credentials")
    if facts.value("images.mirror") is True:
        yield from _own(facts, registry)
        yield from _missing(facts, registry, given)
    elif given and facts.value("images") is not None:
        yield Problem(
            path="images.credentials",
            found="credentials without mirror: true",
            allowed="none: nothing would read them",
        )
    yield from _foreign(facts, registry, given)


def _missing(facts: Facts, registry: _Registry, given: Mapping[str, object]) -> Iterator[Problem]:
    if not registry.needed or any(bad.startswith("images.credentials") for bad in facts.bad):
        return
    for upstream in get_args(Upstream):
        if upstream not in given:
            yield Problem(
                path=f"images.credentials.{upstream}",
                found="nothing beside mirror: true",
                allowed=registry.needed,
            )


def _own(facts: Facts, registry: _Registry) -> Iterator[Problem]:
    owner, region = facts.text(registry.owner_key), facts.text("region")
    if owner is None or region is None or "images.registry" in facts.bad:
        return
    name = facts.text("images.registry") or None
    pattern, words = registry.own(owner, region)
    if name is None or not re.fullmatch(pattern, name):
        yield Problem(
            path="images.registry", found=f"{shown(name)} beside mirror: true", allowed=words
        )


def _foreign(facts: Facts, registry: _Registry, given: Mapping[str, object]) -> Iterator[Problem]:
    owner, region = facts.text(registry.owner_key), facts.text("region")
    if owner is None or region is None:
        return
    for upstream in given:
        path = f"images.credentials.{upstream}"
        wrong = registry.foreign(facts, path, owner, region)
        if wrong is not None:
            found, allowed = wrong
            yield Problem(path=path, found=found, allowed=allowed)
