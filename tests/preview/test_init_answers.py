"""Whatever good answers are given, the file says them, to YAML as to the stack's config."""

from __future__ import annotations

import string
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from preview.initial.answers import Answers
from preview.initial.file_text import text
from preview.initial.judging import judged
from sizing import catalog
from sizing.words import Cloud, Environment, Tier
from stacks.config_aws import AwsConfig
from stacks.config_gcp import GcpConfig
from stacks.config_model import stack_name

WORDS = string.ascii_letters + string.digits
# what YAML would read as something else, and whatever the tag takes besides
COST_CENTRES = st.sampled_from(
    ["yes", "null", "none", "1.0", "0x1", "a: b", "- a", "=", "@a", "2026-01-01"]
)
COST_CENTRES |= st.text(f"{WORDS} .:/=+@-_", min_size=1, max_size=40)
LABELS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
PEOPLE = st.lists(LABELS, min_size=1, max_size=4, unique=True)
ADDRESSES = st.integers(1, (1 << 32) - 1).map(
    lambda bits: ".".join(str(bits >> shift & 255) for shift in (24, 16, 8, 0)) + "/32"
)
BLOCKS = st.integers(0, 255).map(lambda second: f"10.{second}.0.0/16")
DIGITS = st.integers(0, 10**12 - 1).map(lambda number: f"{number:012}")
NUMBERS = st.integers(10**5, 10**12).map(str)


@st.composite
def stacks(draw: st.DrawFn, cloud: Cloud) -> Answers:
    """Draw who a stack is, and where."""
    environment, tier = draw(st.sampled_from(Environment)), draw(st.sampled_from(Tier))
    region = draw(st.sampled_from(catalog.regions(cloud)))
    path = Path(tempfile.gettempdir()) / "no-such-folder" / "stacks"
    return Answers(
        environment=environment,
        tier=tier,
        cloud=cloud,
        path=path / f"Pulumi.{stack_name(environment, tier, cloud)}.yaml",
        said={
            "region": region,
            "vpc-cidr": draw(BLOCKS),
            "reach": ",".join(draw(st.lists(ADDRESSES, min_size=1, max_size=6))),
        },
    )


def more(answers: Answers, **said: str) -> Answers:
    """Return answers with more of them."""
    for flag, one in said.items():
        answers = answers.answered(flag.replace("_", "-"), one)
    return answers


@pytest.mark.one_cloud(Cloud.AWS, "what AWS alone asks; the other cloud's case is the next")
@given(stacks(Cloud.AWS), DIGITS, COST_CENTRES, PEOPLE)
@settings(max_examples=40, deadline=None)
def test_every_good_answer_on_aws_is_said(
    stack: Answers, account: str, cost: str, people: list[str]
) -> None:
    administrators = tuple(f"arn:aws:iam::{account}:role/{one}" for one in people)
    domain = f"{people[0]}.acme.com"
    answers = more(
        stack,
        account=account,
        cost_center=cost,
        administrators=" ".join(administrators),
        domain=domain,
        dns_zone="Z9",
    )
    config, refused = judged(answers)
    assert refused == ()
    assert isinstance(config, AwsConfig)
    assert (config.account_id, config.cost_center) == (account, cost)
    assert (config.environment, config.tier) == (stack.environment, stack.tier)
    assert config.region == stack.said["region"]
    assert config.network.vpc_cidr == stack.said["vpc-cidr"]
    assert ",".join(config.cluster.allow_list) == stack.said["reach"]
    assert config.cluster.admin_principals[:-1] == administrators
    assert config.ingress is not None
    assert (config.ingress.domain, config.ingress.zone_id) == (domain, "Z9")


@pytest.mark.one_cloud(Cloud.GCP, "what Google Cloud alone asks; the other cloud's is before")
@given(stacks(Cloud.GCP), LABELS, NUMBERS, PEOPLE)
@settings(max_examples=40, deadline=None)
def test_every_good_answer_on_google_cloud_is_said(
    stack: Answers, name: str, number: str, people: list[str]
) -> None:
    members = tuple(f"group:{one}@acme.com" for one in people)
    project = f"p-{name:a<4}"
    answers = more(
        stack,
        project=project,
        project_number=number,
        cost_center=name,
        administrators=",".join(members),
    )
    config, refused = judged(answers)
    assert refused == ()
    assert isinstance(config, GcpConfig)
    assert (config.project, config.project_number, config.cost_center) == (project, number, name)
    assert config.region == stack.said["region"]
    assert config.network.vpc_cidr == stack.said["vpc-cidr"]
    assert ",".join(config.cluster.allow_list) == stack.said["reach"]
    assert config.cluster.admin_principals[:-1] == members
    assert config.ingress is None


@pytest.mark.parametrize(
    ("cloud", "owner"),
    [
        (Cloud.AWS, {"account": "000000000001"}),
        (Cloud.GCP, {"project": "p-1234", "project_number": "000000000001"}),
    ],
)
@given(st.data(), COST_CENTRES)
@settings(max_examples=40, deadline=None)
def test_a_file_is_yaml_with_the_two_space_steps_of_the_others(
    cloud: Cloud, owner: Mapping[str, str], data: st.DataObject, cost: str
) -> None:
    stack = data.draw(stacks(cloud))
    written = text(more(stack, **owner, cost_center=cost, administrators="a,b"))
    assert yaml.safe_load(written)["config"]["aigw:platform"]["cost_center"] == cost
    steps = {len(line) - len(line.lstrip(" ")) for line in written.splitlines()}
    assert {step % 2 for step in steps} == {0}
    assert "!!" not in written


@pytest.mark.cloud_free("how a list is typed")
@pytest.mark.parametrize("typed", ["a,b", "a, b", "a b", " a ,b, "])
def test_a_list_is_typed_with_commas_or_blanks(typed: str) -> None:
    from preview.initial.answers import parts

    assert parts(typed) == ["a", "b"]
