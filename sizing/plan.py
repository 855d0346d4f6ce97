"""From a request to a finished plan: the parts in the order in which they need each other."""

from __future__ import annotations

from sizing.planning.attached import on_stores
from sizing.planning.caches import caches
from sizing.planning.cluster import cluster
from sizing.planning.edge import document_database, ingress
from sizing.planning.engines import gpu_pools
from sizing.planning.environment import Setting, setting
from sizing.planning.guest import Guest, asked, in_cluster, own_parts, with_room
from sizing.planning.helpers import helpers
from sizing.planning.models import models
from sizing.planning.namespaces import namespaces
from sizing.planning.network import network
from sizing.planning.pooling import pooler, vectors
from sizing.planning.pools import node_pools
from sizing.planning.postgres import postgres
from sizing.planning.search import search
from sizing.planning.services import services
from sizing.planning.serving import servings
from sizing.planning.storage import backups, buckets, files, keys, storage_notes
from sizing.planning.vault import vault_plan
from sizing.plans import PlanRequest, PlatformPlan
from sizing.plans.request import Neighbour
from sizing.words import Cloud


def plan(request: PlanRequest) -> PlatformPlan:
    """Decide the whole platform.

    Raises:
        ValueError: what no plan can be made of: a VPC range that is too small, a region that
            sells no fitting class. The message says what would do.
        UnknownNameError: an override names what the catalogue does not hold.
    """
    if request.host is not None and (request.in_hosts_cluster or request.on_hosts_stores):
        return _guest(request, request.host)
    given = setting(request)
    if request.cloud is Cloud.AWS:
        return _aws(given)
    # the other cloud's modules are read only where they are wanted
    from sizing.planning.gcp.platform import platform

    return platform(given, guests(request))


def guests(request: PlanRequest) -> tuple[Guest, ...]:
    """Return the guests of a stack's cluster or stores, each with what is its own.

    Raises:
        ValueError: no plan can be made of one of them.
    """
    return tuple(
        Guest(stack=one.stack, plan=own_parts(one.request, plan(asked(one.request))))
        for one in request.guests
    )


def _guest(request: PlanRequest, host: Neighbour) -> PlatformPlan:
    own = own_parts(request, plan(asked(request)))
    if request.on_hosts_stores:
        return on_stores(own, plan(host.request))
    others = [
        one
        for one in guests(host.request)
        if one.plan.request.environment is not request.environment
    ]
    return in_cluster(own, plan(host.request), others)


def _aws(given: Setting) -> PlatformPlan:
    gpus = gpu_pools(given, servings(given))
    workloads, service_notes = services(given, gpus)
    pools, pool_notes = node_pools(given, workloads, gpus)
    pools = with_room(given.request, pools, workloads, guests(given.request))
    net, network_notes = network(given, pools, workloads)
    control, cluster_notes = cluster(given)
    database, postgres_notes = postgres(given, workloads)
    stores, cache_notes = caches(given)
    objects, object_notes = buckets(given, workloads)
    domain, search_notes = search(given)
    switches = given.request.switches
    way_in, ingress_notes = ingress(given, internal=switches.internal)
    documents, document_notes = document_database(given, asked=switches.document_db)
    beside, kept = helpers(given, workloads, pools), backups(given)
    return PlatformPlan(
        request=given.request,
        protect=given.is_prod,
        network=net,
        cluster=control,
        node_pools=pools,
        services=workloads,
        helpers=beside,
        namespaces=namespaces(given, workloads, beside),
        models=models(given, gpus),
        pooler=pooler(given, workloads, database),
        vectors=vectors(given, workloads, kept),
        vault=vault_plan(given, workloads),
        ingress=way_in,
        document_database=documents,
        postgres=database,
        caches=stores,
        files=files(given),
        search=domain,
        buckets=objects,
        keys=keys(given),
        backups=kept,
        adjustments=(
            *network_notes,
            *cluster_notes,
            *pool_notes,
            *service_notes,
            *postgres_notes,
            *cache_notes,
            *storage_notes(given),
            *object_notes,
            *search_notes,
            *ingress_notes,
            *document_notes,
        ),
    )
