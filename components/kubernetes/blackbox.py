"""The prober: who has a certificate is asked for it from outside, as callers ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes import blackbox_config, exporter
from components.kubernetes.access import Peer
from components.kubernetes.blackbox_config import Module
from components.kubernetes.container import Container, Files, Port, resources_of
from components.kubernetes.exporter import PORT_NAME, Surroundings
from sizing.plans import ServicePlan

PORT = 9115
# Certificates change over months, and PostgreSQL writes a line into its log for each handshake that
# nobody speaks after. Prometheus forgets what it has not read for five minutes: one may fail.
PERIOD_SECONDS = 120
_FOLDER, _FILE = "/etc/blackbox-exporter", "config.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """Something with a certificate.

    Attributes:
        host: as its certificate names it.
        peer: where it is, as the network sees it.
    """

    host: pulumi.Input[str]
    port: int
    peer: Peer
    module: Module = Module.SIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class BlackboxArgs:
    """What is probed, by the name that alerts give it."""

    plan: ServicePlan
    around: Surroundings
    probed: Mapping[str, Probed]


class Blackbox(PlatformComponent):
    """One prober for all: each scrape names the one that it is about.

    What it probes must let it in, as the pods of its plan's name.
    """

    def __init__(
        self, name: str, args: BlackboxArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:Blackbox", name, args.plan, opts)
        container = Container(
            name="exporter",
            image="blackbox-exporter",
            resources=resources_of(args.plan),
            arguments=(
                f"--config.file={_FOLDER}/{_FILE}",
                f"--web.listen-address=:{PORT}",
            ),
            ports=(Port(name=PORT_NAME, number=PORT),),
            probes=exporter.probes(),
            files=(Files(path=_FOLDER, contents={_FILE: blackbox_config.text()}),),
        )
        made = exporter.service(
            self,
            name,
            args.plan,
            args.around,
            container,
            metrics=None,
            calls=_peers(args.probed),
        )
        asked = {
            role: {"module": (one.module.value,), "target": (address(one),)}
            for role, one in args.probed.items()
        }
        exporter.targets(self, name, args.plan, args.around, made, "/probe", asked, PERIOD_SECONDS)
        self.register_outputs({})


def address(one: Probed) -> pulumi.Output[str]:
    """Return what is probed as the prober names it."""
    return pulumi.Output.concat(one.host, f":{one.port}")


def _peers(probed: Mapping[str, Probed]) -> tuple[Peer, ...]:
    """Return each place once, in the order of the names."""
    return tuple(dict.fromkeys(one.peer for _, one in sorted(probed.items())))
