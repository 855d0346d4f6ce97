"""What a plan is made from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sizing.plans.tools import NO_OSMEN, ArchestraRequest, OsmenRequest
from sizing.tiers import HPA
from sizing.words import Access, Cloud, Environment, Mode, Placement, Tier
from sizing.workload import Workload, environment_load, reference
from sizing.workload.reference import ENVIRONMENT_SHARES

APPLICATION_REPLICAS = 2  # one may be lost. Source: sizing-decisions, 2026-11.
APPLICATION_MAXIMUM = HPA.maximum_over_minimum * APPLICATION_REPLICAS
"""As many as table 2.1 lets its autoscaler make of two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolOverride:
    """What a stack may set of one pool by hand."""

    role: str
    instance_type: str | None = None
    planned: int | None = None
    desired: int | None = None
    spot: bool | None = None
    capacity_reservation_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What a stack may set by hand; None keeps the plan's own decision."""

    pools: tuple[PoolOverride, ...] = ()
    postgres_instance_class: str | None = None
    postgres_storage_gib: int | None = None
    search_volume_gib: int | None = None
    backup_retention_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRequest:
    """Document 000's chat and automation application, or any other image in its place."""

    replicas: int = APPLICATION_REPLICAS
    maximum: int = APPLICATION_MAXIMUM
    cpu_millis: int
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """Parts that a stack may have or not.

    Attributes:
        agent_router: proxy and controller of document 004, whose management plane is a vendor's.
        vllm_router: a router between proxy and engines; without it each model has a Service.
        document_db: a MongoDB-compatible store beside PostgreSQL, which is the default.
        application: what gets every store wired in, None for none.
        ingress: a load balancer; without it callers reach the gateway in the cluster alone.
        internal: the load balancer is reached from the network alone.
        callers: ranges of addresses that alone may call the load balancer, 0 for everybody.
        load_test: a job that makes the workload's peak when somebody asks for it.
        grafana: dashboards, with a database of their own.
        grafana_host: the load balancer answers for them, too.
        alerts: rules, and Alertmanager, which tells people of them.
        revisions: pinned commits of models by name, over the catalogue's own.
        weights_on_files: engines read weights from the shared files, not from their bucket.
        archestra: document 002's platform, None for none.
        osmen: document 003's services, of which none is on by itself.
        tracing: collectors that keep traces, and Jaeger, which shows them.
        trace_share: part of the traces that is kept, over the workload's; None for that one.
        logs: a collector on each node, whose pods' lines OpenSearch keeps.
        log_days: for how long, over the workload's retention; None for that one.
        vault: the secret store of table 2.6.
        vault_recovery_region: where its snapshots go as well, "" for nowhere else.
        vault_logins: databases of which the pods of a service account get short-lived logins, by
            the account's name.
        own_stores: database server and search domain are the stack's, who administers and measures
            them; False where they are its host's.
    """

    agent_router: bool = False
    vllm_router: bool = False
    document_db: bool = False
    application: ApplicationRequest | None = None
    load_test: bool = False
    ingress: bool = True
    internal: bool = False
    callers: int = 0
    revisions: tuple[tuple[str, str], ...] = ()
    weights_on_files: bool = False
    archestra: ArchestraRequest | None = None
    osmen: OsmenRequest = NO_OSMEN
    tracing: bool = True
    trace_share: float | None = None
    logs: bool = True
    log_days: int | None = None
    vault: bool = True
    vault_recovery_region: str = ""
    vault_logins: tuple[tuple[str, int], ...] = ()
    grafana: bool = True
    grafana_host: bool = False
    alerts: bool = True
    own_stores: bool = True

    @property
    def shows_grafana(self) -> bool:
        """Say whether the load balancer answers for dashboards."""
        return self.ingress and self.grafana and self.grafana_host


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another stack with which one shares infrastructure."""

    stack: str
    request: PlanRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """Everything a plan is made from: the stack's own facts and nothing of the outside world.

    Attributes:
        workload: what users do in prod; None is the tier's reference.
        quotas: what the account grants, by the vendor's name of the quota.
        placement: optimised replaces documented machines and counts by the cheapest that hold.
        host: whose infrastructure the stack uses; None where all of it is its own.
        guests: who uses the stack's; they are checked with it, and change nothing of its sizes.
    """

    tier: Tier
    environment: Environment
    cloud: Cloud
    region: str
    zone_ids: tuple[str, ...]
    vpc_cidr: str
    service_cidr: str
    access: Access
    mode: Mode = Mode.PROVEN
    overrides: Overrides = Overrides()
    workload: Workload | None = None
    quotas: tuple[tuple[str, float], ...] = ()
    placement: Placement = Placement.DOCUMENTED
    switches: Switches = Switches()
    host: Neighbour | None = None
    guests: tuple[Neighbour, ...] = ()

    @property
    def in_hosts_cluster(self) -> bool:
        """Say whether the stack runs in its host's cluster, and has none of its own."""
        return self.host is not None and self.environment is Environment.DEV

    @property
    def on_hosts_stores(self) -> bool:
        """Say whether the stack keeps its data on its host's stores, from a cluster of its own."""
        return self.host is not None and self.environment is Environment.STAGING

    @property
    def whole_load(self) -> Workload:
        """Return what prod carries."""
        return self._traced(self.workload or reference(self.tier))

    @property
    def load(self) -> Workload:
        """Return what this environment carries."""
        if self.workload is None:
            return self._traced(environment_load(self.tier, self.environment))
        share = ENVIRONMENT_SHARES[self.environment].value
        return self._traced(self.workload.in_environment(share))

    def _traced(self, load: Workload) -> Workload:
        share = self.switches.trace_share if self.switches.tracing else 0
        return load if share is None else replace(load, trace_share=share)
