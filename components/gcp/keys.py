"""The platform's keys in Cloud KMS: one per kind of data, all in one ring of the region.

A key that must open while its region is away stands in a ring of the multi-region around it: a
key's material never leaves its location, so no copy of it can be made afterwards. Neither a ring
nor a key ever goes away, and no name can be used twice; both are therefore named by the engine, so
that a stack can be made again. Giving up a key destroys its versions alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pulumi
from pulumi_gcp import kms

from components.base import PlatformComponent
from components.gcp.key_grants import USER, agent, services_with_agents
from components.sequel import Sequel
from sizing.plans import KeyPlan

_DAY: Final = 24 * 60 * 60
# Cloud KMS, locations (kms-locations): by the first word of a region's name.
_MULTI_REGIONS: Final[Mapping[str, str]] = MappingProxyType({"europe": "europe", "us": "us"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysArgs:
    """What the keys need: their plans, and the project and region that they stand in.

    Attributes:
        project_number: service agents are named by it, not by the project's id.
        after: what turns Cloud KMS on, and makes the agents, where the same program does.
    """

    plans: tuple[KeyPlan, ...]
    project: str
    project_number: str
    region: str
    labels: Mapping[str, str]
    protect: bool
    after: Sequence[pulumi.Resource] = ()


class Keys(PlatformComponent):
    """One rotating key per plan, open to the agents of the services that the plan names.

    Those agents must exist beforehand: Cloud KMS refuses a grant to an account that does not, and
    the bootstrap makes them. How long a destroyed version can be brought back is said when a key is
    made, and never afterwards.
    """

    ids: dict[str, pulumi.Output[str]]
    """Full resource names by the plan's key names, known once the agents may use the key."""
    ready: list[pulumi.Resource]
    """The last grant of each key that has any."""

    def __init__(
        self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:gcp:Keys", name, args.plans, opts)
        self._name, self._args = name, args
        self._rings = {
            wide: self._ring(wide=wide) for wide in sorted({one.multi_region for one in args.plans})
        }
        self.ids, self.ready = {}, []
        for plan in args.plans:
            key = self._key(plan)
            granted = self._grants(plan, key)
            self.ids[plan.name] = pulumi.Output.all(key.id, *(one.id for one in granted)).apply(
                _first
            )
            self.ready += granted
        self.register_outputs({"ids": self.ids})

    def _ring(self, *, wide: bool) -> kms.KeyRing:
        args = self._args
        return kms.KeyRing(
            f"{self._name}-wide-ring" if wide else f"{self._name}-ring",
            project=args.project,
            location=multi_region(args.region) if wide else args.region,
            opts=self.child_with(protect=args.protect, depends_on=args.after),
        )

    def _key(self, plan: KeyPlan) -> kms.CryptoKey:
        return kms.CryptoKey(
            f"{self._name}-{plan.name}",
            key_ring=self._rings[plan.multi_region].id,
            purpose="ENCRYPT_DECRYPT",
            rotation_period=f"{plan.rotation_days * _DAY}s",
            destroy_scheduled_duration=f"{plan.deletion_window_days * _DAY}s",
            labels=self.tags(self._args.labels),
            # without its key the data is gone, whatever else survives
            opts=self.child_with(protect=self._args.protect),
        )

    def _grants(self, plan: KeyPlan, key: kms.CryptoKey) -> list[kms.CryptoKeyIAMMember]:
        """Grant a key, one agent after the other: a key has one policy that all of them write.

        Returns the last grant, nothing where no service has an agent.
        """
        row = Sequel(self, [])
        last: list[kms.CryptoKeyIAMMember] = []
        for service in services_with_agents(plan.services):
            granted = kms.CryptoKeyIAMMember(
                f"{self._name}-{plan.name}-{service}",
                crypto_key_id=key.id,
                role=USER,
                member=agent(service, self._args.project_number),
                opts=row.next,
            )
            row.add(granted)
            last = [granted]
        return last


def multi_region(region: str) -> str:
    """Return the location of keys that open while a region is away.

    Raises:
        ValueError: none is known around that region.
    """
    found = _MULTI_REGIONS.get(region.partition("-")[0])
    if found is None:
        raise ValueError(f"no multi-region of Cloud KMS is known around {region!r}")
    return found


def _first(ids: Sequence[str]) -> str:
    return ids[0]
