"""What the workloads of a stack may do on Google Cloud: rights of service accounts by name."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.gcp.secrets import Secrets
from components.gcp.workload_identity import Identity, IdentityArgs, Workload
from components.kubernetes.cluster import Identity as Bound
from stacks.apps.accounts import accounts
from stacks.gcp_ground import Floor, Ground
from stacks.gcp_recovery import Recovery
from stacks.gcp_rights import rights
from stacks.gcp_stores import Stores


def build_identities(
    on: Ground,
    stores: Stores,
    secrets: Secrets,
    far: Recovery | None,
    *,
    pool: pulumi.Input[str],
) -> dict[str, Bound]:
    """Register the rights; returned by "<namespace>/<service account>".

    Args:
        on: what everything stands on.
        stores: what workloads use.
        secrets: what the operator of secrets reads.
        far: the bucket of another region, None where copies stay in this one.
        pool: of the cluster's identities, known once it exists.
    """
    allowed = rights(on, stores, secrets, far)
    workloads = [
        Workload(plan=one.plan, rights=allowed[one.purpose]())
        for one in accounts(on.config, on.plan)
    ]
    return bind(on, workloads, pool=pool)


def bind(on: Floor, workloads: Sequence[Workload], *, pool: pulumi.Input[str]) -> dict[str, Bound]:
    """Register rights of accounts; returned by "<namespace>/<service account>".

    Args:
        on: what the stack stands on.
        workloads: the accounts, with what they may do.
        pool: of the cluster's identities, known once it exists.
    """
    made = Identity(
        "workloads",
        IdentityArgs(
            workloads=workloads, project_number=on.config.project_number, workload_pool=pool
        ),
        on.opts,
    )
    return {
        f"{one.plan.namespace}/{one.plan.service_account}": Bound(
            ready=tuple(made.bindings[one.plan.name])
        )
        for one in workloads
    }
