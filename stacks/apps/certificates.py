"""What is asked for its certificate: stores, databases, the way in, OpenSearch and Vault."""

from __future__ import annotations

from collections.abc import Iterator

from components.kubernetes import access, vault_config
from components.kubernetes import controllers as shared
from components.kubernetes.access import Blocks, Pods
from components.kubernetes.blackbox import Blackbox, BlackboxArgs, Probed
from components.kubernetes.blackbox_config import Module
from components.kubernetes.exporter import Surroundings
from sizing.planning.observability import BLACKBOX_EXPORTER, SEARCH_EXPORTER
from sizing.words import Cloud
from stacks.apps.controllers import Controllers
from stacks.apps.site import SearchEngine, Site

HOME, SECRETS = "observability", "vault"


def build_certificates(site: Site, around: Controllers) -> None:
    """Register what asks for certificates, nothing where nobody is told of their end."""
    if not site.has(BLACKBOX_EXPORTER):
        return
    home = site.cluster.namespaces[HOME]
    Blackbox(
        BLACKBOX_EXPORTER,
        BlackboxArgs(
            plan=site.service(BLACKBOX_EXPORTER),
            around=Surroundings(cluster=around.inside[HOME], namespace=home),
            probed=dict(_probed(site, around.inside[HOME].addresses)),
        ),
        site.opts,
    )


def _probed(site: Site, network: tuple[str, ...]) -> Iterator[tuple[str, Probed]]:
    for role, store in site.stores.items():
        peer = Blocks(blocks=network, ports=(store.port,))
        # clients judge an authority that is the store's own
        module = Module.SIGNED if store.authority is None else Module.OWN
        yield role, Probed(host=store.host, port=store.port, peer=peer, module=module)
    yield from _databases(site, network)
    inside = Blocks(blocks=network, ports=(shared.HTTPS,))
    if site.has(SEARCH_EXPORTER):
        yield "search", _search(site.search, inside)
    asked = site.config.ingress
    # a list of callers does not name the addresses that pods leave by
    if asked is not None and site.way_in is not None and not asked.allow_list:
        outside = inside if asked.internal else access.internet(network)
        # one certificate for all hosts
        yield "way-in", Probed(host=asked.api_host, port=shared.HTTPS, peer=outside)
    if site.plan.vault is not None:
        space = site.cluster.namespaces[SECRETS]
        yield (
            vault_config.NAME,
            Probed(
                host=f"{vault_config.NAME}.{space}.svc.cluster.local",
                port=vault_config.PORT,
                peer=Pods(namespace=space, name=vault_config.NAME, ports=(vault_config.PORT,)),
                module=Module.OWN,
            ),
        )


def _search(engine: SearchEngine, inside: Blocks) -> Probed:
    if engine.server is None:
        return Probed(host=engine.host, port=engine.port, peer=inside)
    # each member answers under the one name, with the one certificate
    return Probed(host=engine.host, port=engine.port, peer=engine.server, module=Module.OWN)


def _databases(site: Site, network: tuple[str, ...]) -> Iterator[tuple[str, Probed]]:
    """Yield the servers whose certificates are of the cloud's own authority."""
    # whether Cloud SQL takes a handshake from the first byte nobody says
    own = {"postgres": site.postgres} if site.plan.request.cloud is Cloud.AWS else {}
    documents = {"documents": site.documents} if site.documents is not None else {}
    for role, server in {**own, **documents}.items():
        peer = Blocks(blocks=network, ports=(server.port,))
        yield role, Probed(host=server.host, port=server.port, peer=peer, module=Module.OWN)
