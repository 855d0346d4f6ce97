"""What a host on Google Cloud tells its guests besides what any host does."""

from __future__ import annotations

from dataclasses import dataclass

from stacks.hosting import Hosted


@dataclass(frozen=True, slots=True, kw_only=True)
class GcpHosted(Hosted):
    """What stands of a host on Google Cloud.

    Attributes:
        network_id: "projects/<project>/global/networks/<name>".
        subnet_id: of the nodes, from which stores may take addresses.
        workload_pool: of the identities of pods, which is the project's.
        server_authority: certificates that the database server's own chains to, as PEM.
    """

    project: str
    network_id: str
    subnet_id: str
    workload_pool: str
    server_authority: str
