"""What a host on AWS tells its guests besides what any host does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stacks.hosting import Hosted


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsHosted(Hosted):
    """What stands of a host on AWS.

    Attributes:
        subnets: isolated ones of the network, by zone.
        security_group: of the cluster's nodes, which stores let in.
        node_role: ARN of the role of the nodes, which mount files.
        operator: ARN of the role that copies secrets into the cluster.
        server_group: security group of the database server, which lets in.
        key: ARN of the key of the host's secrets.
        search: host of the search domain, its ARN, and the security group that lets in.
        store_table: route table of the isolated subnets.
    """

    account_id: str
    vpc_id: str
    subnets: Mapping[str, str]
    security_group: str
    node_role: str
    operator: str
    server_group: str
    key: str
    search: str
    search_arn: str
    search_group: str
    store_table: str
