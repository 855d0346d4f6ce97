"""A job that tells an OpenSearch domain who may do what, and how long indices live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.base import PlatformComponent
from components.kubernetes import access, search_rules
from components.kubernetes.access import Blocks
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import Container, Files, Scratch, resources_of
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.model_sync import PACKAGE, python, scripts
from components.kubernetes.pod import digest
from components.kubernetes.search_rules import Rules
from sizing.plans import HelperPlan
from sizing.units import MIB

PORT = 443
NAME = "search-setup"
FOLDER = "/etc/search-setup"
FILE = "requests.json"
# A new domain knows its administrator some minutes after it answers.
DEADLINE_SECONDS = 1800
_PROGRAMS = ("aws_signature.py", "search_setup.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSetupArgs:
    """What the job needs.

    Attributes:
        namespace: the one that the domain's administrator is bound to.
        url: of the domain, with its scheme.
        roles: of the cloud, by the variables that `rules` name them by.
        after: what must exist first.

    Raises:
        ValueError: a right whose holder nobody names.
    """

    plan: HelperPlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    url: pulumi.Input[str]
    region: str
    rules: Rules
    roles: Mapping[str, pulumi.Input[str]]
    after: Sequence[pulumi.Resource] = ()

    def __post_init__(self) -> None:
        missing = sorted({*search_rules.holders(self.rules.rights)} - {*self.roles})
        if missing:
            raise ValueError(f"nobody says which role {', '.join(missing)} is")


class SearchSetup(PlatformComponent):
    """The job; other rules, or another program, make another one."""

    ready: Sequence[pulumi.Resource]
    """What writes to the domain or reads from it waits for these."""

    def __init__(
        self, name: str, args: SearchSetupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:SearchSetup", name, args.plan, opts)
        text = search_rules.text(args.rules)
        programs = scripts(_PROGRAMS)
        job = Job(
            f"{name}-run",
            JobArgs(
                job=NAME,
                cluster=args.cluster,
                namespace_name=args.plan.namespace,
                namespace=args.namespace,
                container=Container(
                    name="setup",
                    # it holds Python, and nodes that run the proxy hold it
                    image="model-sync",
                    resources=resources_of(args.plan),
                    command=("python", "-m", f"{PACKAGE}.search_setup"),
                    arguments=(f"{FOLDER}/{FILE}",),
                    environment={
                        **python(),
                        "SEARCH_URL": args.url,
                        "AWS_REGION": args.region,
                        **args.roles,
                    },
                    files=(programs, Files(path=FOLDER, contents={FILE: text})),
                    scratch=(Scratch(path="/tmp", size_bytes=16 * MIB),),
                ),
                placement=args.cluster.placement_on("general"),
                calls=(
                    Blocks(blocks=args.cluster.addresses, ports=(PORT,)),
                    *access.credentials(args.cluster),
                ),
                version=digest(text),
                deadline_seconds=DEADLINE_SECONDS,
                after=args.after,
            ),
            self.child,
        )
        self.ready = (job.done,)
        self.register_outputs({})
