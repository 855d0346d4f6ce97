"""A job that tells an OpenSearch domain who may do what, and how long indices live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.base import PlatformComponent
from components.kubernetes import search_access, search_rules
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import Container, Files, Scratch, SecretKey, resources_of
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.model_sync import PACKAGE, python, scripts
from components.kubernetes.pod import digest
from components.kubernetes.scripts import search_password
from components.kubernetes.search_access import Login, SignIn
from components.kubernetes.search_rules import Rules
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from sizing.plans import HelperPlan
from sizing.units import MIB

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
        sign_in: as the administrator.
        roles: of the cloud, by the variables that `rules` name them by; where nobody signs as a
            role, names among `users`.
        users: whom it lays down where passwords count.
        logins: entries of the login's secret, which is made here: the passwords of all who sign in
            from the namespace, by user, and the authority; nothing where requests are signed.
        after: what must exist first.

    Raises:
        ValueError: a right whose holder nobody names, or a user without a password.
    """

    plan: HelperPlan
    cluster: Cluster
    namespace: pulumi.Input[str]
    url: pulumi.Input[str]
    sign_in: SignIn
    rules: Rules
    roles: Mapping[str, pulumi.Input[str]]
    users: tuple[str, ...] = ()
    logins: Mapping[str, Remote] = field(default_factory=dict)
    after: Sequence[pulumi.Resource] = ()

    def __post_init__(self) -> None:
        missing = sorted({*search_rules.holders(self.rules.rights)} - {*self.roles})
        if missing:
            raise ValueError(f"nobody says which role {', '.join(missing)} is")
        unknown = sorted({*self.users} - {*self.logins})
        if unknown:
            raise ValueError(f"nobody says where the passwords of {', '.join(unknown)} are")


class SearchSetup(PlatformComponent):
    """The job; other rules, or another program, make another one."""

    ready: Sequence[pulumi.Resource]
    """What writes to the domain or reads from it waits for these."""

    def __init__(
        self, name: str, args: SearchSetupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:SearchSetup", name, args.plan, opts)
        text = search_rules.text(args.rules)
        signing, after = _signing(args), [*args.after]
        if isinstance(args.sign_in, Login):
            need = SecretNeed(secret=args.sign_in.secret, entries=args.logins)
            after.append(
                external_secret(
                    self,
                    f"{name}-logins",
                    need,
                    cluster=args.cluster,
                    namespace=args.namespace,
                    after=args.after,
                )
            )
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
                    files=(
                        programs,
                        Files(path=FOLDER, contents={FILE: text}),
                        *search_access.files(args.sign_in, password=False),
                    ),
                    scratch=(Scratch(path="/tmp", size_bytes=16 * MIB),),
                ),
                placement=args.cluster.placement_on("general"),
                calls=search_access.calls(args.sign_in, args.cluster),
                version=digest(text),
                deadline_seconds=DEADLINE_SECONDS,
                after=after,
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


def _signing(args: SearchSetupArgs) -> _Signing:
    way = args.sign_in
    if isinstance(way, Login):
        return _by_password(way, args.users)
    return _Signing(program="search_setup", environment={"AWS_REGION": way.region})


def _by_password(login: Login, users: tuple[str, ...]) -> _Signing:
    return _Signing(
        program="search_password",
        programs=("search_password.py",),
        environment={
            search_password.USER: login.user,
            search_password.USERS: " ".join(sorted(users)),
            search_password.AUTHORITY: login.authority_file,
        },
        secrets={
            search_password.PASSWORD: login.password,
            **{
                search_password.variable(name): SecretKey(secret=login.secret, key=name)
                for name in users
            },
        },
    )
