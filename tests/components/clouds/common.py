"""What both clouds' components are given alike, beside the plan."""

from __future__ import annotations

import pulumi

from components.generated import GeneratedKey, GeneratedSecret
from components.secret_values import GivenSecret
from components.workloads import WorkloadPlan

ALLOWED = ("203.0.113.0/24",)
"""Who may call the Kubernetes API."""
ADMIN = "platform"
DOMAIN = "ai.example.com"
PROVIDER_KEY = "sk-of-the-provider"
"""A secret of the config: where it shows in clear, a test must fail."""
GENERATED = GeneratedSecret(
    name="litellm",
    keys=(GeneratedKey(name="master", length=48, prefix="sk-"),),
    protect=False,
)
PROXY = GeneratedSecret(
    name="litellm",
    keys=(
        GeneratedKey(name="master", length=48, prefix="sk-"),
        GeneratedKey(name="salt", length=48, permanent=True),
    ),
    protect=True,
)
AGENTS = GeneratedSecret(
    name="agent-gateway", keys=(GeneratedKey(name="session", length=32),), protect=False
)
READER = WorkloadPlan(name="reader", namespace="prod-serving", service_account="vllm")


def given() -> GivenSecret:
    return GivenSecret(name="key-openai", value=pulumi.Output.secret(PROVIDER_KEY))
