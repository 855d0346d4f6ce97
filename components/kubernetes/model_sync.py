"""Fills the bucket with the weights that engines read: one job for each model.

The jobs are the only pods that reach Hugging Face and the only ones that write the bucket.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

import pulumi
from pulumi_kubernetes import apiextensions, core

from components.base import PlatformComponent
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import (
    Container,
    Files,
    Scratch,
    SecretKey,
    resources_of,
)
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.model_store import ModelStore, folder, revision
from components.kubernetes.pod import digest
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.workload import service_account
from components.object_stores import ObjectStore
from components.sequel import Sequel
from sizing.plans.workloads import HelperPlan, ModelPlan
from sizing.units import MIB

HUB = "https://huggingface.co"
PACKAGE = "components.kubernetes.scripts"
PYTHON_PATH = "/opt/aigw"
SCRIPTS = f"{PYTHON_PATH}/{PACKAGE.replace('.', '/')}"
"""Where pods see the programs of that package, under the name that they have here."""
TOKEN = "huggingface-token"
"""Name of the secret that opens gated repositories; its entry is `TOKEN_KEY`."""
TOKEN_KEY = "token"
POOL_ROLE = "general"
# A job must not stop before a slow copy ends: a quarter of what a public measurement reached
# (sizing.serving.cold_start, Store.HUB), and what it takes to get a node and the image.
BYTES_PER_SECOND = 40_000_000
LEAST_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program that copies weights.

    Attributes:
        module: of `PACKAGE`.
        files: it, and what it is made of.
        job: which of its jobs, nothing where it has one.
    """

    module: str
    files: tuple[str, ...]
    job: tuple[str, ...] = ()

    def command(self, python: str) -> tuple[str, ...]:
        """Return how it is run, by the name that an image's Python has."""
        return (python, "-m", f"{PACKAGE}.{self.module}", *self.job)


_GOOGLE = (
    "google_cloud.py",
    "google_objects.py",
    "google_requests.py",
    "google_weights.py",
    "model_fetch.py",
    "model_sync.py",
    "weights.py",
)
SYNC: Mapping[ObjectStore, Program] = {
    ObjectStore.S3: Program(module="model_sync", files=("weights.py", "model_sync.py")),
    ObjectStore.GCS: Program(module="google_weights", files=_GOOGLE, job=("sync",)),
}
"""What fills a bucket, by how it is spoken to."""
FETCH: Mapping[ObjectStore, Program] = {
    ObjectStore.S3: Program(module="model_fetch", files=("weights.py", "model_fetch.py")),
    ObjectStore.GCS: Program(module="google_weights", files=_GOOGLE, job=("fetch",)),
}
"""What copies from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSyncArgs:
    """What the jobs need.

    Attributes:
        plan: size of one job, and its service account's name.
        namespace: where they run, the engines' own.
        store: the bucket that they fill.
        token: entry of the cloud's store that opens gated repositories; None where there is none.
        hub: where repositories are read.
        after: what must exist first: the secrets' operator and store.
    """

    plan: HelperPlan
    models: tuple[ModelPlan, ...]
    cluster: Cluster
    namespace: pulumi.Input[str]
    store: ModelStore
    token: Remote | None = None
    hub: str = HUB
    after: Sequence[pulumi.Resource] = ()


class ModelSync(PlatformComponent):
    """A job for each model, which copies its pinned commit and checks every byte.

    Another commit, or another script, is another job and another folder; what engines read is
    never changed. Copies of commits that nothing serves any more stay until they are deleted.
    """

    done: dict[str, pulumi.Resource]
    """What an engine waits for, by the name of its service: its weights are whole."""
    ready: Sequence[pulumi.Resource]
    """All of them."""

    def __init__(
        self, name: str, args: ModelSyncArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ValueError where a gated model is asked for without a token."""
        super().__init__("aigw:kubernetes:ModelSync", name, args.plan, opts)
        self._name, self._args = name, args
        gated = sorted(one.name for one in args.models if one.gated)
        if gated and args.token is None:
            raise ValueError(
                f"{', '.join(gated)}: the publisher asks for a licence and a Hugging Face token"
            )
        before: list[pulumi.Resource] = [self._account(), *args.after]
        if gated and args.token is not None:
            before.append(self._token(args.token))
        self.done = {one.service: self._job(one, before) for one in args.models}
        self.ready = tuple(self.done.values())
        self.register_outputs({})

    def _account(self) -> core.v1.ServiceAccount:
        args = self._args
        identity = args.cluster.identity(args.plan.namespace, args.plan.name)
        turn = Sequel(self, [*args.cluster.ready, *identity.ready])
        name = f"{self._name}-account"
        return service_account(turn, name, args.plan.name, args.namespace, identity)

    def _token(self, token: Remote) -> apiextensions.CustomResource:
        args = self._args
        return external_secret(
            self,
            f"{self._name}-token",
            SecretNeed(secret=TOKEN, entries={TOKEN_KEY: token}),
            cluster=args.cluster,
            namespace=args.namespace,
            after=args.after,
        )

    def _job(self, model: ModelPlan, before: Sequence[pulumi.Resource]) -> pulumi.Resource:
        args = self._args
        job = Job(
            f"{self._name}-{model.service}",
            JobArgs(
                job=f"{args.plan.name}-{model.service.removeprefix('vllm-')}",
                account=args.plan.name,
                cluster=args.cluster,
                namespace_name=args.plan.namespace,
                namespace=args.namespace,
                container=self._container(model),
                placement=args.cluster.placement_on(POOL_ROLE),
                # Hugging Face has no addresses that are known, so they are not named for either
                calls=replace(args.store, addresses=()).peers(args.cluster),
                version=digest(folder(model)),
                deadline_seconds=deadline_seconds(model),
                after=before,
            ),
            self.child,
        )
        return job.done

    def _container(self, model: ModelPlan) -> Container:
        args = self._args
        program = SYNC[args.store.kind]
        secret: Mapping[str, SecretKey] = (
            {"HF_TOKEN": SecretKey(secret=TOKEN, key=TOKEN_KEY)} if model.gated else {}
        )
        return Container(
            name="sync",
            image="model-sync",
            resources=resources_of(args.plan),
            command=program.command("python"),
            arguments=(
                "--repository",
                model.repository,
                "--revision",
                revision(model),
                "--to",
                args.store.url(model),
                "--hub",
                args.hub,
            ),
            environment={**args.store.environment(), **python(), "HOME": "/tmp"},
            secret_environment=secret,
            files=(scripts(program.files),),
            scratch=(Scratch(path="/tmp", size_bytes=64 * MIB),),
        )


def scripts(names: Sequence[str]) -> Files:
    """Return programs that a pod runs, as they stand beside this package."""
    home = files(PACKAGE)
    texts = {name: home.joinpath(name).read_text(encoding="utf-8") for name in names}
    return Files(path=SCRIPTS, contents=texts)


def python() -> Mapping[str, str]:
    """Return the variables with which Python finds the programs and shows at once what they say."""
    return {"PYTHONPATH": PYTHON_PATH, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def deadline_seconds(model: ModelPlan) -> int:
    """Return after how long a copy has failed."""
    return LEAST_SECONDS + model.weight_bytes // BYTES_PER_SECOND
