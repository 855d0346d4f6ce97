"""Which host a balancer sends where, and that plain HTTP is sent to HTTPS."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_gcp import compute

from components.base import PlatformComponent

_UNKNOWN_HOST = 404
_EVERY = 100.0


def routes(
    owner: PlatformComponent,
    name: str,
    project: str,
    region: str,
    hosts: Mapping[str, str],
    services: Mapping[str, compute.RegionBackendService],
) -> compute.RegionUrlMap:
    """Create the map of hosts to services, by target name; any other host gets 404.

    A map must name a service for what it does not know: it is the first one by name, and never
    asked, as every such request ends before.
    """
    ordered = sorted(hosts)
    unknown = compute.RegionUrlMapDefaultRouteActionFaultInjectionPolicyArgs(
        abort=compute.RegionUrlMapDefaultRouteActionFaultInjectionPolicyAbortArgs(
            http_status=_UNKNOWN_HOST, percentage=_EVERY
        )
    )
    return compute.RegionUrlMap(
        f"{name}-routes",
        project=project,
        region=region,
        default_service=services[ordered[0]].id,
        default_route_action=compute.RegionUrlMapDefaultRouteActionArgs(
            fault_injection_policy=unknown
        ),
        host_rules=[
            compute.RegionUrlMapHostRuleArgs(hosts=[hosts[target]], path_matcher=target)
            for target in ordered
        ],
        path_matchers=[
            compute.RegionUrlMapPathMatcherArgs(name=target, default_service=services[target].id)
            for target in ordered
        ],
        opts=owner.child,
    )


def redirect(
    owner: PlatformComponent, name: str, project: str, region: str
) -> compute.RegionUrlMap:
    """Create the map that sends every request to HTTPS, whatever it asks for."""
    return compute.RegionUrlMap(
        f"{name}-to-https",
        project=project,
        region=region,
        default_url_redirect=compute.RegionUrlMapDefaultUrlRedirectArgs(
            https_redirect=True,
            strip_query=False,
            redirect_response_code="MOVED_PERMANENTLY_DEFAULT",
        ),
        opts=owner.child,
    )
