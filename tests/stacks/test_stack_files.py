"""The stack files and what describes them stay true to each other."""

from __future__ import annotations

import json
from ipaddress import IPv4Network
from itertools import combinations
from pathlib import Path

import jsonschema
import pytest
import yaml

from sizing.plan import plan
from sizing.words import Environment, Mode
from stacks.config import StackConfig, json_schema, load_all, parse, stack_files
from stacks.config_aws import AwsConfig
from stacks.config_docs import keys
from stacks.config_findings import EXAMPLE_ACCOUNTS, EXAMPLE_PROJECT
from stacks.stack_file import read

ROOT = Path(__file__).parent.parent.parent
FILES = stack_files()
CONFIGS = load_all()
PROD = ("prod-small", "prod-medium", "prod-large", "prod-enterprise")
SCHEMA = ROOT / "preview" / "schemas" / "stack.schema.json"
# what Pulumi reads of a project file: it takes any other key in silence
PROJECT_KEYS = {
    *{"name", "description", "runtime", "main", "stackConfigDir", "requiredPulumiVersion"},
    "config",
}


def test_eight_stacks_of_one_cloud_and_seven_of_the_other_are_there() -> None:
    on_both = {"dev-medium", "dev-small", "staging-medium", *PROD}
    assert set(CONFIGS) == {
        "staging-large",
        *on_both,
        *(f"{one}-gcp" for one in on_both),
    }


@pytest.mark.parametrize("stack", [one for one in CONFIGS if one.endswith("-gcp")])
def test_a_stack_says_the_same_on_the_other_cloud_but_where_it_stands(stack: str) -> None:
    one, other = CONFIGS[stack], CONFIGS[stack.removesuffix("-gcp")]
    differing = {
        name for name in StackConfig.model_fields if getattr(one, name) != getattr(other, name)
    }
    assert differing <= {
        *{"cloud", "region", "zone_ids", "network", "cluster", "ingress", "images"},
        # a provider of the cloud's own; names of secrets; a region to recover in; a guest's room
        *{"models", "services", "sizing"},
        # a host of the same cloud
        *({"shares"} if one.host and other.host and one.host.stack != other.host.stack else ()),
    }


@pytest.mark.parametrize("stack", FILES)
def test_a_stack_file_is_short_and_its_name_is_its_content(stack: str) -> None:
    text = FILES[stack].read_text()
    assert len(text.splitlines()) < 40
    assert CONFIGS[stack].stack == stack
    assert read(text).problems == ()


@pytest.mark.parametrize("stack", FILES)
def test_a_stack_file_points_to_its_schema_and_obeys_it(stack: str) -> None:
    first, *_ = FILES[stack].read_text().splitlines()
    pointer = first.removeprefix("# yaml-language-server: $schema=")
    assert (FILES[stack].parent / pointer).resolve() == SCHEMA.resolve()
    jsonschema.Draft202012Validator(json_schema()).validate(
        yaml.safe_load(FILES[stack].read_text())
    )


@pytest.mark.parametrize(
    "edit",
    [
        ("tier: large", "tier: lage"),
        ("tier: large", "teir: large"),
        ('"123456789012"', "123456789012"),
        ("config:", "confg:"),
    ],
)
def test_the_schema_sees_what_an_editor_should_mark(edit: tuple[str, str]) -> None:
    text = FILES["prod-large"].read_text()
    assert edit[0] in text
    wrong = yaml.safe_load(text.replace(*edit))
    assert not jsonschema.Draft202012Validator(json_schema()).is_valid(wrong)


def test_the_committed_schema_is_current() -> None:
    expected = json.dumps(json_schema(), indent=2) + "\n"
    assert SCHEMA.read_text() == expected, "run: make schema"
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_no_two_networks_share_an_address() -> None:
    standing = [one for one in CONFIGS.values() if not one.in_hosts_cluster]
    for one, other in combinations(standing, 2):
        assert not IPv4Network(one.network.vpc_cidr).overlaps(IPv4Network(other.network.vpc_cidr))


def test_a_guest_stands_in_its_hosts_network_and_brings_none() -> None:
    guests = [one for one in CONFIGS.values() if one.shares]
    assert [one.stack for one in guests] == ["dev-medium-gcp", "dev-medium"]
    for guest in guests:
        assert guest.host is not None
        assert guest.network == guest.host.network
        assert "vpc_cidr" not in FILES[guest.stack].read_text()


def test_each_prod_stack_has_an_account_or_project_of_its_own() -> None:
    owners = [one.owner for one in CONFIGS.values()]
    for one in CONFIGS.values():
        if one.environment is Environment.PROD:
            assert owners.count(one.owner) == 1


def test_the_examples_name_nobodys_accounts() -> None:
    for one in CONFIGS.values():
        assert one.owner in EXAMPLE_ACCOUNTS or one.owner.startswith(EXAMPLE_PROJECT)


def test_no_example_sets_by_hand_what_the_plan_decides_anyway() -> None:
    for config in CONFIGS.values():
        request = config.request()
        assert request.mode is Mode.PROVEN
        by_hand = config.sizing.overrides.model_dump(exclude_defaults=True)
        # a host makes room that costs money by hand
        assert set(by_hand) == ({"postgres"} if config.guests else set()), config.stack
        assert plan(request).request == request


@pytest.mark.parametrize("folder", ["", "bootstrap"])
def test_a_project_file_holds_only_keys_that_pulumi_reads(folder: str) -> None:
    project = yaml.safe_load((ROOT / folder / "Pulumi.yaml").read_text())
    assert set(project) <= PROJECT_KEYS
    assert project["runtime"] == {"name": "python", "options": {"toolchain": "uv"}}
    assert project["config"] == {"pulumi:disable-default-providers": {"value": ["*"]}}
    assert project["requiredPulumiVersion"].startswith(">=3.219")


def test_the_project_file_says_where_program_and_stacks_are() -> None:
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
    assert project["name"] == "aigw"
    assert (ROOT / project["main"] / "__main__.py").is_file()
    assert ROOT / project["stackConfigDir"] == FILES["dev-small"].parent


def test_every_key_is_described() -> None:
    for key in keys():
        assert key.description not in {"", "None"}


def test_the_bootstraps_boundary_is_the_one_that_the_stacks_name() -> None:
    for config in CONFIGS.values():
        if isinstance(config, AwsConfig):
            account = config.account_id
            expected = f"arn:aws:iam::{account}:policy/aigw-bootstrap/aigw-boundary"
            assert config.iam.permissions_boundary == expected, config.stack


def test_a_file_read_twice_gives_one_config() -> None:
    for stack, path in FILES.items():
        assert parse(path.read_text(), f"stacks/{path.name}") == CONFIGS[stack]
