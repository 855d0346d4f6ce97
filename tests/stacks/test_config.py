"""A wrong stack file gets one clear line for each thing that is wrong, and no config."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from sizing.words import Cloud
from stacks.config import ConfigError, StackConfig, load, load_all, parse, parse_platform
from stacks.config_errors import unknown_key, words
from stacks.config_facts import Facts
from stacks.stack_file import SECRET, read
from tests.stacks.stack_texts import on_aws

pytestmark = pytest.mark.one_cloud(
    Cloud.AWS, "words of AWS; test_config_clouds has those of Google Cloud"
)

STACKS = Path(__file__).parent.parent.parent / "stacks"
FILE = "stacks/Pulumi.prod-large.yaml"
GOOD = (STACKS / "Pulumi.prod-large.yaml").read_text()
OVERRIDES = "    sizing:\n      overrides:\n        "


def changed(*edits: tuple[str, str]) -> str:
    """Return the good file with each edit made; an edit that finds nothing is a broken test."""
    text = GOOD
    for old, new in edits:
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    return text


def with_lines(lines: str) -> str:
    return changed(("    network:\n", f"{lines}\n    network:\n"))


def refusal(text: str, file: str = FILE) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse(text, file)
    return caught.value.messages


# what is edited, where the one message points, what was found, part of what is allowed
BAD = {
    "unknown key": (
        [("    tier: large", "    tier: large\n    teir: large")],
        "aigw:platform.teir",
        'the unknown key "teir" (did you mean "tier"?)',
        "environment, tier, cloud",
    ),
    "name of another environment": (
        [("    tier: large", "    tier: large\n    name: dev-large")],
        "aigw:platform.name",
        '"dev-large"',
        "prod, or prod-...",
    ),
    "unknown nested key": (
        [("      vpc_cidr:", "      vpc_cdir: 10.1.0.0/16\n      vpc_cidr:")],
        "aigw:platform.network.vpc_cdir",
        'did you mean "vpc_cidr"?',
        "vpc_cidr or service_cidr",
    ),
    "sharing with another stack": (
        [("    tier: large", "    tier: large\n    shares: staging-medium")],
        "aigw:platform.shares",
        '"staging-medium" in a prod stack',
        "nothing: prod owns",
    ),
    "number for text": (
        [('"123456789012"', "123456789012")],
        "aigw:platform.account_id",
        "the number 123456789012",
        "text in quotes",
    ),
    "word outside a closed set": (
        [("    cloud: aws", "    cloud: azure")],
        "aigw:platform.cloud",
        '"azure"',
        '"aws" or "gcp"',
    ),
    "text for a list": (
        [("[use1-az1, use1-az2, use1-az4]", "use1-az1")],
        "aigw:platform.zone_ids",
        '"use1-az1"',
        "a list",
    ),
    "list for a mapping": (
        [("      vpc_cidr: 10.80.0.0/16", "      - 10.80.0.0/16")],
        "aigw:platform.network",
        "a list of 1",
        "a mapping of vpc_cidr and service_cidr",
    ),
    "missing account in prod": (
        [('    account_id: "123456789012"\n', "")],
        "aigw:platform.account_id",
        "nothing",
        "12 digits",
    ),
    "unquoted version": (
        [("cost_center: ai-platform", "cost_center: 1.30")],
        "aigw:platform.cost_center",
        "1.30 without quotes, which YAML reads as a number",
        '"1.30"',
    ),
    "unquoted date": (
        [("cost_center: ai-platform", "cost_center: 2026-01-02")],
        "aigw:platform.cost_center",
        "which YAML reads as a date",
        '"2026-01-02"',
    ),
    "octal number": (
        [('"123456789012"', "012345670123")],
        "aigw:platform.account_id",
        "012345670123 without quotes",
        '"012345670123"',
    ),
    "name against tier": (
        [("tier: large", "tier: small")],
        "aigw:platform.tier",
        '"small" in the stack "prod-large"',
        '"large"',
    ),
    "name against environment": (
        [("environment: prod", "environment: staging")],
        "aigw:platform.environment",
        '"staging" in the stack "prod-large"',
        '"prod"',
    ),
    "host bits in a range": (
        [("10.80.0.0/16", "10.80.0.1/16")],
        "aigw:platform.network.vpc_cidr",
        '"10.80.0.1/16"',
        "without host bits",
    ),
    "public range": (
        [("10.80.0.0/16", "8.8.0.0/16")],
        "aigw:platform.network.vpc_cidr",
        '"8.8.0.0/16"',
        "a private IPv4 block",
    ),
    "range smaller than a VPC": (
        [("10.80.0.0/16", "10.80.0.0/29")],
        "aigw:platform.network.vpc_cidr",
        '"10.80.0.0/29"',
        "from /16 to /28",
    ),
    "range inside the services'": (
        [("10.80.0.0/16", "172.20.0.0/16")],
        "aigw:platform.network.service_cidr",
        "172.20.0.0/16, which overlaps the VPC's",
        "outside the VPC's",
    ),
    "empty allow-list": (
        [("[203.0.113.10/32, 203.0.113.11/32]", "[]")],
        "aigw:platform.cluster.allow_list",
        "an empty list",
        "at least one IPv4 block",
    ),
    "no allow-list": (
        [("      allow_list: [203.0.113.10/32, 203.0.113.11/32]\n", "")],
        "aigw:platform.cluster.allow_list",
        "nothing",
        "at least one IPv4 block",
    ),
    "allow-list for everybody": (
        [("203.0.113.10/32", "0.0.0.0/0")],
        "aigw:platform.cluster.allow_list[0]",
        '"0.0.0.0/0"',
        "never 0.0.0.0/0",
    ),
    "half of everybody": (
        [("203.0.113.11/32", "128.0.0.0/1")],
        "aigw:platform.cluster.allow_list[1]",
        '"128.0.0.0/1"',
        "/8 or narrower",
    ),
    "private access with an allow-list": (
        [("access: allowlist", "access: private\n      runner: in-vpc")],
        "aigw:platform.cluster.allow_list",
        'a list beside access "private"',
        "allowlist",
    ),
    "private access without a runner": (
        [
            ("access: allowlist", "access: private"),
            ("      allow_list: [203.0.113.10/32, 203.0.113.11/32]\n", ""),
        ],
        "aigw:platform.cluster.runner",
        "nothing",
        "in-vpc",
    ),
    "one administrator": (
        [
            ("        - arn:aws:iam::123456789012:role/platform-admin\n", ""),
            ("        - arn:aws:iam::123456789012:role/platform-break-glass\n", ""),
        ],
        "aigw:platform.cluster.admin_principals",
        "a list of 1",
        "at least two",
    ),
    "one administrator twice": (
        [("platform-break-glass", "platform-admin")],
        "aigw:platform.cluster.admin_principals",
        "a principal twice",
        "at least two",
    ),
    "administrator by session": (
        [
            (
                "iam::123456789012:role/platform-break-glass",
                "sts::123456789012:assumed-role/platform/me",
            )
        ],
        "aigw:platform.cluster.admin_principals[1]",
        "assumed-role",
        "no STS sessions",
    ),
    "zone of another region": (
        [("use1-az4", "usw2-az1")],
        "aigw:platform.zone_ids[2]",
        '"usw2-az1", no zone id of us-east-1',
        "use1-az1",
    ),
    "zone by letter": (
        [("use1-az4", "us-east-1a")],
        "aigw:platform.zone_ids[2]",
        '"us-east-1a"',
        "use1-az1",
    ),
    "zone that EKS refuses": (
        [("use1-az4", "use1-az3")],
        "aigw:platform.zone_ids[2]",
        "where EKS takes no control-plane subnet",
        "use1-az1",
    ),
    "zone twice": (
        [("use1-az4", "use1-az1")],
        "aigw:platform.zone_ids",
        "a zone twice",
        "each zone once",
    ),
    "two zones in prod": (
        [(", use1-az4", "")],
        "aigw:platform.zone_ids",
        "2 zones",
        "3 zones in prod",
    ),
    "unknown region": (
        [("region: us-east-1", "region: us-east-9")],
        "aigw:platform.region",
        '"us-east-9"',
        "us-east-1",
    ),
    "role of another account": (
        [("    iam:\n", "    assume_role: arn:aws:iam::000000000000:role/x\n    iam:\n")],
        "aigw:platform.assume_role",
        "an ARN of account 000000000000",
        "123456789012",
    ),
    "boundary of another account": (
        [("iam::123456789012:policy", "iam::000000000000:policy")],
        "aigw:platform.iam.permissions_boundary",
        "an ARN of account 000000000000",
        "123456789012",
    ),
    "path without its slash": (
        [("path: /aigw/", "path: /aigw")],
        "aigw:platform.iam.path",
        '"/aigw"',
        "starts and ends with /",
    ),
    "key twice": (
        [("    region: us-east-1", "    region: us-east-1\n    region: us-east-1")],
        "aigw:platform.region",
        "the key twice, on lines 9 and 10",
        "each key once",
    ),
    "syntax": (
        [("region: us-east-1", "region: [us-east-1")],
        "line 10, column 13",
        "no YAML",
        "valid YAML",
    ),
    "secret in the platform": (
        [("cost_center: ai-platform", "cost_center:\n      secure: AAABANDSOON")],
        "aigw:platform.cost_center",
        "a secret",
        "no key here holds a secret",
    ),
    "unknown config key": (
        [("config:\n", "config:\n  aws:profile: mine\n")],
        "config.aws:profile",
        'the unknown key "aws:profile"',
        "aws:region",
    ),
    "the guard on providers taken down": (
        [("config:\n", "config:\n  pulumi:disable-default-providers: []\n")],
        "config.pulumi:disable-default-providers",
        "unknown key",
        "aigw:platform",
    ),
    "two regions": (
        [("config:\n", "config:\n  aws:region: eu-west-1\n")],
        "config.aws:region",
        '"eu-west-1"',
        '"us-east-1"',
    ),
    "unknown top-level key": (
        [("config:\n", "secretprovider: awskms://x\nconfig:\n")],
        "secretprovider",
        'did you mean "secretsprovider"?',
        "encryptionsalt",
    ),
    "text for a number": (
        [("    network:\n", OVERRIDES + 'pools: {gpu: {planned: "3"}}\n    network:\n')],
        "aigw:platform.sizing.overrides.pools.gpu.planned",
        '"3"',
        "a whole number",
    ),
    "unknown role": (
        [("    network:\n", OVERRIDES + "pools: {gppu: {planned: 3}}\n    network:\n")],
        "aigw:platform.sizing.overrides.pools.gppu",
        'did you mean "gpu"?',
        "system, general, data or gpu",
    ),
    "spot in prod": (
        [("    network:\n", OVERRIDES + "pools: {gpu: {spot: true}}\n    network:\n")],
        "aigw:platform.sizing.overrides.pools.gpu.spot",
        "true in prod",
        "false",
    ),
    "yes for true": (
        [("    network:\n", OVERRIDES + "pools: {gpu: {spot: no}}\n    network:\n")],
        "aigw:platform.sizing.overrides.pools.gpu.spot",
        "no without quotes",
        "true or false",
    ),
    "unknown instance type": (
        [
            (
                "    network:\n",
                OVERRIDES + "pools: {general: {instance_type: m5.8xlrge}}\n    network:\n",
            )
        ],
        "aigw:platform.sizing.overrides.pools.general.instance_type",
        'did you mean "m5.8xlarge"?',
        "an instance type of the catalogue",
    ),
    "retention out of bounds": (
        [("    network:\n", OVERRIDES + "backup: {retention_days: 36}\n    network:\n")],
        "aigw:platform.sizing.overrides.backup.retention_days",
        "the number 36",
        "at most 35",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_one_mistake_gets_one_line_that_names_file_path_found_and_allowed(case: str) -> None:
    edits, path, found, allowed = BAD[case]
    (message,) = refusal(changed(*edits))
    assert "\n" not in message
    place, _, rest = message.partition(": found ")
    said_found, _, said_allowed = rest.partition("; allowed: ")
    assert place == f"{FILE}: {path}"
    assert found in said_found
    assert allowed in said_allowed


def test_the_file_that_all_mistakes_start_from_is_good() -> None:
    assert parse(GOOD, FILE).stack == "prod-large"


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    text = changed(
        ("tier: large", "tier: lage"),
        ('"123456789012"', "123456789012"),
        ("use1-az4", "use1-az3"),
        ("10.80.0.0/16", "10.80.0.0/29"),
        ("203.0.113.10/32", "0.0.0.0/0"),
        ("cost_center: ai-platform", "cost_center: 1.10"),
    )
    messages = refusal(f"unknwon: 1\n{text}")
    assert len(messages) == 7
    assert len(set(messages)) == 7


@pytest.mark.parametrize(
    ("name", "found"),
    [("prod-lage", '"prod-lage"'), ("large-prod", '"large-prod"'), ("prod-large-eu", "eu")],
)
def test_a_stack_name_that_says_no_environment_and_tier_is_refused(name: str, found: str) -> None:
    (message,) = refusal(GOOD, f"stacks/Pulumi.{name}.yaml")
    assert message.startswith(f"stacks/Pulumi.{name}.yaml: stack name: found ")
    assert found in message


NO_STACK_FILE = [
    "",
    "- a list",
    "text",
    "config: 3",
    "config: {}",
    "a: &x [*x]",
    "a: !!python/name:os.x {}",
    "config:\n\taigw:platform: 3",
    "config: {aigw:platform: 3}",
    "config: {aigw:platform: []}",
    "config:\n  aigw:platform: &x\n    region: *x",
    "? [a]\n: b",
    "a: b: c",
    "\0",
    "---\n---\n",
    "[" * 3000,
]


@pytest.mark.parametrize("text", NO_STACK_FILE)
def test_what_is_no_stack_file_at_all_is_refused_in_words(text: str) -> None:
    for message in refusal(text):
        assert message.startswith(f"{FILE}: ")
        assert "; allowed: " in message
        assert "\n" not in message


def test_text_that_is_no_json_is_not_shown_because_it_may_be_a_secret() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_platform("hunter2", "prod-large")
    assert "hunter2" not in str(caught.value)


def test_a_secret_elsewhere_stays_a_placeholder() -> None:
    text = changed(("config:\n", "config:\n  pulumi:tags: {owner: {secure: AAABANDSOON}}\n"))
    assert read(text).config["pulumi:tags"] == {"owner": SECRET}
    assert parse(text, FILE) == parse(GOOD, FILE)


def test_what_pulumi_itself_writes_into_a_stack_file_is_accepted() -> None:
    head = "secretsprovider: awskms://alias/x\nencryptedkey: AQ==\nencryptionsalt: v1:x\n"
    written = parse(f"{head}environment: [shared]\n{GOOD}", FILE)
    assert written.model_dump() == parse(GOOD, FILE).model_dump()


def test_the_engines_json_and_the_file_give_the_same_config() -> None:
    platform = yaml.safe_load(GOOD)["config"]["aigw:platform"]
    assert parse_platform(json.dumps(platform), "prod-large") == parse(GOOD, FILE)


def test_a_file_of_other_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.prod-large.yaml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="UTF-8"):
        load(path)


def two_stacks(folder: Path, edit: tuple[str, str]) -> Path:
    own = folder / "stacks"
    own.mkdir()
    shutil.copy(STACKS / "Pulumi.dev-small.yaml", own)
    path = own / "Pulumi.prod-large.yaml"
    path.write_text(changed(edit))
    return path


def test_a_range_that_another_stack_has_is_refused_in_both(tmp_path: Path) -> None:
    path = two_stacks(tmp_path, ("10.80.0.0/16", "10.16.128.0/17"))
    with pytest.raises(ConfigError) as caught:
        load_all(path.parent)
    ours, theirs = sorted(caught.value.messages, reverse=True)
    assert "10.16.128.0/17, which overlaps 10.16.0.0/16 of stacks/Pulumi.dev-small.yaml" in ours
    assert theirs.startswith("stacks/Pulumi.dev-small.yaml: aigw:platform.network.vpc_cidr: ")
    with pytest.raises(ConfigError, match="overlaps"):
        load(path)


def test_a_prod_account_that_another_stack_names_is_refused(tmp_path: Path) -> None:
    path = two_stacks(tmp_path, ("123456789012", "111122223333"))
    with pytest.raises(ConfigError) as caught:
        load(path)
    (message,) = caught.value.messages
    assert "aigw:platform.account_id" in message
    assert "account of its own for each prod stack" in message


def test_a_broken_neighbour_does_not_stop_a_good_stack(tmp_path: Path) -> None:
    path = two_stacks(tmp_path, ("tier: large", "tier: large"))
    (path.parent / "Pulumi.dev-small.yaml").write_text("config: [")
    assert load(path).stack == "prod-large"
    with pytest.raises(ConfigError, match="dev-small"):
        load_all(path.parent)


def test_overrides_reach_the_plans_request() -> None:
    config = parse(
        with_lines(
            f"{OVERRIDES}pools: {{gpu: {{desired: 4}}, data: {{planned: 6}}}}\n"
            "        postgres: {instance_class: db.r6g.2xlarge, storage_gib: 500}\n"
            "        search: {volume_gib: 300}\n"
            "        backup: {retention_days: 30}"
        ),
        FILE,
    )
    overrides = config.request().overrides
    assert [(one.role, one.planned, one.desired) for one in overrides.pools] == [
        ("data", 6, None),
        ("gpu", None, 4),
    ]
    assert overrides.postgres_instance_class == "db.r6g.2xlarge"
    assert overrides.postgres_storage_gib == 500
    assert overrides.search_volume_gib == 300
    assert overrides.backup_retention_days == 30


def test_the_kubeconfig_role_is_the_first_administrator_that_is_a_role() -> None:
    text = changed(("role/platform-admin", "user/somebody"))
    assert str(on_aws(parse(text, FILE)).cluster.kubectl_role).endswith("role/platform-break-glass")


def test_a_config_cannot_be_changed_after_parsing() -> None:
    config = parse(GOOD, FILE)
    with pytest.raises(ValueError, match="frozen"):
        config.region = "eu-west-1"  # type: ignore[misc]  # that it is refused is the point
    assert isinstance(config, StackConfig)


def test_facts_hide_what_is_known_to_be_wrong_and_what_holds_it() -> None:
    facts = Facts({"a": {"b": ["x"], "c": "y"}}, frozenset({"a.b[0]"}))
    assert facts.value("a.b") is None
    assert facts.text("a.c") == "y"
    assert facts.value("a.c.d") is None


def test_words_read_like_a_sentence() -> None:
    assert [words(["a"]), words(["a", "b"]), words(["a", "b", "c"], "and")] == [
        "a",
        "a or b",
        "a, b and c",
    ]
    assert unknown_key("zzz", ["a"]) == ('the unknown key "zzz"', "a")


def test_the_platforms_name_outlives_a_change_of_tier() -> None:
    large = parse(GOOD, FILE)
    renamed = GOOD.replace("tier: large", "tier: enterprise")
    enterprise = parse(renamed, "stacks/Pulumi.prod-enterprise.yaml")
    assert large.platform == enterprise.platform == "prod"
    assert large.stack != enterprise.stack


def test_two_platforms_of_an_account_have_two_names(tmp_path: Path) -> None:
    shutil.copytree(STACKS, tmp_path / "stacks")
    second = GOOD.replace("prod", "dev").replace("123456789012", "111122223333")
    second = second.replace("10.80.0.0/16", "10.192.0.0/16").replace("ai.example", "b.example")
    twin = tmp_path / "stacks" / "Pulumi.dev-large.yaml"
    twin.write_text(second)
    with pytest.raises(ConfigError, match="a name that no other stack of its account has"):
        load_all(tmp_path / "stacks")
    twin.write_text(second.replace("tier: large", "tier: large\n    name: dev-large"))
    assert "dev-large" in {config.platform for config in load_all(tmp_path / "stacks").values()}
