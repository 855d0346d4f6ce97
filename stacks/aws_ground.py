"""What every part of a stack on AWS stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.aws.identity import IamSettings
from components.aws.network import Network
from sizing.plans import PlatformPlan
from stacks.config_aws import AwsConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every part below stands on."""

    config: AwsConfig
    plan: PlatformPlan
    keys: Mapping[str, pulumi.Output[str]]
    network: Network
    iam: IamSettings
    tags: Mapping[str, str]
    opts: pulumi.ResourceOptions
