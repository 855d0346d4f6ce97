"""A stack on Google Cloud that stands in its host's network and cluster: what is its own."""

from __future__ import annotations

from collections.abc import Iterator

import pulumi

from components.gcp import workload_policies as policies
from components.gcp.kubeconfig import kubeconfig
from components.gcp.secrets import Secrets, secret_name
from components.gcp.storage_class import ZONAL
from components.gcp.workload_identity import Right, Target, Workload
from components.kubernetes.external_secrets import GoogleReader, GoogleSecretManager
from components.kubernetes.guest_reader import READER
from components.naming import gke_cluster_name
from components.workloads import WorkloadPlan
from sizing.plan import plan as planned
from sizing.plans import PlanRequest, PlatformPlan
from stacks import gcp_inside
from stacks import inside as shared
from stacks.apps import search
from stacks.apps.accounts import own_accounts
from stacks.apps.guest import (
    READS_SECRETS,
    Lodging,
    build_guest,
    exports,
    generated,
    hosts_namespaces,
)
from stacks.apps.secrets import existing_names
from stacks.apps.site import Site
from stacks.gcp_ground import Lodger
from stacks.gcp_hosting import GcpHosted
from stacks.gcp_own_stores import OwnStores, Place, build_own_stores
from stacks.gcp_rights import own_rights
from stacks.gcp_secrets import build_secrets
from stacks.gcp_side import GcpSide
from stacks.gcp_workloads import bind
from stacks.hosting import guests_password, hosts_config, told


def build_lodger(on: Lodger) -> dict[str, pulumi.Input[object]]:
    """Register everything of a guest, and return the stack's exports."""
    place = Place(
        network_id=told(on.host, "network_id"),
        subnet_id=told(on.host, "subnet_id"),
        private_services=(),
    )
    stores = build_own_stores(on, place)
    secrets, lent = build_secrets(on, generated(on.config, on.plan)), _lent(on)
    plan, config, host = on.plan, on.config, hosts_config(on.config)
    cluster, home = gke_cluster_name(host.platform), _home(plan)
    identities = bind(on, [*_workloads(on, stores, secrets)], pool=told(on.host, "workload_pool"))
    site = Site(
        config=config,
        plan=plan,
        cloud=GcpSide(
            project=config.project,
            place=config.region,
            vault_key="",
            secrets=GoogleSecretManager(
                project=config.project,
                reader=GoogleReader(
                    account=READER, namespace=home, cluster=cluster, region=config.region
                ),
            ),
        ),
        cluster=shared.cluster(
            config,
            plan,
            gcp_inside.CLOUD,
            namespaces={
                **hosts_namespaces(plan),
                **{one.role: one.name for one in plan.namespaces},
            },
            storage_class=ZONAL.name,
            secret_store=config.platform,
            identities=identities,
            # pods and stores have ranges of it
            addresses=(plan.network.vpc_cidr,),
        ),
        cluster_name=cluster,
        region=config.region,
        secrets={**secrets.names, **lent},
        postgres=gcp_inside.hosts_server(on, on.host),
        documents=None,
        stores=gcp_inside.redis(on, stores),
        search=gcp_inside.search(planned(_neighbour(plan))),
        buckets=stores.objects.names,
        files=gcp_inside.folders(on, stores),
        way_in=None,
        opts=shared.inside(
            on.opts,
            _access(on),
            identifier=cluster,
            environment=config.environment,
        ),
    )
    readable = identities[f"{home}/{READER}"].ready
    routed = host.services.vllm_router
    build_guest(site, Lodging(readable=readable, routed=routed, reader=READER))
    opened = {name.replace("-", "_"): id_ for name, id_ in stores.tokens.items()}
    return exports(
        config,
        plan,
        keys=on.keys.ids,
        buckets=stores.objects.names,
        secrets={**opened, **secrets.names},
    )


def _neighbour(plan: PlatformPlan) -> PlanRequest:
    """Return what the host is planned from.

    Raises:
        ValueError: the plan has no host.
    """
    if plan.request.host is None:
        raise ValueError("a guest without a host")
    return plan.request.host.request


def _home(plan: PlatformPlan) -> str:
    """Return the namespace of who reads the guest's secrets."""
    return next(one.name for one in plan.namespaces if one.role == READS_SECRETS)


def _workloads(on: Lodger, stores: OwnStores, secrets: Secrets) -> Iterator[Workload]:
    """Return the guest's accounts, and one that reads what its store of secrets copies."""
    allowed = own_rights(on, stores)
    for one in own_accounts(on.config, on.plan):
        yield Workload(plan=one.plan, rights=allowed[one.purpose]())
    plan = WorkloadPlan(name=READER, namespace=_home(on.plan), service_account=READER)
    yield Workload(plan=plan, rights=[*_own_secrets(on, stores, secrets), *_hosts_secrets(on)])


def _own_secrets(on: Lodger, stores: OwnStores, secrets: Secrets) -> list[Right]:
    made = {**secrets.ids, **stores.tokens}
    return policies.secret_store_rights(made, existing_names(on.config), project=on.config.project)


def _lent(on: Lodger) -> dict[str, str]:
    """Return the names of what the host's search engine lends the guest, as the host calls it.

    A host that does not stand as planned has neither user nor secret: it is refused beforehand.
    """
    platform = hosts_config(on.config).platform
    return {one: secret_name(platform, one) for one in search.lent(on.plan)}


def _hosts_secrets(on: Lodger) -> Iterator[Right]:
    """Return what reads secrets of the host's: the guest's passwords there, and no others."""
    yield _reads(on, "password", guests_password(on.config, on.host))
    for one, name in _lent(on).items():
        yield _reads(on, one, pulumi.Output.from_input(name))


def _reads(on: Lodger, what: str, name: pulumi.Output[str]) -> Right:
    project = on.config.project
    return Right(
        name=f"reads-hosts-{what}",
        target=Target.SECRET,
        resource=name.apply(lambda known: policies.named_secret(project, known)),
        role=policies.READS_SECRET,
    )


def _access(on: Lodger) -> pulumi.Output[str]:
    def access(host: GcpHosted) -> str:
        return kubeconfig(
            cluster_name=host.cluster_name,
            endpoint=host.endpoint,
            certificate_authority=host.authority,
            own_credentials=True,
        )

    return on.host.apply(access)
