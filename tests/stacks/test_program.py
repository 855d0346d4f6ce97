"""The program builds what the config says, and registers nothing when anything is wrong."""

from __future__ import annotations

import functools
import json
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from sizing.plans import Finding, PlatformPlan
from sizing.words import Cloud, Severity, Verdict
from stacks import aws, decision, program
from stacks.config import ConfigError, StackConfig, load, parse, stack_path
from stacks.config_model import Layer
from stacks.decision import decide
from tests.components.support import ACCOUNT, Recorder
from tests.stacks.recorded import record, refusal
from tests.stacks.stack_texts import on_aws

pytestmark = pytest.mark.one_cloud(
    Cloud.AWS, "providers and exports of AWS; test_gcp has those of Google Cloud"
)

ROOT = Path(__file__).parent.parent.parent


def platform() -> dict[str, Any]:
    text = stack_path("prod-large").read_text()
    loaded = yaml.safe_load(text)["config"]["aigw:platform"]
    assert isinstance(loaded, dict)
    return loaded


def run(values: dict[str, Any]) -> Recorder:
    """Run the program as the engine would, with these values as its config."""
    return record(program.main, {"aigw:platform": values})


def refused(values: dict[str, Any]) -> tuple[str, list[str]]:
    """Run the program and return why it stopped, with whatever it had registered."""
    return refusal(program.main, {"aigw:platform": values}, project="aigw", stack="prod-large")


@pytest.fixture(scope="module")
def built() -> Recorder:
    return run(platform())


def test_a_refused_config_registers_nothing_and_tells_every_problem() -> None:
    message, registered = refused({**platform(), "tier": "small", "teir": "large"})
    assert registered == []
    assert 'did you mean "tier"?' in message
    assert '"small" in the stack "prod-large"' in message


def test_a_vpc_too_small_for_its_pods_names_the_prefix_that_works() -> None:
    values = {**platform(), "network": {"vpc_cidr": "10.80.0.0/26"}}
    message, registered = refused(values)
    assert registered == []
    path = "stacks/Pulumi.prod-large.yaml: aigw:platform.network.vpc_cidr"
    assert f"{path}: found 10.80.0.0/26, too small: " in message
    assert "; allowed: the smallest range that works is a /" in message


def test_an_error_finding_registers_nothing_and_says_what_to_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = Finding(
        id="postgres.connections",
        component="postgres",
        constraint="connections",
        demand=2.0,
        capacity=1.0,
        unit="connections",
        utilisation=2.0,
        verdict=Verdict.REFUTED,
        severity=Severity.ERROR,
        message="two connections do not fit one",
        fix="take the next class",
        source="sizing-decisions",
    )

    def with_error(_plan: PlatformPlan) -> tuple[Finding, ...]:
        return (replace(error, severity=Severity.WARNING, id="postgres.other"), error)

    monkeypatch.setattr(decision, "check", with_error)
    message, registered = refused(platform())
    assert registered == []
    assert "postgres.connections: two connections do not fit one; take the next class" in message
    assert "postgres.other" not in message


def test_every_part_of_the_plan_is_built(built: Recorder) -> None:
    parts = {one.type.rsplit(":", 1)[-1] for one in built.resources if not one.custom}
    assert parts >= {
        *{"Keys", "Network", "Eks", "NodePools", "Addons"},
        *{"Objects", "Files", "Postgres", "Cache", "Search", "Backups"},
    }
    plan = decide(load(stack_path("prod-large"))).plan
    assert len(built.all("aigw:aws:Cache")) == len(plan.caches)
    assert len(built.all("NodeGroup")) == len(plan.node_pools)


def test_the_provider_refuses_every_account_but_the_configs(built: Recorder) -> None:
    provider = built.one("pulumi:providers:aws")
    assert json.loads(provider.inputs["allowedAccountIds"]) == [ACCOUNT]
    assert provider.inputs["region"] == "us-east-1"
    tags = json.loads(provider.inputs["defaultTags"])["tags"]
    assert (tags["stack"], tags["tier"]) == ("prod", "large")
    assert "assumeRoles" not in provider.inputs


def test_the_provider_assumes_the_role_that_the_config_names() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/aigw-bootstrap/aigw-deploy"
    provider = run({**platform(), "assume_role": role}).one("pulumi:providers:aws")
    assert json.loads(provider.inputs["assumeRoles"]) == [{"roleArn": role}]


def test_every_role_has_the_configs_boundary_and_path(built: Recorder) -> None:
    roles = built.all("aws:iam/role:Role")
    assert roles
    iam = platform()["iam"]
    for role in roles:
        assert role.inputs["path"] == iam["path"]
        assert role.inputs["permissionsBoundary"] == iam["permissions_boundary"]


@functools.cache
def exported(stack: str = "prod-large", *, layers: tuple[Layer, ...] = ()) -> dict[str, Any]:
    """Return the exports' values, resolved under the recorder."""
    config = load(stack_path(stack))
    if layers:
        config = config.model_copy(update={"layers": layers})
    found: dict[str, Any] = {}

    def build() -> None:
        for name, value in aws.build(on_aws(config), decide(config).plan).items():
            pulumi.Output.from_input(value).apply(
                lambda known, name=name: found.__setitem__(name, known)  # type: ignore[misc]
            )

    record(build)
    return found


def test_exports_name_cluster_stores_secrets_buckets_and_the_next_lines() -> None:
    found = exported()
    assert set(found) == {
        *{"stack", "cluster", "kubeconfig", "network", "keys", "postgres", "caches", "search"},
        *{"files", "buckets", "backups", "secrets", "urls", "next_steps"},
    }
    assert found["cluster"]["name"] == "aigw-prod"
    assert {"postgres", *(f"cache_{role}" for role in found["caches"])} < set(found["secrets"])
    assert found["secrets"]["litellm"] == "aigw/prod/litellm"
    assert found["urls"] == {
        "api": "https://api.ai.example.com",
        "mcp": "https://mcp.ai.example.com",
    }
    lines = found["next_steps"]
    role = "arn:aws:iam::123456789012:role/platform-admin"
    update = "aws eks update-kubeconfig --region us-east-1 --name aigw-prod"
    assert f"{update} --role-arn {role}" in lines
    assert "kubectl get nodes" in lines


def test_a_stack_of_its_infrastructure_alone_exports_nothing_of_workloads() -> None:
    found = exported(layers=("infra",))
    assert "urls" not in found
    assert "litellm" not in found["secrets"]
    assert not any("curl" in line for line in found["next_steps"])


def test_the_next_lines_ask_the_gateway_for_a_first_answer() -> None:
    lines = exported()["next_steps"]
    (key,) = (line for line in lines if line.startswith("KEY="))
    assert "--secret-id aigw/prod/litellm " in key
    (ask,) = (line for line in lines if "/v1/chat/completions" in line)
    assert "https://api.ai.example.com/v1/chat/completions" in ask
    words = shlex.split(ask)
    question = json.loads(words[words.index("--data") + 1])
    assert question["model"] == "llama-3.1-8b"
    assert words[words.index("--header") + 1] == "Authorization: Bearer $KEY"


def test_shells_take_the_next_lines_as_they_are() -> None:
    lines = exported()["next_steps"]
    (at,) = (place for place, line in enumerate(lines) if "master user" in line)
    before, _, quoted = lines[at + 1].partition(" --secret-id ")
    # RDS names it "rds!...", and a shell recalls commands by "!" outside of such quotes
    assert (quoted[0], quoted[-1]) == ("'", "'"), before
    assert lines[-1] == "uv run aigw plan prod-large"


def test_without_a_load_balancer_the_next_lines_go_through_the_cluster() -> None:
    lines = exported("dev-small")["next_steps"]
    assert any("port-forward --namespace dev-gateway service/litellm 4000:4000" in x for x in lines)
    assert any("http://localhost:4000/v1/chat/completions" in line for line in lines)


def test_the_kubeconfig_names_role_and_region_and_holds_no_secret() -> None:
    text = exported()["kubeconfig"]
    assert text == exported()["kubeconfig"]
    (user,) = json.loads(text)["users"]
    assert set(user["user"]) == {"exec"}
    arguments = user["user"]["exec"]["args"]
    assert "arn:aws:iam::123456789012:role/platform-admin" in arguments
    assert "us-east-1" in arguments


def warned(config: StackConfig) -> list[Finding]:
    """Return what of a config must be looked at; what it is merely told stays out."""
    return [
        one
        for one in decide(config).findings
        if one.component == "config" and one.severity is not Severity.INFORMATION
    ]


def test_examples_are_warned_of_by_file_and_key() -> None:
    config = load(stack_path("prod-large"))
    found = {one.id: one for one in warned(config)}
    assert set(found) == {"config.account-id", "config.allow-list", "config.domain"}
    for finding in found.values():
        assert finding.severity is Severity.WARNING
        assert "stacks/Pulumi.prod-large.yaml: aigw:platform." in finding.message
        assert finding.fix


def test_a_config_of_ones_own_is_not_warned_of() -> None:
    text = stack_path("prod-large").read_text()
    own = text.replace("123456789012", "210987654321").replace("203.0.113.", "198.18.4.")
    own = own.replace("ai.example.com", "ai.platform.dev").replace("EXAMPLE", "SAMPLE")
    config = parse(own, "stacks/Pulumi.prod-large.yaml")
    assert warned(config) == []


def test_a_plan_that_cannot_be_made_is_a_config_error() -> None:
    config = load(stack_path("prod-large"))
    small = config.model_copy(
        update={"network": config.network.model_copy(update={"vpc_cidr": "10.80.0.0/27"})}
    )
    with pytest.raises(ConfigError, match=r"network\.vpc_cidr"):
        decide(small)


def test_a_refused_config_does_not_wait_for_the_aws_sdk() -> None:
    code = "import stacks.program, sys; sys.exit('pulumi_aws' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
