"""Which class of config a stack has, by its cloud, and what only the other cloud's has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sizing.words import Cloud
from stacks.config_aws import AwsConfig
from stacks.config_errors import Problem, shown, words
from stacks.config_gcp import GcpConfig
from stacks.config_model import StackConfig

CLOUDS: Final[Mapping[Cloud, type[StackConfig]]] = MappingProxyType(
    {Cloud.AWS: AwsConfig, Cloud.GCP: GcpConfig}
)
OWNER_KEYS: Final[Mapping[Cloud, str]] = MappingProxyType(
    {Cloud.AWS: "account_id", Cloud.GCP: "project"}
)
"""Key that says whose the stack's resources are."""


def class_of(raw: Mapping[str, object] | None) -> type[StackConfig]:
    """Return the class that a stack's values are judged by; AWS' where no cloud is known."""
    said = None if raw is None else raw.get("cloud")
    return CLOUDS[Cloud.GCP if said == Cloud.GCP else Cloud.AWS]


def in_words_of_clouds(problem: Problem, judged_by: type[StackConfig]) -> Problem:
    """Return a problem that tells of the clouds what the one class cannot know of the others."""
    if problem.path == "cloud":
        return Problem(
            path=problem.path,
            found=problem.found,
            allowed=words([f'"{one}"' for one in CLOUDS]),
        )
    elsewhere = [cloud for cloud, kind in CLOUDS.items() if problem.path in kind.model_fields]
    if problem.path in judged_by.model_fields or not elsewhere:
        return problem
    own = next(cloud for cloud, kind in CLOUDS.items() if kind is judged_by)
    return Problem(
        path=problem.path,
        found=f"a key of cloud {words([shown(str(one)) for one in elsewhere])}",
        allowed=f'nothing: this stack\'s cloud is "{own}", whose keys are '
        + words(sorted(judged_by.model_fields.keys() - StackConfig.model_fields.keys()), "and"),
    )
