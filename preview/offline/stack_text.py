"""A stack's file as the engine would read it: its name, its project, its configuration."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from preview.offline.serialize import SECRET

STACK_FILE = re.compile(r"^Pulumi\.(?P<stack>[^.]+)\.ya?ml$")


def project_of(stack_file: Path) -> Path:
    """Return the Pulumi.yaml above a stack file.

    Raises:
        FileNotFoundError: there is none.
    """
    for folder in stack_file.resolve().parents:
        if (folder / "Pulumi.yaml").is_file():
            return folder / "Pulumi.yaml"
    raise FileNotFoundError(f"no Pulumi.yaml above {stack_file}")


def stack_name(stack_file: Path) -> str:
    """Return the stack that a file configures.

    Raises:
        ValueError: the file is not named Pulumi.<stack>.yaml.
    """
    found = STACK_FILE.match(stack_file.name)
    if found is None:
        raise ValueError(f"{stack_file.name}: a stack file is named Pulumi.<stack>.yaml")
    return found["stack"]


def configuration(project_file: Path, stack_file: Path) -> tuple[dict[str, str], list[str]]:
    """Return the program's configuration as the engine hands it over, and its secret keys.

    A value is text: a map or a list is its JSON. A secret is encrypted for the engine alone, so
    its text is the sentinel and its key is marked secret.
    """
    declared = yaml.safe_load(project_file.read_text()).get("config") or {}
    project = {
        key: value["value"]
        for key, value in declared.items()
        if isinstance(value, dict) and "value" in value
    }
    own = (yaml.safe_load(stack_file.read_text()) or {}).get("config") or {}
    merged = {**project, **own}
    secret = sorted(key for key, value in merged.items() if has_secret(value))
    return {
        str(key): SECRET if key in secret else text(merged[key]) for key in sorted(merged)
    }, secret


def has_secret(value: object) -> bool:
    """Say whether a value of a stack file is encrypted, itself or anywhere inside."""
    if isinstance(value, dict):
        return set(value) == {"secure"} or any(has_secret(item) for item in value.values())
    return isinstance(value, list) and any(has_secret(item) for item in value)


def text(value: object) -> str:
    """Return a YAML value as configuration text."""
    return value if isinstance(value, str) else json.dumps(value, default=str)
