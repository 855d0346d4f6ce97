"""Where users come in, and the document database that an application may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from sizing.plans.stores import Parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressTarget:
    """A service behind the load balancer, told apart by its host.

    Each service has a host of its own ("api.<domain>"), never a path of a shared one: clients'
    base URLs then carry no path that must be cut off, cookies and keys of one service never
    reach the other, and a new path of either cannot shadow one of its neighbour.

    Attributes:
        name: at most 5 characters, as the target group's name begins with it.
        host: label that stands before the domain.
        port: what the pods listen on, likewise `health_port`.
        priority: order among the balancer's rules, the lower first.
    """

    name: str
    host: str
    port: int
    health_path: str
    health_port: int
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressPlan:
    """The load balancer, and the firewall before it from large on.

    Attributes:
        internal: reachable from the VPC and what is connected to it, not from the internet.
        idle_timeout_seconds: silence that ends a connection; no request may be silent for longer.
        client_keep_alive_seconds: age at which a client's connection is renewed.
        bandwidth_mbps: what table 3.2 asks of the way in; a balancer grows to it by itself.
        deregistration_delay_seconds: how long a leaving pod may finish what it has begun.
        slow_start_seconds: 0 sends a new pod its full share at once.
        algorithm: how the balancer chooses among pods, in its own words.
        waf_rate_limit: requests of one address in five minutes, above which it is refused.
    """

    internal: bool
    idle_timeout_seconds: int
    client_keep_alive_seconds: int
    waf: bool
    bandwidth_mbps: int
    targets: tuple[IngressTarget, ...]
    deregistration_delay_seconds: int
    slow_start_seconds: int
    algorithm: str
    health_interval_seconds: int
    health_timeout_seconds: int
    healthy_threshold: int
    unhealthy_threshold: int
    waf_rate_limit: int
    deletion_protection: bool
    log_retention_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDatabasePlan:
    """The MongoDB-compatible store, on DocumentDB.

    Attributes:
        storage_type: "standard", billed by I/O, or "iopt1", billed by size alone.
        planning_gib: for the bill; the service grows its storage by itself.
        log_exports: "audit", "profiler".
    """

    engine_version: str
    family: str
    instance_class: str
    vcpu: int
    memory_bytes: int
    instances: int
    storage_type: str
    planning_gib: int
    parameters: tuple[Parameter, ...]
    backup_retention_days: int
    backup_window: str
    maintenance_window: str
    deletion_protection: bool
    final_snapshot: bool
    log_exports: tuple[str, ...]
    log_retention_days: int
    databases: tuple[str, ...]
