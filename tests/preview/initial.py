"""`aigw init` in a folder of a test's own: what every stack must say, in flags."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from preview.cli import main
from sizing.words import Cloud
from stacks.config import FOLDER, StackConfig, load, stack_path
from stacks.config_model import stack_name

ACCOUNT, PROJECT = "210987654321", "acme-aigw"
REACH, ADMINISTRATOR = "198.18.0.7/32", f"arn:aws:iam::{ACCOUNT}:role/platform-admin"
NEEDED: Mapping[Cloud, Mapping[str, str]] = {
    Cloud.AWS: {"--account": ACCOUNT, "--reach": REACH, "--administrators": ADMINISTRATOR},
    Cloud.GCP: {
        "--project": PROJECT,
        "--project-number": ACCOUNT,
        "--reach": REACH,
        "--administrators": "group:platform@example.com",
    },
}
"""What has no default."""


def root(folder: Path, *examples: str) -> Path:
    """Make a project's folder that holds these of the repository's stacks."""
    (folder / "stacks").mkdir()
    for stack in examples:
        shutil.copy(stack_path(stack, FOLDER), folder / "stacks")
    return folder


def flags(cloud: Cloud, **other: str | None) -> list[str]:
    """Return what a stack must say, with more or other values; None takes one out."""
    said = {**NEEDED[cloud], **{f"--{key.replace('_', '-')}": one for key, one in other.items()}}
    return [word for key, one in said.items() if one is not None for word in (key, one)]


def init(folder: Path, *arguments: str) -> int:
    """Run the verb there and return its exit code."""
    return main(["init", *arguments, "--root", str(folder)])


def config(folder: Path, stack: str) -> StackConfig:
    """Return what a stack's file there says."""
    return load(stack_path(stack, folder / "stacks"))


def document(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> Any:  # noqa: ANN401  # JSON
    """Return what the verb writes as JSON; it must end well."""
    assert init(folder, *arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


def names(cloud: Cloud) -> list[str]:
    """Return the name of every stack that a cloud may have."""
    from sizing.words import Environment, Tier

    return [stack_name(one, tier, cloud) for one in Environment for tier in Tier]
