"""Vault as tests ask for it, and one that answers without a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from components.kubernetes.cluster import Cluster
from components.kubernetes.database_sql import DatabaseNeed
from components.kubernetes.scripts.vault_api import Vault as Api
from components.kubernetes.scripts.vault_api import VaultError
from components.kubernetes.secrets import Remote
from components.kubernetes.vault import Helpers, Kept, VaultArgs
from components.kubernetes.vault_jobs import Target
from components.kubernetes.vault_settings import Reader, Server, Wanted
from sizing.plans import Scale
from sizing.plans.workloads import HelperPlan, VaultPlan
from sizing.units import MIB
from tests.components.kubernetes.samples import cluster, service_plan
from tests.components.kubernetes.surroundings import here

NAMESPACE = "prod-vault"
NEEDS = (
    DatabaseNeed(name="litellm", alters_schema=True),
    DatabaseNeed(name="permissions"),
    DatabaseNeed(name="users"),
)
WANTED = Wanted(
    namespace=NAMESPACE,
    server=Server(port=5432, authority="-----BEGIN CERTIFICATE-----\n"),
    needs=NEEDS,
    readers=(Reader(account="chat", namespace="prod-apps", databases=("users",)),),
    login_seconds=3600,
    login_maximum_seconds=86_400,
)


def on() -> Cluster:
    made = cluster()
    return replace(made, namespaces={**made.namespaces, "vault": NAMESPACE})


def helper(name: str, kind: str = "job") -> HelperPlan:
    return HelperPlan(
        name=name,
        namespace=NAMESPACE,
        kind=kind,
        pods=1,
        cpu_request_millis=10,
        cpu_limit_millis=50,
        memory_request_bytes=16 * MIB,
        memory_limit_bytes=32 * MIB,
    )


def plan(members: int = 3) -> VaultPlan:
    return VaultPlan(
        members=members,
        volume_gib=10,
        audit_gib=10,
        seal="awskms",
        snapshot_schedule="20 */6 * * *",
        snapshot_days=90,
        recovery_region="",
        login_seconds=3600,
        login_maximum_seconds=86_400,
    )


def arguments(members: int = 3, **changes: Any) -> VaultArgs:  # noqa: ANN401  (any field of it)
    servers = service_plan(
        "vault",
        role="data",
        pool_role="data",
        scale=Scale(minimum=members, planned=members, maximum=members),
        volume_gib=10,
    )
    plain: dict[str, Any] = {
        "cluster": on(),
        "namespace": NAMESPACE,
        "plan": replace(servers, namespace=NAMESPACE, log_volume_gib=10),
        "vault": plan(members),
        "helpers": Helpers(
            care=helper("vault-care", "sidecar"),
            certificates=helper("vault-certificates"),
            setup=helper("vault-setup"),
            snapshots=helper("vault-snapshots"),
        ),
        "seal": here().seal,
        "wanted": WANTED,
        "region": here().region,
        "database": "postgres.example.com",
        "issuer": Remote(name="prod/database-vault", property="vault_issuer"),
        "kept": Kept(
            recovery="prod/vault-recovery",
            session="prod/vault-session",
            server="prod/vault-tls",
            authority="prod/vault-authority",
            entry="prod/vault-tls",
        ),
        "targets": (Target(bucket="prod-backups", region=here().region, prefix="vault/"),),
        "callers": (),
    }
    return VaultArgs(**{**plain, **changes})


@dataclass
class Keeping:
    """The cloud's store: what it holds now, and under which labels it was stored."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    refuses: bool = False

    def keep(self, secret: str, value: Mapping[str, object], label: str = "") -> None:
        if self.refuses:
            raise OSError("AccessDenied")
        self.values[secret] = dict(value)
        self.labels += [label] if label else []

    def read(self, secret: str) -> dict[str, Any]:
        return self.values.get(secret, {})


class Answering(Api):
    """Vault, as far as the set-up asks it; whoever shares `state` sees the same."""

    def __init__(self, state: dict[str, Any] | None = None, token: str = "") -> None:
        super().__init__("https://vault:8200", token=token)
        self.state: dict[str, Any] = {} if state is None else state
        self.token = token

    @property
    def paths(self) -> dict[str, Any]:
        return self.state.setdefault("paths", {})  # type: ignore[no-any-return]

    @property
    def asked(self) -> list[tuple[str, str, str]]:
        """Return who asked what, in order."""
        return self.state.setdefault("asked", [])  # type: ignore[no-any-return]

    def showing(self, token: str) -> Answering:
        return Answering(self.state, token)

    def logged_in(self, role: str, token_file: object) -> Answering:  # noqa: ARG002  (the real one)
        if f"auth/kubernetes/role/{role}" not in self.paths:
            raise VaultError(400, f"no role {role}")
        return self.showing(f"of-{role}")

    def ask(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> dict[str, Any]:
        self.asked.append((self.token, method, path))
        if path == "sys/init":
            return self._initialised(method)
        if self.token in self.state.get("ended", ()):
            raise VaultError(403, "permission denied")
        if path == "auth/token/revoke-self":
            self.state.setdefault("ended", []).append(self.token)
        elif method != "GET":
            self.paths[path] = body
        below = {f"{one.removeprefix(f'{path}/')}/" for one in self.paths if path in one}
        return {"data": {one: {} for one in below}}

    def _initialised(self, method: str) -> dict[str, Any]:
        if method == "GET":
            return {"initialized": "root" in self.state}
        self.state["root"] = "hvs.first"
        return {"root_token": "hvs.first", "recovery_keys_base64": ["a", "b", "c", "d", "e"]}
