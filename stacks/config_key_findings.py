"""Keys and tokens that a stack uses and nobody has stored: errors before anything is registered.

A secret is known by its name alone: as a config key whose encrypted value stands in the stack's
file, or as the name of one in the cloud's store. Whether what it holds is right shows on use.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sizing.plans import Finding
from sizing.plans.workloads import ModelPlan
from sizing.words import Cloud, Severity, Verdict
from stacks.config_errors import words
from stacks.config_model import StackConfig
from stacks.config_providers import needs_key
from stacks.config_secrets import (
    AGENT_ROUTER,
    ALERTS,
    GRAFANA_OIDC,
    HUGGING_FACE,
    RECEIVERS,
    key_of,
    set_with,
)

STORES = {Cloud.AWS: "AWS Secrets Manager", Cloud.GCP: "Secret Manager of Google Cloud"}
"""Where a cloud keeps secrets, as people call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A secret that something uses.

    Attributes:
        constraint: last part of the finding's id.
        path: dotted path, inside `aigw:platform`, of the part that uses it.
        what: in words, for whom.
        key: config key that may hold it, "" for several.
        stored: config keys that hold it now.
        existing: name of a secret of the cloud's store that holds it, None for none.
    """

    constraint: str
    path: str
    what: str
    key: str
    stored: tuple[str, ...]
    existing: str | None


def key_findings(config: StackConfig, models: Sequence[ModelPlan], place: str) -> Iterator[Finding]:
    """Return a finding for each secret that is used and missing, or that is there twice."""
    needs = (
        *_providers(config),
        *_gated(config, models),
        *_agent_router(config),
        *_receivers(config),
        *_single_sign_on(config),
    )
    for need in needs:
        at = f"{place}.{need.path}"
        store = STORES[config.cloud]
        ways = f"existing_secret, the name of a secret in {store}, or {_way(need)}"
        if need.existing and need.stored:
            yield finding(
                need.constraint,
                f"{at}: found existing_secret beside {words(need.stored, 'and')}; "
                f"allowed: one source of {need.what}",
                f"remove {at}.existing_secret, or `pulumi config rm {need.stored[0]}`",
                severity=Severity.ERROR,
                verdict=Verdict.REFUTED,
            )
        elif not need.existing and not need.stored:
            imported = config.secrets.elsewhere
            yield finding(
                need.constraint,
                f"{at}: found nothing that holds {need.what}"
                + (" but an imported Pulumi environment, which may" if imported else "")
                + f"; allowed: {ways}",
                f"store it with {_way(need)}, or name it in {at}.existing_secret",
                severity=Severity.WARNING if imported else Severity.ERROR,
                verdict=Verdict.UNPROVEN if imported else Verdict.REFUTED,
            )


def _way(need: Need) -> str:
    return set_with(need.key or f"{AGENT_ROUTER}<name>")


def _stored(config: StackConfig, key: str) -> tuple[str, ...]:
    return (key,) if key in config.secrets.names else ()


def _providers(config: StackConfig) -> Iterator[Need]:
    stated = config.models.providers
    for provider in sorted({one.provider for one in config.models.external}):
        if needs_key(provider, config.cloud):
            yield Need(
                constraint=f"key-{provider}",
                path=f"models.providers.{provider}",
                what=f"the key of {provider}",
                key=key_of(provider),
                stored=_stored(config, key_of(provider)),
                existing=stated[provider].existing_secret if provider in stated else None,
            )


def _gated(config: StackConfig, models: Sequence[ModelPlan]) -> Iterator[Need]:
    gated = [model.repository for model in models if model.gated]
    if gated:
        yield Need(
            constraint="huggingface-token",
            path="models.huggingface",
            what=f"the Hugging Face token that {words(gated, 'and')} cannot be fetched without",
            key=HUGGING_FACE,
            stored=_stored(config, HUGGING_FACE),
            existing=config.models.huggingface.existing_secret,
        )


def _agent_router(config: StackConfig) -> Iterator[Need]:
    router = config.services.agent_router
    if router is not None:
        yield Need(
            constraint="agent-router-credentials",
            path="services.agent_router",
            what="the agent router's credentials",
            key="",
            stored=config.secrets.of_agent_router,
            existing=router.existing_secret,
        )


def _receivers(config: StackConfig) -> Iterator[Need]:
    alerts = config.services.alerts
    for receiver, name in RECEIVERS.items():
        stated = getattr(alerts, receiver)
        if stated is not None and alerts.enabled:
            key = f"{ALERTS}{name}"
            yield Need(
                constraint=f"alerts-{receiver}",
                path=f"services.alerts.{receiver}",
                what=f"the secret of {receiver}",
                key=key,
                stored=_stored(config, key),
                existing=stated.existing_secret,
            )


def _single_sign_on(config: StackConfig) -> Iterator[Need]:
    stated = config.services.grafana
    if stated.enabled and stated.oidc is not None:
        yield Need(
            constraint="grafana-oidc",
            path="services.grafana.oidc",
            what="the client secret of single sign-on",
            key=GRAFANA_OIDC,
            stored=_stored(config, GRAFANA_OIDC),
            existing=stated.oidc.existing_secret,
        )


def finding(
    constraint: str,
    message: str,
    fix: str,
    *,
    severity: Severity = Severity.WARNING,
    verdict: Verdict = Verdict.UNPROVEN,
) -> Finding:
    """Return a finding of the config's own, an unproven warning unless said otherwise."""
    return Finding(
        id=f"config.{constraint}",
        component="config",
        constraint=constraint,
        demand=None,
        capacity=None,
        unit="",
        utilisation=None,
        verdict=verdict,
        severity=severity,
        message=message,
        fix=fix,
        source="sizing-decisions",
    )
