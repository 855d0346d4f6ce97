"""Third parties' charts, pinned: operators and controllers that the platform only configures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_kubernetes.helm.v3 import Release, RepositoryOptsArgs

from components.base import PlatformComponent
from sizing.versions import CHARTS, ChartPin

OCI = "oci://"
TIMEOUT_SECONDS = 600
_KEPT_REVISIONS = 5  # each is a secret with the whole chart in it


def release(
    owner: PlatformComponent,
    name: str,
    chart_key: str,
    namespace: pulumi.Input[str],
    values: Mapping[str, object],
    *,
    after: Sequence[pulumi.Resource] = (),
    timeout_seconds: int = TIMEOUT_SECONDS,
    crds: bool = False,
    known_as: str = "",
) -> Release:
    """Install a pinned chart under its own name; it is done when all that it starts is ready.

    A failed installation is taken away again and a failed upgrade rolled back, so that the next
    `up` starts from something whole. Another chart or namespace replaces the release.

    Args:
        name: of the resource, unique in the stack.
        chart_key: its name in `sizing.versions.CHARTS`, by which Helm knows the release too.
        namespace: where it lives; `after` waits for it, so that it is there first and goes last.
        values: what differs from the chart's own; no secret may stand in it.
        after: what must exist first, and goes after the release is gone.
        timeout_seconds: for the whole of it, its pods and jobs included.
        crds: install those of the chart's `crds` folder, which Helm never upgrades afterwards.
        known_as: by what else than its chart's name Helm knows it, where a chart is there twice.

    Raises:
        KeyError: no such chart is pinned.
    """
    pin = CHARTS[chart_key]
    return Release(
        name,
        name=known_as or chart_key,
        chart=chart_of(pin),
        version=pin.version,
        repository_opts=repository_of(pin),
        namespace=namespace,
        create_namespace=False,  # namespaces are made here, with their rules
        values=dict(values),
        skip_crds=not crds,
        atomic=True,
        cleanup_on_fail=True,
        skip_await=False,
        wait_for_jobs=True,
        timeout=timeout_seconds,
        max_history=_KEPT_REVISIONS,
        opts=owner.child_with(
            depends_on=[*after],
            custom_timeouts=pulumi.CustomTimeouts(
                create=f"{timeout_seconds}s",
                update=f"{timeout_seconds}s",
                delete=f"{timeout_seconds}s",
            ),
        ),
    )


def chart_of(pin: ChartPin) -> str:
    """Return how Helm names the chart: whole where it stands in an OCI registry."""
    return f"{pin.repository}/{pin.chart}" if pin.repository.startswith(OCI) else pin.chart


def repository_of(pin: ChartPin) -> RepositoryOptsArgs | None:
    """Return the chart's repository, None where its name says it all."""
    if pin.repository.startswith(OCI):
        return None
    return RepositoryOptsArgs(repo=pin.repository)
