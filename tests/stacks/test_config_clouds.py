"""What is wrong on one cloud is wrong on the other: the same mistakes, refused in its own words."""

from __future__ import annotations

import pytest

from sizing.words import Cloud
from stacks.config import ConfigError, load_all, parse, stack_path
from stacks.config_clouds import CLOUDS, OWNER_KEYS
from stacks.config_gcp import GcpConfig
from stacks.decision import decide
from tests.stacks.test_config import BAD

FILES = {
    Cloud.AWS: stack_path("prod-large"),
    Cloud.GCP: stack_path("prod-large-gcp"),
}
GCP = FILES[Cloud.GCP].read_text()


def overridden(overrides: str) -> tuple[tuple[str, str], ...]:
    """Return the edit that sets something by hand."""
    return (("    network:\n", f"    sizing: {{overrides: {overrides}}}\n    network:\n"),)


def pool(settings: str) -> tuple[tuple[str, str], ...]:
    """Return the edit that sets the pool of GPUs by hand."""
    return overridden(f"{{pools: {{gpu: {{{settings}}}}}}}")


def changed(cloud: Cloud, *edits: tuple[str, str]) -> str:
    """Return a cloud's good file with each edit made."""
    text = FILES[cloud].read_text()
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return text


def refusal(cloud: Cloud, text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse(text, f"stacks/{FILES[cloud].name}")
    return caught.value.messages


def assert_said(cloud: Cloud, message: str, path: str, found: str, allowed: str) -> None:
    """Let a message name file, path, what was found and what is allowed, in one line."""
    assert "\n" not in message
    place, _, rest = message.partition(": found ")
    said_found, _, said_allowed = rest.partition("; allowed: ")
    assert place == f"stacks/{FILES[cloud].name}: {path}"
    assert found in said_found
    assert allowed in said_allowed


# mistakes of the other module whose edits find what they edit on Google Cloud as well, and which
# are told there in the same words
SAME = [
    case
    for case, (edits, *_) in BAD.items()
    if all(old in GCP for old, _ in edits)
    # the message names the stack or what only AWS has
    and case not in {"name against tier", "name against environment", "range smaller than a VPC"}
    and case not in {"syntax", "key twice", "unknown instance type", "unknown region"}
    and case not in {"two regions", "one administrator twice"}
]


@pytest.mark.parametrize("case", SAME)
def test_a_mistake_of_aws_is_the_same_mistake_on_google_cloud(case: str) -> None:
    edits, path, found, allowed = BAD[case]
    (message,) = refusal(Cloud.GCP, changed(Cloud.GCP, *edits))
    assert_said(Cloud.GCP, message, path, found, allowed)


def test_most_mistakes_are_the_same() -> None:
    assert len(SAME) + len(OF_CLOUDS) > len(BAD) / 2


# what is edited on each cloud, where the one message points, what was found
Case = tuple[tuple[tuple[str, str], ...], str, str]
OF_CLOUDS: dict[str, dict[Cloud, Case]] = {
    "region of the other cloud": {
        Cloud.AWS: ((("region: us-east-1", "region: us-central1"),), "region", '"us-central1"'),
        Cloud.GCP: ((("region: us-central1", "region: us-east-1"),), "region", '"us-east-1"'),
    },
    "zone of another region": {
        Cloud.AWS: ((("use1-az4", "usw2-az1"),), "zone_ids[2]", "no zone id of us-east-1"),
        Cloud.GCP: (
            (("us-central1-c]", "us-east4-c]"),),
            "zone_ids[2]",
            '"us-east4-c", no zone of us-central1',
        ),
    },
    "nobody's resources": {
        Cloud.AWS: ((('    account_id: "123456789012"\n', ""),), "account_id", "nothing"),
        Cloud.GCP: ((("    project: example-aigw-prod-large\n", ""),), "project", "nothing"),
    },
    "owner of no shape": {
        Cloud.AWS: ((('"123456789012"', '"1234"'),), "account_id", '"1234"'),
        Cloud.GCP: (
            (("    project: example-aigw-prod-large\n", "    project: Aigw\n"),),
            "project",
            '"Aigw"',
        ),
    },
    "owner of the other cloud": {
        Cloud.AWS: ((("    region:", "    project: acme-aigw\n    region:"),), "project", '"gcp"'),
        Cloud.GCP: (
            (("    region:", '    account_id: "123456789012"\n    region:'),),
            "account_id",
            'a key of cloud "aws"',
        ),
    },
    "administrator of no shape": {
        Cloud.AWS: (
            (("arn:aws:iam::123456789012:role/platform-admin", "group:a@example.com"),),
            "cluster.admin_principals[0]",
            '"group:a@example.com"',
        ),
        Cloud.GCP: (
            (("group:platform-admins@example.com", "allUsers"),),
            "cluster.admin_principals[0]",
            '"allUsers"',
        ),
    },
    "one administrator twice": {
        Cloud.AWS: (
            (("platform-break-glass", "platform-admin"),),
            "cluster.admin_principals",
            "a principal twice",
        ),
        Cloud.GCP: (
            (("platform-break-glass", "platform-admins"),),
            "cluster.admin_principals",
            "a principal twice",
        ),
    },
    "two regions": {
        Cloud.AWS: (
            (("config:\n", "config:\n  aws:region: us-west-2\n"),),
            "",
            '"us-west-2"',
        ),
        Cloud.GCP: (
            (("config:\n", "config:\n  gcp:region: us-east4\n"),),
            "",
            '"us-east4"',
        ),
    },
    "zone of no shape": {
        Cloud.AWS: ((("Z1R8UBAEXAMPLE", "ai-example-com"),), "ingress.zone_id", '"ai-example-com"'),
        Cloud.GCP: ((("zone_id: ai-example-com", "zone_id: Z1"),), "ingress.zone_id", '"Z1"'),
    },
    "secret of no name": {
        Cloud.AWS: (
            (("secret: aigw/huggingface", "secret: aigw:huggingface"),),
            "models.huggingface.existing_secret",
            "not shown",
        ),
        Cloud.GCP: (
            (("secret: aigw-huggingface", "secret: aigw/huggingface"),),
            "models.huggingface.existing_secret",
            '"aigw/huggingface"',
        ),
    },
    "machine of the other cloud": {
        Cloud.AWS: (
            pool("instance_type: g2-standard-16"),
            "sizing.overrides.pools.gpu.instance_type",
            "unknown name",
        ),
        Cloud.GCP: (
            pool("instance_type: g5.4xlarge"),
            "sizing.overrides.pools.gpu.instance_type",
            "unknown name",
        ),
    },
    "reservation of the other cloud": {
        Cloud.AWS: (
            pool("capacity_reservation_id: a100-block"),
            "sizing.overrides.pools.gpu.capacity_reservation_id",
            '"a100-block"',
        ),
        Cloud.GCP: (
            pool("capacity_reservation_id: CR-1"),
            "sizing.overrides.pools.gpu.capacity_reservation_id",
            '"CR-1"',
        ),
    },
    "database of the other cloud": {
        Cloud.AWS: (
            overridden("{postgres: {instance_class: db-custom-4-15360}}"),
            "sizing.overrides.postgres.instance_class",
            "db-custom-4-15360",
        ),
        Cloud.GCP: (
            overridden("{postgres: {instance_class: db.r6g.large}}"),
            "sizing.overrides.postgres.instance_class",
            "db.r6g.large",
        ),
    },
    "name of the other cloud": {
        Cloud.AWS: ((("cloud: aws\n", "cloud: azure\n"),), "cloud", '"azure"'),
        Cloud.GCP: ((("cloud: gcp\n", "cloud: gpc\n"),), "cloud", '"gpc"'),
    },
}


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("case", OF_CLOUDS)
def test_each_cloud_refuses_it_in_its_own_words(case: str, cloud: Cloud) -> None:
    edits, path, found = OF_CLOUDS[case][cloud]
    messages = refusal(cloud, changed(cloud, *edits))
    place = f"aigw:platform.{path}: found " if path else ":region: found "
    (message,) = (one for one in messages if place in one)
    assert found in message
    assert "; allowed: " in message


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_files_that_all_mistakes_start_from_are_good(cloud: Cloud) -> None:
    config = parse(FILES[cloud].read_text(), f"stacks/{FILES[cloud].name}")
    assert isinstance(config, CLOUDS[cloud])
    assert config.owner == getattr(config, OWNER_KEYS[cloud])


def test_a_stacks_name_says_its_cloud() -> None:
    with pytest.raises(ConfigError, match='"gcp" in the stack "prod-large"; allowed: "aws", or'):
        parse(GCP, "stacks/Pulumi.prod-large.yaml")


def test_a_machine_that_the_region_does_not_sell_is_refused_with_what_it_does() -> None:
    edits = (
        ("region: us-central1\n", "region: us-east4\n"),
        ("us-central1-a, us-central1-b, us-central1-c", "us-east4-a, us-east4-b, us-east4-c"),
        *pool("instance_type: a2-highgpu-1g"),
    )
    (message,) = refusal(Cloud.GCP, changed(Cloud.GCP, *edits))
    path = "aigw:platform.sizing.overrides.pools.gpu.instance_type"
    assert_said(Cloud.GCP, message, path, '"a2-highgpu-1g", which us-east4 does not sell', "a3-")


@pytest.mark.parametrize("quota", ["GPUS_ALL_REGIONS", "NVIDIA_A100_GPUS"])
def test_a_quota_below_the_plan_is_an_error_with_the_quotas_name(quota: str) -> None:
    text = changed(Cloud.GCP, ("    network:\n", f"    quotas: {{{quota}: 1}}\n    network:\n"))
    config = parse(text, f"stacks/{FILES[Cloud.GCP].name}")
    (error,) = decide(config).errors
    assert quota in error.message


def test_no_other_network_is_led_to_stores_of_google_cloud() -> None:
    text = changed(
        Cloud.GCP,
        ("environment: prod", "environment: staging"),
        ("cloud: gcp", "cloud: gcp\n    shares: staging-medium-gcp"),
    )
    with pytest.raises(ConfigError, match="joined to its own network by peering") as caught:
        parse(text, "stacks/Pulumi.staging-large-gcp.yaml")
    assert 'shares: found "staging-medium-gcp" in a staging stack on gcp' in str(caught.value)


def test_a_host_of_another_cloud_is_refused() -> None:
    from tests.stacks.test_config import STACKS

    text = (STACKS / "Pulumi.dev-medium.yaml").read_text()
    other = text.replace("shares: staging-medium", "shares: staging-medium-gcp")
    assert other != text
    with pytest.raises(ConfigError, match='"staging-medium-gcp", of another cloud'):
        parse(other, "stacks/Pulumi.dev-medium.yaml")


def test_whom_the_program_acts_as_is_an_administrator() -> None:
    account = "deployer@acme-infra.iam.gserviceaccount.com"
    text = changed(Cloud.GCP, ("    network:\n", f"    impersonate: {account}\n    network:\n"))
    config = parse(text, f"stacks/{FILES[Cloud.GCP].name}")
    assert config.deployer == f"serviceAccount:{account}"
    (error,) = (one for one in decide(config).findings if one.id == "config.deployer")
    assert account in error.message
    known = parse(
        text.replace("group:platform-admins@example.com", f"serviceAccount:{account}"),
        f"stacks/{FILES[Cloud.GCP].name}",
    )
    assert "config.deployer" not in {one.id for one in decide(known).findings}


def test_every_stack_of_google_cloud_is_told_that_its_project_is_an_example() -> None:
    for config in load_all().values():
        if isinstance(config, GcpConfig):
            assert "config.project" in {one.id for one in decide(config).findings}
