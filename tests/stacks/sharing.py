"""A host and its guest as their files say them, written into a folder and read again."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from stacks.config import ConfigError, StackConfig, load

ACCOUNT = "210987654321"
HOST: dict[str, object] = {
    "environment": "staging",
    "tier": "medium",
    "account_id": ACCOUNT,
    "region": "us-east-1",
    "zone_ids": ["use1-az1", "use1-az2", "use1-az4"],
    "cost_center": "ai-platform",
    "network": {"vpc_cidr": "10.32.0.0/16"},
    "cluster": {
        "allow_list": ["198.18.4.10/32"],
        "admin_principals": [
            f"arn:aws:iam::{ACCOUNT}:role/platform-admin",
            f"arn:aws:iam::{ACCOUNT}:role/platform-break-glass",
        ],
    },
}
GUEST: dict[str, object] = {
    "environment": "dev",
    "tier": "medium",
    "account_id": ACCOUNT,
    "region": "us-east-1",
    "cost_center": "ai-platform",
    "shares": "staging-medium",
}


def write(folder: Path, **stacks: dict[str, object]) -> Path:
    """Write stack files, named by keyword ("dev_medium"), and return their folder."""
    home = folder / "stacks"
    home.mkdir(exist_ok=True)
    for name, platform in stacks.items():
        path = home / f"Pulumi.{name.replace('_', '-')}.yaml"
        path.write_text(yaml.safe_dump({"config": {"aigw:platform": platform}}))
    return home


def of(home: Path, stack: str) -> StackConfig:
    return load(home / f"Pulumi.{stack}.yaml")


def refusal(home: Path, stack: str = "dev-medium") -> str:
    """Return the only message of a stack that must be refused."""
    with pytest.raises(ConfigError) as caught:
        of(home, stack)
    (message,) = caught.value.messages
    return message
