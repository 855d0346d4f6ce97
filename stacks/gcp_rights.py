"""What service accounts of a stack may do on Google Cloud, by what they are for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pulumi

from components.gcp import workload_policies as policies
from components.gcp.secrets import Secrets
from components.gcp.workload_identity import Right
from stacks.apps import offer, search, vault
from stacks.apps.accounts import Purpose
from stacks.apps.secrets import existing_names
from stacks.gcp_ground import Floor, Ground
from stacks.gcp_own_stores import OwnStores
from stacks.gcp_recovery import Recovery
from stacks.gcp_stores import Stores

Rights = Mapping[Purpose, Callable[[], list[Right]]]
"""Rights by purpose, made only for what a stack has."""


def own_rights(on: Floor, stores: OwnStores) -> Rights:
    """Return what a stack's accounts do in whatever cluster they run.

    Args:
        on: what the stack stands on.
        stores: its own.
    """
    buckets = stores.objects.names
    return {
        Purpose.KEEPS_VECTORS: lambda: policies.snapshot_rights(buckets["backups"]),
        Purpose.ASKS_MODELS: lambda: policies.model_asking_rights(offer.vertex_project(on.config)),
        Purpose.IS_APPLICATION: lambda: policies.application_rights({"data": buckets["data"]}),
    }


def rights(on: Ground, stores: Stores, secrets: Secrets, far: Recovery | None) -> Rights:
    """Return what the accounts of a stack with a cluster of its own do.

    Args:
        on: what the stack stands on.
        stores: what workloads use.
        secrets: what the stack made, or was given.
        far: the bucket of another region, None where copies stay in this one.
    """
    buckets = stores.objects.names
    return {
        **own_rights(on, stores),
        Purpose.COPIES_SECRETS: lambda: _operator(on, stores, secrets),
        Purpose.BRINGS_METRICS: lambda: policies.shipper_rights(buckets["metrics"]),
        Purpose.READS_METRICS: lambda: policies.store_rights(buckets["metrics"]),
        Purpose.TIDIES_METRICS: lambda: policies.compactor_rights(buckets["metrics"]),
        Purpose.READS_WEIGHTS: lambda: policies.model_reader_rights(buckets["models"]),
        Purpose.FILLS_WEIGHTS: lambda: policies.model_writer_rights(buckets["models"]),
        Purpose.CERTIFIES_SEARCH: lambda: policies.search_certificate_rights(
            *(secrets.kept_ids[one] for one in (search.MEMBERS, search.SIGNER, search.TRUSTED))
        ),
        **_vault(on, stores, secrets, far),
    }


def _operator(on: Ground, stores: Stores, secrets: Secrets) -> list[Right]:
    made = {**secrets.ids, **_certificates(secrets), **_stores_own(stores)}
    return policies.secret_store_rights(made, existing_names(on.config), project=on.config.project)


def _certificates(secrets: Secrets) -> dict[str, pulumi.Input[str]]:
    """Return the certificates of servers: of what jobs keep, all that the cluster reads."""
    read = {search.MEMBERS, search.TRUSTED, vault.SERVER}
    return {name: id_ for name, id_ in secrets.kept_ids.items() if name in read}


def _stores_own(stores: Stores) -> dict[str, pulumi.Input[str]]:
    """Return the secrets that the stores keep themselves: the master's password, and tokens."""
    return {"postgres": stores.postgres.secret_id, **stores.tokens}


def _vault(on: Ground, stores: Stores, secrets: Secrets, far: Recovery | None) -> Rights:
    kept, here = secrets.kept_ids, stores.objects.names["backups"]
    return {
        Purpose.OPENS_VAULT: lambda: policies.vault_server_rights(on.keys.ids["vault"]),
        Purpose.SETS_VAULT_UP: lambda: policies.vault_setup_rights(
            kept[vault.RECOVERY], kept[vault.SESSION]
        ),
        Purpose.CERTIFIES_VAULT: lambda: policies.vault_certificate_rights(
            kept[vault.SERVER], kept[vault.AUTHORITY]
        ),
        Purpose.KEEPS_VAULT: lambda: policies.vault_snapshot_rights(
            {"here": here, **({"there": far.bucket} if far else {})}
        ),
    }
