"""The secrets that a stack file may hold beside `aigw:platform`: their names, never their values.

Pulumi encrypts them (`pulumi config set --secret`). Nothing here decrypts one: that it stands in
the file is all there is to know, so a check of it needs no passphrase and no engine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from stacks.config_providers import KEYED, Provider

NAMESPACE: Final = "aigw:"
HUGGING_FACE: Final = f"{NAMESPACE}huggingface-token"
AGENT_ROUTER: Final = f"{NAMESPACE}agent-router-"
PROVIDER_KEY: Final = f"{NAMESPACE}key-"
ALERTS: Final = f"{NAMESPACE}alerts-"
GRAFANA_OIDC: Final = f"{NAMESPACE}grafana-oidc"
# receiver of alerts -> what of it is secret
RECEIVERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "slack": "slack-url",
        "pagerduty": "pagerduty-routing-key",
        "email": "email-password",
        "webhook": "webhook-url",
        "heartbeat": "heartbeat-url",
    }
)

KNOWN: Final = (
    *(f"{PROVIDER_KEY}{provider}" for provider in KEYED),
    HUGGING_FACE,
    *(f"{ALERTS}{name}" for name in RECEIVERS.values()),
    GRAFANA_OIDC,
)
"""Every secret whose name is fixed."""

IN_WORDS: Final = (
    f"{PROVIDER_KEY}<provider>",
    HUGGING_FACE,
    f"{ALERTS}<receiver>",
    GRAFANA_OIDC,
    f"{AGENT_ROUTER}<name>",
)
"""The secrets as messages name them."""

AGENT_ROUTER_PATTERN: Final = rf"{AGENT_ROUTER}[a-z0-9]+(-[a-z0-9]+)*"


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of a stack.

    Attributes:
        names: config keys that hold one ("aigw:key-openai").
        elsewhere: Pulumi ESC environments are imported, which may hold others.
    """

    names: frozenset[str] = frozenset()
    elsewhere: bool = False

    @property
    def of_agent_router(self) -> tuple[str, ...]:
        """Return the agent router's, sorted."""
        return tuple(sorted(name for name in self.names if name.startswith(AGENT_ROUTER)))


NO_SECRETS: Final = Secrets()


def is_secret_key(key: str) -> bool:
    """Say whether a config key holds a secret, and nothing but one."""
    return key in KNOWN or re.fullmatch(AGENT_ROUTER_PATTERN, key) is not None


def looks_secret(key: str) -> bool:
    """Say whether somebody meant a config key to hold a secret, known or not."""
    return key.startswith((PROVIDER_KEY, HUGGING_FACE, ALERTS, GRAFANA_OIDC, AGENT_ROUTER))


def key_of(provider: Provider) -> str:
    """Return the config key that holds a provider's key."""
    return f"{PROVIDER_KEY}{provider}"


def set_with(key: str) -> str:
    """Return the command that stores a secret."""
    return f"`pulumi config set --secret {key}`"
