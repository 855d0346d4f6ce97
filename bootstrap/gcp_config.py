"""The typed config of a Google Cloud project's bootstrap, as strict as a stack's."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

from pydantic import Field, ValidationError

from bootstrap.config import Issuer
from stacks.config_errors import ConfigError
from stacks.config_gcp import LabelValue, Member, ProjectId, ProjectNumber
from stacks.config_model import Strict
from stacks.config_translate import problems
from stacks.config_values import matching

KEY: Final = "aigw-bootstrap:project"

Subject = Annotated[
    # google.subject: at most 127 characters (pulumi-gcp, WorkloadIdentityPoolProvider); a quote
    # would end the text of the condition that it stands in
    str,
    matching(r"[^*?\s'\\]{1,127}", "whole subjects without wildcards, at most 127 characters"),
]


class FederationConfig(Strict):
    """Who deploys without a stored key: workflows that an issuer vouches for."""

    issuer: Issuer = Field(description="host of the OIDC issuer")
    deploy_subjects: tuple[Subject, ...] = Field(
        min_length=1, description="subjects that may deploy, whole and without wildcards"
    )
    preview_subjects: tuple[Subject, ...] = Field(
        default=(), description="subjects that may read the state, for previews"
    )


class ProjectConfig(Strict):
    """One project before its first stack."""

    project_id: ProjectId = Field(description="id of the project, which holds the platform alone")
    project_number: ProjectNumber = Field(description="the project's number, in quotes")
    region: str = Field(description="region of the state bucket and of the stacks")
    cost_center: LabelValue = Field(description="value of the cost-centre label")
    operators: tuple[Member, ...] = Field(
        min_length=2, description="at least two IAM members that may deploy by hand"
    )
    oidc: FederationConfig = Field(description="who deploys without a stored key")


def parse(text: str, file: str) -> ProjectConfig:
    """Read the project's config as the engine hands it over, JSON.

    Raises:
        ConfigError: with every problem, one line each.
    """
    try:
        return ProjectConfig.model_validate_json(text)
    except ValidationError as error:
        found = problems(error, ProjectConfig)
        inside = [replace(one, path=f":{KEY}.{one.path}".rstrip(".")) for one in found]
        raise ConfigError(one.line(file) for one in inside) from error
