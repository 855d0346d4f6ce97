"""`aigw init` by flags: whatever it writes checks clean, and what cannot is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from preview.cli import main
from sizing import catalog
from sizing.catalog import InstanceType
from sizing.words import Cloud
from stacks.config_aws import AwsConfig
from stacks.config_gcp import GcpConfig
from tests.preview.initial import (
    ACCOUNT,
    ADMINISTRATOR,
    PROJECT,
    REACH,
    config,
    document,
    flags,
    init,
    names,
    root,
)

DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/aigw-bootstrap/aigw-deploy"
PLACES = [(cloud, region) for cloud in Cloud for region in catalog.regions(cloud)]


@pytest.mark.parametrize(("cloud", "region"), PLACES)
def test_every_stack_checks_clean_with_the_defaults(
    cloud: Cloud, region: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root(tmp_path)
    for stack in names(cloud):
        made = document(capsys, folder, stack, *flags(cloud, region=region), "--dry-run")
        assert made["config"]["region"] == region
        assert {one["severity"] for one in made["findings"]} <= {"warning", "information"}


@pytest.mark.parametrize("cloud", Cloud)
def test_every_stack_checks_clean_in_private_with_a_domain(
    cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root(tmp_path)
    zone = "Z9" if cloud is Cloud.AWS else "ai"
    said = flags(cloud, reach="private", domain="ai.acme.com", dns_zone=zone)
    for stack in names(cloud):
        made = document(capsys, folder, stack, *said, "--dry-run")
        assert made["config"]["cluster"]["access"] == "private"
        told = {one["severity"] for one in made["findings"] if one["component"] == "config"}
        assert told == {"information"}


@pytest.mark.parametrize("stack", ["dev-small", "prod-enterprise", "staging-medium-gcp"])
def test_what_is_written_is_what_was_shown_and_passes_the_check(
    stack: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root(tmp_path)
    said = flags(Cloud.GCP if stack.endswith("-gcp") else Cloud.AWS)
    assert init(folder, stack, *said, "--dry-run") == 0
    shown = capsys.readouterr().out
    assert list((folder / "stacks").iterdir()) == []
    made = document(capsys, folder, stack, *said)
    assert [one.name for one in (folder / "stacks").iterdir()] == [f"Pulumi.{stack}.yaml"]
    assert (folder / made["path"]).read_text() == shown == made["text"]
    assert main(["check", stack, "--json", "--root", str(folder)]) == 0


def test_the_file_says_what_was_said_on_aws(tmp_path: Path) -> None:
    folder = root(tmp_path)
    other = f"arn:aws:iam::{ACCOUNT}:user/break-glass"
    more = {
        "region": "eu-west-1",
        "zones": "euw1-az3,euw1-az1,euw1-az2",
        "name": "prod-search",
        "cost_center": "team 7: search",
        "vpc_cidr": "10.4.0.0/16",
        "reach": f"{REACH},192.0.2.0/24",
        "administrators": f"{ADMINISTRATOR}, {other}",
        "boundary": "none",
        "domain": "ai.acme.com",
        "dns_zone": "Z0123456789",
        "huggingface_secret": "team/hf",
    }
    assert init(folder, "prod-large", *flags(Cloud.AWS, **more)) == 0
    made = config(folder, "prod-large")
    assert isinstance(made, AwsConfig)
    assert made.account_id == ACCOUNT
    assert made.region == "eu-west-1"
    assert made.zone_ids == ("euw1-az3", "euw1-az1", "euw1-az2")
    assert made.name == "prod-search"
    assert made.cost_center == "team 7: search"
    assert made.network.vpc_cidr == "10.4.0.0/16"
    assert made.cluster.allow_list == (REACH, "192.0.2.0/24")
    assert made.cluster.admin_principals == (ADMINISTRATOR, other, DEPLOYER)
    assert made.iam.permissions_boundary is None
    assert made.ingress is not None
    assert (made.ingress.domain, made.ingress.zone_id) == ("ai.acme.com", "Z0123456789")
    assert made.models.huggingface is not None
    assert made.models.huggingface.existing_secret == "team/hf"


def test_who_deploys_is_an_administrator_once(tmp_path: Path) -> None:
    folder = root(tmp_path)
    said = flags(Cloud.AWS, administrators=f"{DEPLOYER},{ADMINISTRATOR}")
    assert init(folder, "dev-small", *said) == 0
    assert config(folder, "dev-small").cluster.admin_principals == (DEPLOYER, ADMINISTRATOR)


def test_the_file_says_what_was_said_on_google_cloud(tmp_path: Path) -> None:
    folder = root(tmp_path)
    said = flags(Cloud.GCP, reach="private", domain="ai.acme.com", dns_zone="ai-acme")
    who = ("--environment", "prod", "--tier", "small", "--cloud", "gcp")
    assert init(folder, *who, *said) == 0
    made = config(folder, "prod-small-gcp")
    assert isinstance(made, GcpConfig)
    assert (made.project, made.project_number) == (PROJECT, ACCOUNT)
    assert (made.cluster.access, made.cluster.runner) == ("private", "in-vpc")
    assert made.cluster.admin_principals == (
        "group:platform@example.com",
        f"serviceAccount:aigw-deploy@{PROJECT}.iam.gserviceaccount.com",
    )
    assert made.ingress is not None
    assert made.ingress.zone_id == "ai-acme"


def test_a_workload_file_becomes_the_stacks_workload(tmp_path: Path) -> None:
    folder = root(tmp_path)
    file = tmp_path / "load.yaml"
    file.write_text("users: 900\nrequests: {per_second_peak: 12.5}\nshares: {self_hosted: 1}\n")
    assert init(folder, "prod-small", *flags(Cloud.AWS, workload=str(file))) == 0
    made = config(folder, "prod-small")
    assert made.workload == {
        "users": 900,
        "requests": {"per_second_peak": "12.5"},
        "shares": {"self_hosted": 1},
    }
    assert made.request().load.requests_per_second_peak == 12.5


def test_all_that_is_missing_is_named_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(root(tmp_path), "prod-large-gcp", "--domain", "ai.acme.com") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert [line.split()[1] for line in said.err.splitlines()] == [
        "--project",
        "--project-number",
        "--reach",
        "--administrators",
        "--dns-zone",
    ]


def test_without_a_name_its_words_are_missing_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(root(tmp_path), "--tier", "small") == 2
    said = capsys.readouterr().err
    assert "--environment is missing; allowed: dev, staging, prod\n" in said
    assert "--account is missing" in said
    assert "--tier" not in said


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"account": "21098765432"}, '--account: found "21098765432"; allowed: 12 digits'),
        ({"region": "eu-west-9"}, '--region: found "eu-west-9"; allowed: eu-west-1, us-east-1'),
        ({"zones": "use1-az1,use1-az3"}, '--zones: found "use1-az3", where EKS takes no'),
        ({"zones": "use1-az1"}, "--zones: found 1 zones; allowed: 2 or 3 zones in dev"),
        ({"name": "prod"}, '--name: found "prod"; allowed: dev, or dev-...'),
        ({"cost_center": "a;b"}, '--cost-center: found "a;b"; allowed: 1 to 256 letters'),
        ({"vpc_cidr": "8.0.0.0/16"}, '--vpc-cidr: found "8.0.0.0/16"; allowed: a private IPv4'),
        ({"vpc_cidr": "10.80.3.0/24"}, "--vpc-cidr: found 10.80.3.0/24, which overlaps 10.80.0.0"),
        ({"vpc_cidr": "10.1.0.0/26"}, "--vpc-cidr: found 10.1.0.0/26, too small: each of 2"),
        ({"reach": "0.0.0.0/0"}, '--reach: found "0.0.0.0/0"; allowed: IPv4 blocks of your own'),
        ({"administrators": "me"}, '--administrators: found "me"; allowed: ARNs of IAM roles'),
        ({"deployer": "me"}, '--deployer: found "me"; allowed: ARNs of IAM roles or users'),
        ({"deployer": "none"}, "--administrators: found a list of 1; allowed: at least two"),
        ({"boundary": "mine"}, '--boundary: found "mine"; allowed: the ARN of an IAM policy'),
        ({"domain": "Acme", "dns_zone": "Z1"}, '--domain: found "Acme"; allowed: a DNS name'),
        ({"domain": "ai.acme.com", "dns_zone": "1"}, '--dns-zone: found "1"; allowed: the id of'),
        (
            {"domain": "ai.example.com", "dns_zone": "Z1"},
            '--domain: found "ai.example.com", the domain of stacks/Pulumi.prod-large.yaml, too',
        ),
        ({"dns_zone": "Z1"}, '--dns-zone: found "Z1"; allowed: nothing: it goes with --domain'),
        ({"project": "acme-ai"}, '--project: found "acme-ai"; allowed: nothing: dev-large stands'),
        ({"huggingface_secret": "hf_abcdef"}, "--huggingface-secret: found "),
        ({"workload": "/no/such.yaml"}, "--workload: found /no/such.yaml: No such file"),
        ({"account": "123456789012"}, '--account: found "123456789012", which stacks/Pulumi.prod'),
    ],
)
def test_a_wrong_answer_is_told_by_its_flag(
    said: dict[str, str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root(tmp_path, "prod-large")
    assert init(folder, "dev-large", *flags(Cloud.AWS, **said)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"aigw: {told}")
    assert len(captured.err.splitlines()) == 1
    assert "hf_abcdef" not in captured.err
    assert len(list((folder / "stacks").iterdir())) == 1


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("prod-large-eu", 'STACK: found "prod-large-eu"; allowed: <environment>-<tier>, of dev,'),
        ("prod-large --tier small", '--tier: found "small"; allowed: "large", as prod-large says'),
        ("prod-large --cloud gcp", '--cloud: found "gcp"; allowed: "aws", as prod-large says'),
        ("dev-small --shares staging-x", "--shares: there is no stack 'staging-x' in stacks/"),
        ("prod-small --shares prod-large", '--shares: found "prod-large" in a prod stack;'),
    ],
)
def test_a_stack_that_cannot_be_is_refused(
    who: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(root(tmp_path, "prod-large"), *who.split(), *flags(Cloud.AWS)) == 2
    assert capsys.readouterr().err.startswith(f"aigw: {told}")


@pytest.mark.parametrize(
    ("stack", "region", "elsewhere"),
    [
        ("prod-medium", "eu-west-1", "us-east-1, us-west-2"),
        ("prod-medium-gcp", "us-west1", "europe-west1, europe-west4, us-central1, us-east4"),
    ],
)
def test_a_region_without_the_gpus_is_refused_with_those_that_have_them(
    stack: str,
    region: str,
    elsewhere: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sold = InstanceType.offered
    monkeypatch.setattr(
        InstanceType,
        "offered",
        lambda self, place: sold(self, place) and not (self.gpus and place == region),
    )
    folder = root(tmp_path)
    said = flags(Cloud.GCP if stack.endswith("gcp") else Cloud.AWS, region=region)
    assert init(folder, stack, *said) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert f"{stack} would be refused, so that nothing is written" in told.err
    assert f"{region} does not sell" in told.err
    assert f"--region: nothing would refuse it in {elsewhere}\n" in told.err
    assert list((folder / "stacks").iterdir()) == []


def test_quiet_says_nothing_of_what_went_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root(tmp_path)
    assert init(folder, "dev-small", *flags(Cloud.AWS), "--quiet") == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")
    assert config(folder, "dev-small").stack == "dev-small"


def test_the_end_says_what_was_taken_what_is_open_and_what_is_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(root(tmp_path), "prod-small", *flags(Cloud.AWS, reach="203.0.113.10/32")) == 0
    said = capsys.readouterr().out
    assert said.startswith("stacks/Pulumi.prod-small.yaml is written\n")
    assert "none refuted" in said
    assert "--region              us-east-1\n" in said
    assert f"--deployer            {DEPLOYER}\n" in said
    assert "--account" not in said
    assert "nothing is stated, so no load balancer is built" in said
    assert "203.0.113.10/32 lie in blocks kept for documentation" in said
    following = said.partition("Next\n----\n")[2].splitlines()
    assert [one.split("  ")[0] for one in following] == [
        f"aigw plan prod-small --root {tmp_path}",
        "put the token of Hugging Face into the secret aigw/huggingface (docs/models.md)",
        "pulumi stack init prod-small --secrets-provider <of docs/bootstrap.md>",
        "pulumi preview --stack prod-small",
    ]
