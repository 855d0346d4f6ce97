"""What every part of a stack on AWS stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from components.aws.identity import IamSettings
from components.aws.network import Network
from sizing.plans import NetworkPlan, PlatformPlan
from sizing.words import SubnetKind
from stacks.aws_hosting import AwsHosted
from stacks.config_aws import AwsConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What every part of any stack stands on.

    Attributes:
        keys: ARNs of its own keys.
        opts: providers of the cloud.
    """

    config: AwsConfig
    plan: PlatformPlan
    keys: Mapping[str, pulumi.Output[str]]
    iam: IamSettings
    tags: Mapping[str, str]
    opts: pulumi.ResourceOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground(Floor):
    """What every part of a stack with a cluster of its own stands on.

    Attributes:
        host: what the host of its stores told of itself, None where the stores are its own.
        hosts_blocks: of the subnets in which those stand, by zone id.
    """

    network: Network
    host: pulumi.Output[AwsHosted] | None = None
    hosts_blocks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lodger(Floor):
    """What every part of a guest of a cluster stands on.

    Attributes:
        host: what its host told of itself.
    """

    host: pulumi.Output[AwsHosted]


def blocks(network: NetworkPlan, kind: SubnetKind) -> dict[str, str]:
    """Return the blocks of a network's subnets of a kind, by zone id."""
    return {one.zone_id: one.cidr for one in network.subnets if one.kind is kind}
