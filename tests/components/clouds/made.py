"""Every plan of the tables on either cloud, built once, and its parts by what they are on both.

A twin is what one cloud has and the other has, too; what is of one cloud alone is named beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from types import MappingProxyType

from components.naming import stack_tags
from sizing.plans import PlatformPlan
from sizing.words import Cloud, Environment, Tier
from tests.components.clouds import on_aws, on_gcp
from tests.components.support import Recorder, Registered, record
from tests.sizing.aws import requests as aws
from tests.sizing.gcp import requests as gcp

TWINS: Mapping[str, Mapping[Cloud, str]] = MappingProxyType(
    {
        name: MappingProxyType({Cloud.AWS: f"aigw:aws:{here}", Cloud.GCP: f"aigw:gcp:{there}"})
        for name, (here, there) in {
            "network": ("Network", "Network"),
            "keys": ("Keys", "Keys"),
            "cluster": ("Eks", "Gke"),
            "node-pools": ("NodePools", "NodePools"),
            "postgres": ("Postgres", "Postgres"),
            "cache": ("Cache", "Cache"),
            "files": ("Files", "Files"),
            "objects": ("Objects", "Objects"),
            "secrets": ("Secrets", "Secrets"),
            "registry": ("Registry", "Registry"),
            "storage-class": ("StorageClass", "StorageClass"),
            "ingress": ("Ingress", "Ingress"),
            "firewall-policy": ("Waf", "Armor"),
            "backups": ("Backups", "Backups"),
            "workload-identity": ("Identity", "Identity"),
        }.items()
    }
)
"""Component of each cloud, by what it is on both."""
ALONE: Mapping[str, str] = MappingProxyType(
    {
        "aigw:aws:Addons": "GKE's own, switched on with the cluster",
        "aigw:aws:DocumentDb": "Google Cloud sells none: PostgreSQL keeps documents there",
        "aigw:aws:KeyCopy": "a key of Google Cloud is in several regions from the first day",
        "aigw:aws:Peering": "stacks share no stores on Google Cloud yet",
        "aigw:aws:Search": "Google Cloud sells none: OpenSearch runs in the cluster there",
        "aigw:aws:SecretReader": "stacks share no cluster on Google Cloud yet",
        "aigw:gcp:ServiceAgents": "a service of AWS needs no account of its own in advance",
        "aigw:gcp:Services": "an account of AWS has every API from the first day",
    }
)
"""Components of one cloud, and why the other has none."""
STACKS = tuple((tier, environment) for environment, tier in product(Environment, Tier))


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A plan and what was registered for it; `tags` is what everything carries."""

    cloud: Cloud
    of: PlatformPlan
    tags: Mapping[str, str]
    recorder: Recorder

    def twin(self, name: str) -> tuple[Registered, ...]:
        """Return what a twin registered for the cloud, itself left out."""
        return tuple(below(self.recorder.resources, TWINS[name][self.cloud]))

    def components(self, name: str) -> list[Registered]:
        """Return the components of a twin: none where the plan has no such part."""
        return self.recorder.all(TWINS[name][self.cloud])


def below(resources: Sequence[Registered], component: str) -> list[Registered]:
    """Return the resources of the cloud that stand below components of a type, however deep."""
    inside = {one.urn for one in resources if one.type == component}
    found: list[Registered] = []
    grown = True
    while grown:
        more = [one for one in resources if one.parent in inside and one.urn not in inside]
        inside |= {one.urn for one in more}
        found += [one for one in more if one.custom]
        grown = bool(more)
    return found


def planned(cloud: Cloud, tier: Tier, environment: Environment) -> PlatformPlan:
    if cloud is Cloud.AWS:
        return aws.planned(environment, tier)
    return gcp.planned(tier, environment)


def build(of: PlatformPlan, stack: str = "") -> Made:
    """Register a plan's parts, under its own stack's name where no other is given."""
    cloud, environment, tier = of.request.cloud, of.request.environment, of.request.tier
    name = stack or f"{environment}-{tier}{'-gcp' if cloud is Cloud.GCP else ''}"
    tags = stack_tags(environment=environment, tier=str(tier), cost_centre="p", stack=name)
    builder = on_aws.build if cloud is Cloud.AWS else on_gcp.build
    return Made(cloud=cloud, of=of, tags=tags, recorder=record(lambda: builder(of, name, tags)))


@cache
def made(cloud: Cloud, tier: Tier, environment: Environment) -> Made:
    """Return what a plan registers: built once, and never changed."""
    return build(planned(cloud, tier, environment))
