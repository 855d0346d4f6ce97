"""A job that tells an OpenSearch domain who may do what, and how long indices live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.base import PlatformComponent
from components.kubernetes import access, search_rules
from components.kubernetes.access import Blocks, Peer, Pods
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import Container, Files, Scratch, SecretKey, resources_of
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.model_sync import PACKAGE, python, scripts
from components.kubernetes.pod import digest
from components.kubernetes.scripts import search_password
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
_TLS_FOLDER = "/etc/search-tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How the job signs in to a cluster that knows passwords alone, and whom it lays down there.

    Attributes:
        user: the administrator, `password` its entry of a secret of the job's namespace.
        authority: entry with the authorities that vouch for the cluster.
        users: entries with the passwords of those who ask it, by their names; where rights name a
            role of the cloud (`SearchSetupArgs.roles`), they then name one of these.
        server: the cluster's pods.
    """

    user: str
    password: SecretKey
    authority: SecretKey
    users: Mapping[str, SecretKey]
    server: Pods


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSetupArgs:
    """What the job needs.

    Attributes:
        namespace: the one that the domain's administrator is bound to.
        url: of the domain, with its scheme.
        region: what requests are signed for, "" where they are not.
        roles: of the cloud, by the variables that `rules` name them by.
        login: None where requests are signed as the pod's own role.
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
    login: Login | None = None
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
        signing = _signed(args) if args.login is None else _by_password(args.login)
        programs = scripts((*_PROGRAMS, *signing.programs))
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
                    command=("python", "-m", f"{PACKAGE}.{signing.program}"),
                    arguments=(f"{FOLDER}/{FILE}",),
                    environment={
                        **python(),
                        "SEARCH_URL": args.url,
                        **signing.environment,
                        **args.roles,
                    },
                    secret_environment=signing.secrets,
                    files=(programs, Files(path=FOLDER, contents={FILE: text}), *signing.files),
                    scratch=(Scratch(path="/tmp", size_bytes=16 * MIB),),
                ),
                placement=args.cluster.placement_on("general"),
                calls=signing.calls,
                version=digest(text),
                deadline_seconds=DEADLINE_SECONDS,
                after=args.after,
            ),
            self.child,
        )
        self.ready = (job.done,)
        self.register_outputs({})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signing:
    """What a way to sign in asks of the job."""

    program: str
    programs: tuple[str, ...] = ()
    environment: Mapping[str, str]
    secrets: Mapping[str, SecretKey] = field(default_factory=dict)
    files: tuple[Files, ...] = ()
    calls: tuple[Peer, ...]


def _signed(args: SearchSetupArgs) -> _Signing:
    on = args.cluster
    return _Signing(
        program="search_setup",
        environment={"AWS_REGION": args.region},
        calls=(Blocks(blocks=on.addresses, ports=(PORT,)), *access.credentials(on)),
    )


def _by_password(login: Login) -> _Signing:
    trusted = Files(
        path=_TLS_FOLDER, secret=login.authority.secret, secret_keys=(login.authority.key,)
    )
    return _Signing(
        program="search_password",
        programs=("search_password.py",),
        environment={
            search_password.USER: login.user,
            search_password.USERS: " ".join(sorted(login.users)),
            search_password.AUTHORITY: f"{_TLS_FOLDER}/{login.authority.key}",
        },
        secrets={
            search_password.PASSWORD: login.password,
            **{search_password.variable(name): key for name, key in login.users.items()},
        },
        files=(trusted,),
        calls=(login.server,),
    )
