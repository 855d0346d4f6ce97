"""The shared file system on Filestore: reached by the nodes alone, over NFS inside the network.

NFS knows users by number and trusts the node for it; there are neither roles nor TLS. What keeps
others out is the network, the export to the nodes' addresses, and that no pod of a workload runs
as root. Root is not squashed, for a node, as root, gives every folder to the group of the pod that
it mounts it for; the folders themselves are made by `components.kubernetes.file_folders`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_gcp import filestore

from components.base import PlatformComponent
from components.naming import store_name
from sizing.catalog.google import filestore_tier
from sizing.plans import FilesPlan

SHARE = "files"
"""Name of the one share; Filestore takes 16 characters."""
_NAME_MOST = 63
# without keys of customers, NFS 4.1 and the zones of a region
# (cloud.google.com/filestore/docs/cmek-organization-policy; the SDK's docstring on `protocol`)
_BASIC = ("BASIC_HDD", "BASIC_SSD", "STANDARD", "PREMIUM")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesArgs:
    """What the file system needs from its surroundings; its shape stands in `plan`.

    Attributes:
        stack: the platform's name, part of the instance's.
        zone_ids: of the region; a tier of one zone stands in the first.
        network_id: "projects/<project>/global/networks/<name>".
        allocated_range: name of the range of its address, None for any.
        private_services: what makes the network's private services reachable.
        client_ranges: addresses of the nodes: a node mounts, whatever pod it does so for.
        data_key: key of the files, in the same region, where the tier takes one.
    """

    plan: FilesPlan
    stack: str
    region: str
    zone_ids: tuple[str, ...]
    network_id: pulumi.Input[str]
    allocated_range: pulumi.Input[str] | None = None
    private_services: Sequence[pulumi.Resource]
    client_ranges: Sequence[str]
    data_key: pulumi.Input[str]
    labels: Mapping[str, str]
    protect: bool


class Files(PlatformComponent):
    """One instance with one share, provisioned by size.

    Capacity grows in place; tier, place, protocol, network and key make a new instance and lose
    the files, which protection refuses.
    """

    host: pulumi.Output[str]
    """Address to mount from."""
    share: str
    """Name of the share at that address."""
    instance: pulumi.Output[str]
    """Name of the instance, known once it can be mounted."""
    location: str
    """Region or zone of the instance."""
    newer: bool
    """Whether the share speaks NFS 4.1; else it speaks NFS 3."""

    def __init__(
        self, name: str, args: FilesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:gcp:Files", name, args.plan, opts)
        self._args = args
        self.share, self.location = SHARE, place(args.plan, args.region, args.zone_ids)
        self.newer = not is_basic(args.plan)
        made = self._instance(name)
        self.host = made.networks.apply(_first_address)
        self.instance = made.name
        self.register_outputs(
            {
                "host": self.host,
                "share": self.share,
                "instance": self.instance,
                "location": self.location,
            }
        )

    def _instance(self, name: str) -> filestore.Instance:
        args, plan = self._args, self._args.plan
        return filestore.Instance(
            f"{name}-instance",
            name=store_name(args.stack, name, _NAME_MOST),
            description=f"{name} of {args.stack}",
            tier=plan.throughput_mode,
            location=self.location,
            protocol="NFS_V4_1" if self.newer else "NFS_V3",
            file_shares=filestore.InstanceFileSharesArgs(
                name=SHARE,
                capacity_gb=plan.planning_gib,
                nfs_export_options=[
                    filestore.InstanceFileSharesNfsExportOptionArgs(
                        ip_ranges=list(args.client_ranges),
                        access_mode="READ_WRITE",
                        squash_mode="NO_ROOT_SQUASH",
                    )
                ],
            ),
            networks=[
                filestore.InstanceNetworkArgs(
                    network=args.network_id,
                    modes=["MODE_IPV4"],
                    connect_mode="PRIVATE_SERVICE_ACCESS",
                    reserved_ip_range=args.allocated_range,
                )
            ],
            kms_key_name=None if is_basic(plan) else args.data_key,
            deletion_protection_enabled=args.protect,
            deletion_protection_reason="files of a protected stack" if args.protect else None,
            labels=self.tags(args.labels),
            opts=self.child_with(
                protect=args.protect,
                depends_on=args.private_services,
                # its name is taken as long as it exists
                delete_before_replace=True,
            ),
        )


def is_basic(plan: FilesPlan) -> bool:
    """Say whether the tier is one of those without customers' keys and without NFS 4.1."""
    return plan.throughput_mode in _BASIC


def place(plan: FilesPlan, region: str, zone_ids: Sequence[str]) -> str:
    """Return where the instance stands: a region, or its first zone for a tier of one zone.

    Raises:
        ValueError: a tier of one zone, and no zone.
        UnknownNameError: no such tier.
    """
    if filestore_tier(plan.throughput_mode).regional:
        return region
    if not zone_ids:
        raise ValueError(f"Filestore {plan.throughput_mode} stands in a zone, and none is given")
    return zone_ids[0]


def _first_address(networks: Sequence[filestore.outputs.InstanceNetwork] | None) -> str:
    addresses = (networks[0].ip_addresses or ()) if networks else ()
    return addresses[0] if addresses else ""
