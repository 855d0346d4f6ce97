"""GPU nodes, the copies of pinned weights, and the engines that serve them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.kubernetes.cluster import Cluster
from components.kubernetes.gpu_nodes import EXPORTER, PLUGIN, GpuNodes, GpuNodesArgs
from components.kubernetes.model_store import ModelStore
from components.kubernetes.model_sync import ModelSync, ModelSyncArgs
from components.kubernetes.prometheus import PORT as METRICS_PORT
from components.kubernetes.secrets import Remote
from components.kubernetes.shared_files import SharedFiles, SharedFilesArgs, SharedFilesPlan
from components.kubernetes.vllm import VllmModel, VllmModelArgs
from components.kubernetes.vllm_router import VllmRouter, VllmRouterArgs
from stacks.apps.controllers import Controllers
from stacks.apps.site import Site
from stacks.apps.tracing import otlp

HUGGING_FACE = "huggingface-token"
ROUTER = "vllm-router"
_FOLDER = "models"


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """What asks the engines needs these; `router` is "" where each model answers by itself."""

    router: str
    ready: Sequence[pulumi.Resource]


def build_models(site: Site, around: Controllers, gpus: Sequence[pulumi.Resource]) -> Engines:
    """Register whatever serves the plan's own models; nothing where it has none.

    Args:
        site: the plan and its surroundings.
        around: what takes care of workloads.
        gpus: what offers GPUs to pods.
    """
    plan = site.plan
    if not plan.models:
        return Engines(router="", ready=())
    on = around.inside["serving"]
    inside = on.namespaces["serving"]
    store = ModelStore(
        bucket=site.buckets["models"],
        region=site.region,
        kind=site.cloud.objects,
        addresses=site.cloud.object_addresses,
    )
    synced = ModelSync(
        "model-sync",
        ModelSyncArgs(
            plan=site.helper("model-sync"),
            models=plan.models,
            cluster=on,
            namespace=inside,
            store=store,
            token=_token(site),
        ),
        site.opts,
    )
    files = _files(site, on)
    routed = site.has(ROUTER)
    engines = [
        VllmModel(
            model.service,
            VllmModelArgs(
                model=model,
                plan=site.service(model.service),
                cluster=on,
                namespace=inside,
                store=store,
                cache=site.config.models.cache,
                files=files.claim if files else None,
                prometheus=f"http://{on.host('prometheus', 'observability')}:{METRICS_PORT}",
                router=routed,
                otlp=otlp(site),
                after=[
                    synced.done[model.service],
                    *gpus,
                    *(files.ready if files else ()),
                ],
            ),
            site.opts,
        )
        for model in plan.models
    ]
    ready = [one for engine in engines for one in engine.ready]
    if routed:
        ready += VllmRouter(
            ROUTER,
            VllmRouterArgs(
                plan=site.service(ROUTER),
                models=plan.models,
                cluster=on,
                namespace=inside,
            ),
            site.opts,
        ).ready
    return Engines(router=ROUTER if routed else "", ready=ready)


def _token(site: Site) -> Remote | None:
    """Return what opens gated repositories; a finding has said where it is needed and missing."""
    existing = site.config.models.huggingface.existing_secret
    if existing:
        return Remote(name=existing)
    return site.secret(HUGGING_FACE) if HUGGING_FACE in site.secrets else None


def build_gpu_nodes(site: Site, around: Controllers) -> Sequence[pulumi.Resource]:
    """Register what pods with GPUs wait for, on nodes that nobody else prepares; return it."""
    if "gpu" not in around.inside:
        return ()
    return GpuNodes(
        "gpu-nodes",
        GpuNodesArgs(
            plugin=next((one for one in site.plan.helpers if one.name == PLUGIN), None),
            exporter=site.helper(EXPORTER),
            managed=site.cloud.gpus,
            cluster=around.inside["gpu"],
            namespace=site.cluster.namespaces["gpu"],
        ),
        site.opts,
    ).ready


def _files(site: Site, on: Cluster) -> SharedFiles | None:
    if site.config.models.cache != "files":
        return None
    return SharedFiles(
        "model-files",
        SharedFilesArgs(
            plan=SharedFilesPlan(name=_FOLDER, namespace=on.namespaces["serving"], read_only=False),
            cluster=on,
            namespace=on.namespaces["serving"],
            folder=site.files.folders[_FOLDER],
            ready=site.files.ready,
        ),
        site.opts,
    )
