"""The stack file as a JSON Schema, for completion and marks in editors."""

from __future__ import annotations

from typing import Any, Final

from sizing.words import Cloud
from stacks.config_clouds import CLOUDS
from stacks.config_errors import PLATFORM
from stacks.config_model import StackConfig
from stacks.config_secrets import AGENT_ROUTER, AGENT_ROUTER_PATTERN, KNOWN, set_with
from stacks.config_sharing import KEY, OF_THE_HOST
from stacks.stack_file import REGION_KEYS

SCHEMA_ID: Final = "https://json-schema.org/draft/2020-12/schema"
_REGION: Final = {
    "type": "string",
    "description": "for other tools; repeats the platform's region",
}
_SECURE: Final = {
    "type": "object",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
}


def _secret(key: str) -> dict[str, Any]:
    described = f"written by {set_with(key)}"
    return {**_SECURE, "description": described}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a whole stack file."""
    definitions: dict[str, Any] = {}
    for kind in CLOUDS.values():
        definitions |= _platform(kind)
    return {
        "$schema": SCHEMA_ID,
        "title": "Stack file of the AI gateway platform",
        "description": "stacks/Pulumi.<environment>-<tier>.yaml, on Google Cloud with -gcp behind "
        "the tier",
        "type": "object",
        "additionalProperties": False,
        "required": ["config"],
        "properties": {
            "config": {
                "type": "object",
                "additionalProperties": False,
                "required": [PLATFORM],
                "properties": {
                    PLATFORM: _by_cloud(),
                    **dict.fromkeys(REGION_KEYS, _REGION),
                    "pulumi:tags": {
                        "type": "object",
                        "description": "labels of the stack in Pulumi itself",
                        "additionalProperties": {"anyOf": [{"type": "string"}, _SECURE]},
                    },
                    **{key: _secret(key) for key in KNOWN},
                },
                "patternProperties": {
                    f"^{AGENT_ROUTER_PATTERN}$": _secret(f"{AGENT_ROUTER}<name>")
                },
            },
            "secretsprovider": {
                "type": "string",
                "description": "who encrypts secrets in the state (awskms://...)",
            },
            "encryptedkey": {"type": "string", "description": "written by Pulumi"},
            "encryptionsalt": {"type": "string", "description": "written by Pulumi"},
            "environment": {
                "type": ["array", "object"],
                "description": "Pulumi ESC environments to import",
            },
        },
        "$defs": dict(sorted(definitions.items())),
    }


def _by_cloud() -> dict[str, Any]:
    """Return the platform's schema: editors then mark what is wrong on the cloud that is said."""
    said = {"properties": {"cloud": {"const": str(Cloud.GCP)}}, "required": ["cloud"]}
    one, other = ({"$ref": f"#/$defs/{CLOUDS[cloud].__name__}"} for cloud in (Cloud.GCP, Cloud.AWS))
    return {"if": said, "then": one, "else": other}


def _platform(kind: type[StackConfig]) -> dict[str, Any]:
    """Return the definitions of a cloud's stacks, and of their parts."""
    platform = kind.model_json_schema(ref_template="#/$defs/{model}")
    definitions = platform.pop("$defs")
    # a guest of a cluster has them from its host's file
    platform["required"] = [one for one in platform["required"] if one not in OF_THE_HOST]
    platform["anyOf"] = [{"required": [*OF_THE_HOST]}, {"required": [KEY]}]
    return {**definitions, kind.__name__: platform}
