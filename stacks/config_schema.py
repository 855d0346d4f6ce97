"""The stack file as a JSON Schema, for completion and marks in editors."""

from __future__ import annotations

from typing import Any, Final

from stacks.config_errors import PLATFORM
from stacks.config_model import StackConfig
from stacks.config_secrets import AGENT_ROUTER, AGENT_ROUTER_PATTERN, KNOWN, set_with
from stacks.config_sharing import KEY, OF_THE_HOST

SCHEMA_ID: Final = "https://json-schema.org/draft/2020-12/schema"
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
    platform = StackConfig.model_json_schema(ref_template="#/$defs/{model}")
    definitions = platform.pop("$defs")
    # a guest of a cluster has them from its host's file
    platform["required"] = [one for one in platform["required"] if one not in OF_THE_HOST]
    platform["anyOf"] = [{"required": [*OF_THE_HOST]}, {"required": [KEY]}]
    return {
        "$schema": SCHEMA_ID,
        "title": "Stack file of the AI gateway platform",
        "description": "stacks/Pulumi.<environment>-<tier>.yaml",
        "type": "object",
        "additionalProperties": False,
        "required": ["config"],
        "properties": {
            "config": {
                "type": "object",
                "additionalProperties": False,
                "required": [PLATFORM],
                "properties": {
                    PLATFORM: {"$ref": "#/$defs/StackConfig"},
                    "aws:region": {
                        "type": "string",
                        "description": "for other tools; repeats the platform's region",
                    },
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
        "$defs": {**definitions, "StackConfig": platform},
    }
