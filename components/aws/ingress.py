"""The way in: load balancer, certificate and names, joined to pods from inside the cluster.

The pods come in by TargetGroupBinding objects that name the target groups made here, so the
cluster's controller registers addresses and owns nothing that a `destroy` could leave behind.
Which ports the balancer may reach has one owner, too: the rules on the cluster's security group
that are made here. A binding therefore leaves its `networking` out, or two would manage them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import lb, route53

from components.aws.certificate import certificate
from components.aws.ingress_access import HTTP, HTTPS, balancer_access
from components.aws.ingress_logs import LogBucket, access_log_bucket
from components.base import PlatformComponent
from sizing.plans.edge import IngressPlan, IngressTarget

ANYWHERE = "0.0.0.0/0"
# what AWS recommends: TLS 1.2 and 1.3, with key exchange that outlives quantum computers where
# the client has it (elb-ssl-policies)
SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
_PREFIX_LENGTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressArgs:
    """What the way in needs from its surroundings.

    Attributes:
        domain: what stands behind the targets' hosts ("ai.example.com").
        zone_id: the hosted zone of that domain; validation waits for ever where the world is
            not delegated to it.
        allow_list: IPv4 ranges that may connect; none is everybody, or the VPC where internal.
        subnet_ids: by zone id, two at least: public ones, or private ones where internal.
        cluster_security_group_id: group of the nodes and their pods.
        stack: name of the stack, part of the log bucket's name.
        access_logs: keep who asked what in a bucket, for as long as the plan keeps logs.
    """

    plan: IngressPlan
    stack: str
    account_id: str
    domain: str
    zone_id: pulumi.Input[str]
    allow_list: Sequence[str]
    vpc_id: pulumi.Input[str]
    vpc_cidr: str
    subnet_ids: Mapping[str, pulumi.Input[str]]
    cluster_security_group_id: pulumi.Input[str]
    tags: Mapping[str, str]
    protect: bool
    access_logs: bool = True


class Ingress(PlatformComponent):
    """An application load balancer that answers for each target's host, and 404 for others.

    A change between internal and internet-facing replaces the balancer and its addresses; a new
    host replaces the certificate, the old one serving until the new one is valid.
    """

    target_group_arns: dict[str, pulumi.Output[str]]
    """Target groups by target name, for the bindings."""
    security_group_id: pulumi.Output[str]
    """Group of the balancer, for network policies of the cluster that name it."""
    load_balancer_arn: pulumi.Output[str]
    """The balancer, for the firewall before it."""
    url: str
    """Where the first target answers."""
    urls: dict[str, str]
    """Where each target answers, by target name."""
    hosts: dict[str, str]
    """Host of each target, by target name."""
    ready: Sequence[pulumi.Resource]
    """What bindings depend on: they go before the balancer forgets their target groups."""

    def __init__(
        self, name: str, args: IngressArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:Ingress", name, args.plan, opts)
        hosts = {one.name: f"{one.host}.{args.domain}" for one in args.plan.targets}
        access = balancer_access(
            self,
            name,
            vpc_id=args.vpc_id,
            clients=args.allow_list or (args.vpc_cidr if args.plan.internal else ANYWHERE,),
            pods=args.cluster_security_group_id,
            pod_ports=_ports(args.plan),
            tags=args.tags,
        )
        balancer = self._balancer(name, args, access.group.id)
        groups = {one.name: self._targets(name, args, one) for one in args.plan.targets}
        listener = self._listeners(name, args, balancer, hosts)
        rules = [
            self._rule(name, args, one, hosts[one.name], groups[one.name], listener)
            for one in args.plan.targets
        ]
        for target in args.plan.targets:
            self._record(name, args, target, hosts[target.name], balancer)
        self.target_group_arns = {key: made.arn for key, made in groups.items()}
        self.security_group_id = access.group.id
        self.load_balancer_arn = balancer.arn
        self.hosts = hosts
        self.urls = {key: f"https://{host}" for key, host in hosts.items()}
        self.url = next(iter(self.urls.values()))
        self.ready = (*rules, *access.into_pods)
        self.register_outputs(
            {
                "target_group_arns": self.target_group_arns,
                "security_group_id": self.security_group_id,
                "load_balancer_arn": self.load_balancer_arn,
                "url": self.url,
                "urls": self.urls,
                "hosts": self.hosts,
            }
        )

    def _balancer(self, name: str, args: IngressArgs, group: pulumi.Input[str]) -> lb.LoadBalancer:
        plan, logs = args.plan, self._logs(name, args)
        return lb.LoadBalancer(
            f"{name}-alb",
            load_balancer_type="application",
            internal=plan.internal,
            ip_address_type="ipv4",  # the VPC has no IPv6
            subnets=list(args.subnet_ids.values()),
            security_groups=[group],
            idle_timeout=plan.idle_timeout_seconds,
            client_keep_alive=plan.client_keep_alive_seconds,
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            enable_http2=True,
            enable_deletion_protection=plan.deletion_protection,
            # a firewall that cannot be asked lets nobody in
            enable_waf_fail_open=False,
            access_logs=(
                lb.LoadBalancerAccessLogsArgs(bucket=logs.name, enabled=True) if logs else None
            ),
            tags=self.tags(args.tags, name),
            # it writes a test file at once, and is refused where it may not
            opts=self.child_with(protect=args.protect, depends_on=logs.ready if logs else None),
        )

    def _logs(self, name: str, args: IngressArgs) -> LogBucket | None:
        if not args.access_logs:
            return None
        return access_log_bucket(
            self,
            name,
            stack=args.stack,
            account_id=args.account_id,
            days=args.plan.log_retention_days,
            tags=args.tags,
            protect=args.protect,
        )

    def _targets(self, name: str, args: IngressArgs, target: IngressTarget) -> lb.TargetGroup:
        plan = args.plan
        return lb.TargetGroup(
            f"{name}-{target.name}-targets",
            # a replacement stands beside the group that it replaces
            name_prefix=f"{target.name}-"[:_PREFIX_LENGTH],
            target_type="ip",
            protocol="HTTP",
            port=target.port,
            vpc_id=args.vpc_id,
            load_balancing_algorithm_type=plan.algorithm,
            deregistration_delay=plan.deregistration_delay_seconds,
            slow_start=plan.slow_start_seconds,
            health_check=lb.TargetGroupHealthCheckArgs(
                protocol="HTTP",
                path=target.health_path,
                port=str(target.health_port),
                matcher="200",
                interval=plan.health_interval_seconds,
                timeout=plan.health_timeout_seconds,
                healthy_threshold=plan.healthy_threshold,
                unhealthy_threshold=plan.unhealthy_threshold,
            ),
            tags=self.tags(args.tags),
            opts=self.child,
        )

    def _listeners(
        self,
        name: str,
        args: IngressArgs,
        balancer: lb.LoadBalancer,
        hosts: Mapping[str, str],
    ) -> lb.Listener:
        lb.Listener(
            f"{name}-http",
            load_balancer_arn=balancer.arn,
            port=HTTP,
            protocol="HTTP",
            default_actions=[
                lb.ListenerDefaultActionArgs(
                    type="redirect",
                    redirect=lb.ListenerDefaultActionRedirectArgs(
                        protocol="HTTPS", port=str(HTTPS), status_code="HTTP_301"
                    ),
                )
            ],
            tags=self.tags(args.tags),
            opts=self.child,
        )
        valid = certificate(
            self, name, hosts=list(hosts.values()), zone_id=args.zone_id, tags=args.tags
        )
        return lb.Listener(
            f"{name}-https",
            load_balancer_arn=balancer.arn,
            port=HTTPS,
            protocol="HTTPS",
            ssl_policy=SSL_POLICY,
            certificate_arn=valid.certificate_arn,
            default_actions=[
                lb.ListenerDefaultActionArgs(
                    type="fixed-response",
                    fixed_response=lb.ListenerDefaultActionFixedResponseArgs(
                        content_type="text/plain", message_body="unknown host", status_code="404"
                    ),
                )
            ],
            tags=self.tags(args.tags),
            opts=self.child,
        )

    def _rule(
        self,
        name: str,
        args: IngressArgs,
        target: IngressTarget,
        host: str,
        group: lb.TargetGroup,
        listener: lb.Listener,
    ) -> lb.ListenerRule:
        return lb.ListenerRule(
            f"{name}-{target.name}-rule",
            listener_arn=listener.arn,
            priority=target.priority,
            conditions=[
                lb.ListenerRuleConditionArgs(
                    host_header=lb.ListenerRuleConditionHostHeaderArgs(values=[host])
                )
            ],
            actions=[lb.ListenerRuleActionArgs(type="forward", target_group_arn=group.arn)],
            tags=self.tags(args.tags),
            # a group belongs to one balancer at a time: the old one lets go of it first
            opts=self.child_with(delete_before_replace=True),
        )

    def _record(
        self,
        name: str,
        args: IngressArgs,
        target: IngressTarget,
        host: str,
        balancer: lb.LoadBalancer,
    ) -> None:
        route53.Record(
            f"{name}-{target.name}-name",
            zone_id=args.zone_id,
            name=host,
            type="A",
            aliases=[
                route53.RecordAliasArgs(
                    name=balancer.dns_name,
                    zone_id=balancer.zone_id,
                    evaluate_target_health=False,  # there is no other place to send users to
                )
            ],
            opts=self.child,
        )


def _ports(plan: IngressPlan) -> set[int]:
    return {port for one in plan.targets for port in (one.port, one.health_port)}
