"""Everything in a cluster, in the order of its needs; taken down in the opposite one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pulumi

from components.generated import GeneratedSecret
from sizing.plans import PlatformPlan
from stacks.apps import dashboards, databases, gateways, search, tools, vault
from stacks.apps.alerts import build_alerts
from stacks.apps.application import build_application
from stacks.apps.certificates import build_certificates
from stacks.apps.controllers import build_controllers
from stacks.apps.dashboards import build_dashboards
from stacks.apps.databases import build_databases
from stacks.apps.files import build_files
from stacks.apps.gateways import build_gateways
from stacks.apps.load_test import build_load_test
from stacks.apps.metrics import build_exporters, build_metrics
from stacks.apps.models import build_gpu_nodes, build_models
from stacks.apps.search import build_search
from stacks.apps.site import Site
from stacks.apps.tools import build_tools
from stacks.apps.tracing import build_tracing
from stacks.apps.vault import build_vault
from stacks.config_model import StackConfig


def generated(config: StackConfig, plan: PlatformPlan) -> tuple[GeneratedSecret, ...]:
    """Return every secret that the cloud's store has to make for what runs in the cluster."""
    return (
        *databases.generated(plan),
        *gateways.generated(config, plan),
        *tools.generated(config, plan),
        *dashboards.generated(plan),
        *vault.generated(plan),
        *search.generated(plan),
    )


def kept(plan: PlatformPlan) -> tuple[str, ...]:
    """Return the secrets that programs in the cluster fill themselves."""
    return (*vault.kept(plan), *search.kept(plan))


def build_apps(site: Site, ready: Sequence[pulumi.Resource]) -> None:
    """Register whatever runs in the cluster.

    Args:
        site: the plan and its surroundings.
        ready: nodes, storage drivers and name service.
    """
    around = build_controllers(site, ready)
    site = replace(site, files=build_files(site, around))
    build_metrics(site, around)
    build_alerts(site, around)
    found = build_search(site, around)
    build_tracing(site, around, found.allowed)
    stored = build_databases(site, around)
    build_dashboards(site, around, stored)
    build_exporters(site, around, stored, found.logins)
    build_certificates(site, around)
    gpus = build_gpu_nodes(site, around)
    engines = build_models(site, around, gpus)
    answering = build_gateways(site, around, stored, engines)
    build_application(site, around, stored, answering)
    build_load_test(site, around)
    build_tools(site, around, stored, answering, gpus)
    build_vault(site, around, stored)
