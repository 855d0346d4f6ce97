"""The load test as a job of the platform: its load comes from inside the cluster.

It never runs by itself: what stands is a CronJob that is suspended and whose day never comes.
Whoever may make jobs runs it, `kubectl create job --from=cronjob/load-test <name>`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes import load_test_config as config
from components.kubernetes.access import Pods
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import Container, Files, SecretKey, resources_of
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.model_sync import PYTHON_PATH, SCRIPTS
from components.kubernetes.pod import digest
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from sizing.loadtest import Profile, document
from sizing.plans.workloads import HelperPlan

NEVER = "0 0 31 2 *"
"""The 31st of February."""
FOLDER, FILE = "/etc/load-test", "profile.json"
SECRET = "load-test"
POOL_ROLE = "general"
# Nodes for its pods, their image, the next whole two minutes at which all begin, and the end.
AROUND_SECONDS = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadTestArgs:
    """What the load test needs.

    Attributes:
        plan: pods of the generator and what each asks for.
        namespace: where they run.
        profile: the load.
        gateway: the pods that are asked, and nobody else.
        url: of them within the cluster.
        key: entry of the cloud's store with the key of a caller made for this.
        after: what must exist first: the secrets' operator and store.
    """

    plan: HelperPlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    profile: Profile
    gateway: Pods
    url: str
    key: Remote
    after: Sequence[pulumi.Resource] = ()


class LoadTest(PlatformComponent):
    """What a run is made from: the generator's programs, its profile, its key, a suspended job."""

    def __init__(
        self, name: str, args: LoadTestArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:LoadTest", name, args.plan, opts)
        secret = external_secret(
            self,
            f"{name}-key",
            SecretNeed(secret=SECRET, entries={config.KEY: args.key}),
            cluster=args.cluster,
            namespace=args.namespace,
            after=args.after,
        )
        text = json.dumps(document(args.profile))
        Job(
            f"{name}-run",
            JobArgs(
                job=args.plan.name,
                cluster=args.cluster,
                namespace_name=args.plan.namespace,
                namespace=args.namespace,
                container=_container(args, text),
                placement=args.cluster.placement_on(POOL_ROLE),
                calls=(args.gateway,),
                version=digest(text),
                deadline_seconds=deadline_seconds(args.profile),
                schedule=NEVER,
                suspended=True,
                pods=args.plan.pods,
                # a second try would load the platform once more
                retries=0,
                after=(secret,),
            ),
            self.child,
        )
        self.register_outputs({})


def deadline_seconds(made: Profile) -> int:
    """Return after how long a run has failed: all of it, its longest answer, and getting ready."""
    return round(
        made.warm_up_seconds + made.duration_seconds + made.answer_seconds + AROUND_SECONDS
    )


def _container(args: LoadTestArgs, profile: str) -> Container:
    return Container(
        name="locust",
        image="locust",
        resources=resources_of(args.plan),
        command=("locust", *config.arguments(f"{SCRIPTS}/{config.GENERATOR}", args.url)),
        environment={
            "PYTHONPATH": PYTHON_PATH,
            "PYTHONDONTWRITEBYTECODE": "1",
            config.PROFILE: f"{FOLDER}/{FILE}",
            config.PARTS: str(args.plan.pods),
        },
        secret_environment={config.KEY: SecretKey(secret=SECRET, key=config.KEY)},
        files=(
            Files(path=SCRIPTS, contents=dict(config.programs())),
            Files(path=FOLDER, contents={FILE: profile}),
        ),
    )
