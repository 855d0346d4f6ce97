"""What the pages show of a stack file is taken by the config, written into the stack that it is of.

A block of YAML is merged into a stack file: the one that its environment and tier name, else
prod-large. Images without a digest, secrets that are named and accounts of documentation are no
matter of the file's form. A block of the bootstrap is merged into one of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
import yaml

from bootstrap.config import AccountConfig
from bootstrap.config import parse as parse_account
from preview.docs import console
from preview.docs.markdown import Block
from stacks.config import parse, stack_path
from stacks.config_aws import AwsConfig
from tests.docs import pages

BASE = "prod-large"
PLATFORM = "aigw:platform"
BOOTSTRAP = console.ROOT / "bootstrap"
ACCOUNT = AccountConfig.model_fields.keys() - AwsConfig.model_fields.keys()
"""Keys that the bootstrap's file alone has."""
FILLED = {
    "<account>": "123456789012",
    "<what operators and workflows come from>": "203.0.113.7",
    "@sha256:...": f"@sha256:{'0' * 64}",
}
"""What stands in, in this test, for what a reader puts in."""


def merged(one: object, other: object) -> object:
    """Return a value with another's keys in it, part by part."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return {key: merged(one.get(key), other.get(key, one.get(key))) for key in {**one, **other}}
    return other


def shown(block: Block) -> dict[str, object]:
    """Return what a block holds of `aigw:platform`."""
    text = "\n".join(block.lines)
    for hole, value in FILLED.items():
        text = text.replace(hole, value)
    held = yaml.safe_load(text)
    assert isinstance(held, dict)
    own = held["config"][PLATFORM] if "config" in held else held
    assert isinstance(own, dict)
    return own


@pytest.mark.parametrize(
    "block", [pytest.param(one, id=place) for place, one in pages.found() if one.kind == "yaml"]
)
def test_a_stack_takes_it(block: Block) -> None:
    own = shown(block)
    if ACCOUNT & set(own):
        account = yaml.safe_load((BOOTSTRAP / "Pulumi.nonprod.yaml").read_text(encoding="utf-8"))
        parse_account(json.dumps(merged(account["config"]["aigw-bootstrap:account"], own)), "")
        return
    stack = f"{own['environment']}-{own['tier']}" if "tier" in own else BASE
    file = yaml.safe_load(stack_path(stack).read_text(encoding="utf-8"))
    file["config"][PLATFORM] = merged(file["config"][PLATFORM], own)
    parse(yaml.safe_dump(file), f"Pulumi.{stack}.yaml")
