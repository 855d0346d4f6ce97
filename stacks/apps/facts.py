"""What a stack tells of its workloads once they stand, and how to ask them first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pulumi

from sizing.plans import PlatformPlan
from stacks.config_model import StackConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class AppFacts:
    """What is to be known of the workloads.

    Attributes:
        secrets: names in the cloud's store of what was made or given for them, by secret.
        urls: where the load balancer answers, by target; none without one.
        models: what callers can name, one at least.
        operator: who copies secrets into the cluster, as the cloud says; "" where it is another's.
        storage_class: of the volumes of pods.
        search: name of OpenSearch within the cluster, "" where it stands outside.
        secret_arns: what the cloud calls the same secrets as a whole.
    """

    secrets: Mapping[str, pulumi.Output[str]]
    urls: Mapping[str, str]
    models: tuple[str, ...]
    operator: pulumi.Input[str] = ""
    storage_class: str = ""
    search: pulumi.Input[str] = ""
    secret_arns: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)


def model_names(config: StackConfig, plan: PlatformPlan) -> tuple[str, ...]:
    """Return what callers can name: the stack's own models, then those of outside."""
    return (*(one.name for one in plan.models), *(one.name for one in config.models.external))


def first_answer(config: StackConfig, apps: AppFacts, read: str) -> Iterator[pulumi.Input[str]]:
    """Return the lines that ask the model gateway for its first answer.

    Args:
        config: the stack's.
        apps: what is known of the workloads.
        read: command that prints a secret, up to the secret's name.
    """
    url = apps.urls.get("api")
    if url is None:
        home = f"{config.environment}-gateway"
        yield "# no load balancer stands before the gateway: reach it through the cluster"
        yield f"kubectl port-forward --namespace {home} service/litellm 4000:4000 &"
        url = "http://localhost:4000"
    yield "# the gateway's master key (make keys with it, never hand it out), and what it serves"
    pick = "python3 -c 'import json,sys; print(json.load(sys.stdin)[\"master_key\"])'"
    yield pulumi.Output.concat("KEY=$(", read, apps.secrets["litellm"], f" | {pick})")
    yield f'curl --fail {url}/v1/models --header "Authorization: Bearer $KEY"'
    yield "# a first answer"
    yield (
        f'curl --fail {url}/v1/chat/completions --header "Authorization: Bearer $KEY" '
        "--header 'Content-Type: application/json' --data "
        f"'{_question(apps.models[0])}'"
    )


def _question(model: str) -> str:
    return json.dumps({"model": model, "messages": [{"role": "user", "content": "Hello"}]})
