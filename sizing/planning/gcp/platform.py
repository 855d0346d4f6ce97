"""From a request to a finished plan on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable

from sizing.planning.engines import gpu_pools
from sizing.planning.environment import Setting
from sizing.planning.gcp.caches import caches
from sizing.planning.gcp.cluster import cluster
from sizing.planning.gcp.edge import edge
from sizing.planning.gcp.network import network
from sizing.planning.gcp.pools import adapted
from sizing.planning.gcp.postgres import postgres
from sizing.planning.gcp.search import search, search_pool, search_service
from sizing.planning.gcp.storage import backups, files, keys, storage_notes
from sizing.planning.guest import Guest, with_room
from sizing.planning.helpers import helpers
from sizing.planning.machines import twin_notes
from sizing.planning.models import models
from sizing.planning.namespaces import namespaces
from sizing.planning.pooling import pooler, vectors
from sizing.planning.pools import node_pools
from sizing.planning.services import services
from sizing.planning.serving import servings
from sizing.planning.storage import buckets
from sizing.planning.vault import vault_plan
from sizing.plans import PlatformPlan


def platform(setting: Setting, guests: Iterable[Guest]) -> PlatformPlan:
    """Decide the whole platform.

    Args:
        setting: the request's setting.
        guests: of its cluster; they find nodes there.

    Raises:
        ValueError: what no plan can be made of; the message says what would do.
        UnknownNameError: an override names what the catalogue does not hold.
    """
    gpus = gpu_pools(setting, servings(setting))
    workloads, service_notes = services(setting, gpus)
    asked, pool_notes = node_pools(setting, workloads, gpus)
    shared = with_room(setting.request, asked, workloads, guests)
    members, search_notes = search(setting)
    own = adapted(shared)
    pools = sorted((*own, search_pool(setting, members, own[0])), key=lambda pool: pool.name)
    # those of a host serve its guests as well
    engine = [search_service(setting, members)] if setting.request.switches.own_stores else []
    everything = sorted((*workloads, *engine), key=lambda service: service.name)
    net, network_notes = network(setting, tuple(pools))
    control, cluster_notes = cluster(setting)
    database, postgres_notes = postgres(setting, workloads)
    stores, cache_notes = caches(setting)
    objects, object_notes = buckets(setting, workloads)
    way_in, edge_notes = edge(setting)
    beside, kept = helpers(setting, everything, pools), backups(setting)
    return PlatformPlan(
        request=setting.request,
        protect=setting.is_prod,
        network=net,
        cluster=control,
        node_pools=tuple(pools),
        services=tuple(everything),
        helpers=beside,
        namespaces=namespaces(setting, everything, beside),
        models=models(setting, gpus),
        pooler=pooler(setting, workloads, database),
        vectors=vectors(setting, workloads, kept),
        vault=vault_plan(setting, workloads),
        ingress=way_in,
        document_database=None,
        postgres=database,
        caches=stores,
        files=files(setting),
        search=members,
        buckets=objects,
        keys=keys(setting),
        backups=kept,
        adjustments=(
            *network_notes,
            *cluster_notes,
            *twin_notes(setting),
            *pool_notes,
            *service_notes,
            *postgres_notes,
            *cache_notes,
            *storage_notes(setting),
            *object_notes,
            *search_notes,
            *edge_notes,
        ),
    )
