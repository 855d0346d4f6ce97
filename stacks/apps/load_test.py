"""The load test of a stack, which asks its own model gateway."""

from __future__ import annotations

from components.kubernetes.access import Pods
from components.kubernetes.litellm_runtime import PORT
from components.kubernetes.load_test import LoadTest, LoadTestArgs
from components.kubernetes.secrets import Remote
from sizing.loadtest import Run, Scenario, profile
from sizing.units import SECONDS_PER_MINUTE
from stacks.apps.controllers import Controllers
from stacks.apps.gateways import MODELS
from stacks.apps.site import Site

NAME = "load-test"


def build_load_test(site: Site, around: Controllers) -> None:
    """Register the load test; nothing where the stack has none."""
    stated = site.config.services.load_test
    if stated is None:
        return
    run = Run(
        stack=site.config.stack,
        scenario=Scenario(stated.scenario),
        scale=float(stated.scale),
        duration_seconds=stated.minutes * SECONDS_PER_MINUTE,
        outside=tuple(one.name for one in site.config.models.external),
    )
    cluster = site.cluster
    LoadTest(
        NAME,
        LoadTestArgs(
            plan=site.helper(NAME),
            cluster=around.inside["apps"],
            namespace=cluster.namespaces["apps"],
            profile=profile(site.plan.request.load, run),
            gateway=Pods(namespace=cluster.namespaces["gateway"], name=MODELS, ports=(PORT,)),
            url=f"http://{cluster.host(MODELS, 'gateway')}:{PORT}",
            key=Remote(name=stated.existing_secret),
        ),
        site.opts,
    )
