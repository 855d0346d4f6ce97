"""Which service accounts of a stack act outside its cluster, and what for; how is each cloud's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from components.kubernetes import external_secrets, opensearch, qdrant
from components.object_stores import OF_CLOUD
from components.workloads import WorkloadPlan
from sizing.planning.observability import PROMETHEUS, THANOS_COMPACT, THANOS_STORE
from sizing.plans import PlatformPlan
from stacks.apps import offer, search, vault
from stacks.config_model import StackConfig

OBSERVABILITY = "observability"


class Purpose(StrEnum):
    """What a service account does at the cloud."""

    COPIES_SECRETS = "copies secrets into the cluster"
    KEEPS_VECTORS = "stores snapshots of the vector database"
    BRINGS_METRICS = "brings blocks of metrics"
    READS_METRICS = "reads blocks of metrics"
    TIDIES_METRICS = "tidies blocks of metrics up"
    READS_WEIGHTS = "reads weights"
    FILLS_WEIGHTS = "fills the bucket of weights"
    ASKS_MODELS = "asks the cloud's own models"
    IS_APPLICATION = "is the stack's application"
    OPENS_VAULT = "opens Vault"
    SETS_VAULT_UP = "sets Vault up"
    CERTIFIES_VAULT = "makes Vault's certificates"
    KEEPS_VAULT = "stores snapshots of Vault"
    CERTIFIES_SEARCH = "makes the certificate of OpenSearch's members"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A service account, and what it is for."""

    plan: WorkloadPlan
    purpose: Purpose


def accounts(config: StackConfig, plan: PlatformPlan) -> Iterator[Account]:
    """Return the accounts that a stack with a cluster of its own has on every cloud."""
    homes = {one.role: one.name for one in plan.namespaces}
    yield _account(external_secrets.OPERATOR, homes["system"], Purpose.COPIES_SECRETS)
    yield from own_accounts(config, plan)
    names = {one.name for one in plan.services}
    if THANOS_STORE in names:
        home = homes[OBSERVABILITY]
        yield _account(PROMETHEUS, home, Purpose.BRINGS_METRICS)
        yield _account(THANOS_STORE, home, Purpose.READS_METRICS)
        yield _account(THANOS_COMPACT, home, Purpose.TIDIES_METRICS)
    for model in plan.models:
        yield _account(model.service, homes["serving"], Purpose.READS_WEIGHTS)
    if plan.models:
        yield _account("model-sync", homes["serving"], Purpose.FILLS_WEIGHTS)
    if plan.vault is not None:
        yield from _vault(homes)
    if search.in_cluster(plan) is not None:
        yield _account(opensearch.CERTIFICATES, homes[search.ROLE], Purpose.CERTIFIES_SEARCH)


def own_accounts(config: StackConfig, plan: PlatformPlan) -> Iterator[Account]:
    """Return those of them that a guest of another stack's cluster has as well."""
    homes = {one.role: one.name for one in plan.namespaces}
    keeper = qdrant.snapshots_account(OF_CLOUD[config.cloud])
    yield _account(keeper, homes["data"], Purpose.KEEPS_VECTORS)
    if offer.models_by_identity(config):
        yield _account("litellm", homes["gateway"], Purpose.ASKS_MODELS)
    if config.services.application is not None:
        yield _account(offer.APPLICATION, homes["apps"], Purpose.IS_APPLICATION)


def _vault(homes: Mapping[str, str]) -> Iterator[Account]:
    home = homes[vault.ROLE]
    yield _account("vault", home, Purpose.OPENS_VAULT)
    yield _account("vault-setup", home, Purpose.SETS_VAULT_UP)
    yield _account("vault-certificates", home, Purpose.CERTIFIES_VAULT)
    yield _account("vault-snapshots", home, Purpose.KEEPS_VAULT)


def _account(name: str, namespace: str, purpose: Purpose) -> Account:
    plan = WorkloadPlan(name=name, namespace=namespace, service_account=name)
    return Account(plan=plan, purpose=purpose)
