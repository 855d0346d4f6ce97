"""Secrets that a stack is given, or finds in the cloud's store, by what its config says."""

from __future__ import annotations

import pulumi

from components.naming import PROJECT
from components.secret_values import GivenSecret
from stacks.config_model import StackConfig
from stacks.config_secrets import NAMESPACE


def given_secrets(config: StackConfig) -> tuple[GivenSecret, ...]:
    """Return the secrets that stand in the stack's file; a value is read as it is needed."""
    return tuple(_given(name) for name in given_names(config))


def given_names(config: StackConfig) -> tuple[str, ...]:
    """Return the names of the secrets that stand in the stack's file, sorted."""
    return tuple(sorted(name.removeprefix(NAMESPACE) for name in config.secrets.names))


def existing_names(config: StackConfig) -> tuple[str, ...]:
    """Return the secrets of the cloud's store that the config points to, sorted."""
    models, agents, load_test = config.models, config.agents, config.services.load_test
    router, application = config.services.agent_router, config.services.application
    gateway = config.services.osmen_gateway
    named = (
        *(one.existing_secret for one in models.providers.values()),
        models.huggingface.existing_secret,
        *(one.existing_secret for one in agents.servers.values()),
        *(one.existing_secret for one in agents.agents.values()),
        router.existing_secret if router else None,
        load_test.existing_secret if load_test else None,
        *(application.secrets.values() if application else ()),
        *config.services.alerts.existing_secrets,
        config.services.grafana.oidc.existing_secret if config.services.grafana.oidc else None,
        *(gateway.secrets.values() if gateway else ()),
    )
    return tuple(sorted({one for one in named if one}))


def _given(name: str) -> GivenSecret:
    return GivenSecret(name=name, value=pulumi.Config(PROJECT).require_secret(name))
