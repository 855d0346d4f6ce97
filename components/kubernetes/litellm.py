"""The LiteLLM proxy: models, keys, budgets and spend behind one address of OpenAI's protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.base import PlatformComponent
from components.kubernetes import litellm_peers as peers
from components.kubernetes.access import Blocks
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import (
    Container,
    Files,
    Port,
    Probe,
    Probes,
    SecretKey,
    resources_of,
)
from components.kubernetes.database_setup import AUTHORITY_FOLDER, AUTHORITY_KEY
from components.kubernetes.job import Job, JobArgs
from components.kubernetes.litellm_config import DATABASE_URL, render, variables
from components.kubernetes.litellm_models import SELF_HOSTED_KEY
from components.kubernetes.litellm_plan import Offer, proxy_config, runtime
from components.kubernetes.litellm_runtime import (
    CONFIG_FILE,
    CONFIG_FOLDER,
    GRACE_SECONDS,
    IMAGE,
    LEAVE_SECONDS,
    LIVENESS,
    METRICS,
    METRICS_PORT,
    PORT,
    READINESS,
    arguments,
    environment,
    migration_command,
    migration_environment,
)
from components.kubernetes.litellm_secrets import (
    KEYS,
    MIGRATIONS,
    STORED_AS,
    secret_of,
)
from components.kubernetes.litellm_settings import ProxyConfig
from components.kubernetes.litellm_stores import Database, Store, direct, pooled
from components.kubernetes.otlp import NOWHERE, Otlp
from components.kubernetes.secrets import Remote, SecretNeed, external_secret
from components.kubernetes.service import Metrics, Service, ServiceArgs
from sizing.plans import HelperPlan, ModelPlan, PoolerPlan, ServicePlan
from sizing.versions import IMAGES
from sizing.workload import Workload

MIGRATION_SECONDS = 1800  # LiteLLM's chart gives its own job as long
# imports and the interface take most of a minute on one vCPU; ten times that is a failure
_STARTUP = Probe(port="http", path=LIVENESS, period_seconds=10, timeout_seconds=5, failures=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteLlmArgs:
    """What the proxy needs; how many and how large stands in `plan`.

    Attributes:
        migrations: the Job that changes the database before the proxy starts.
        models: our own, each behind the Service that its plan names.
        router: host of the Service before all engines, "" where each model has its own.
        load: what this environment carries.
        offer: outside models, fallbacks and limits.
        keys: name of the stored secret that `litellm_secrets.generated` asks for.
        engine_key: what our engines ask for, None where they ask for none.
        provider_keys: by provider, of those that no identity opens.
        state: for rate limits, budgets, locks and the spend buffer; evicts nothing.
        cache: for answers, None for none.
        balancers: blocks in which load balancers stand.
        otlp: where traces go.
        after: what the migrations wait for, and the proxy with them: the database's roles, the
            pooler. The operators of secrets and monitors are older than the namespace.
    """

    plan: ServicePlan
    migrations: HelperPlan
    models: tuple[ModelPlan, ...]
    router: str = ""
    pooler: PoolerPlan
    load: Workload
    offer: Offer = field(default_factory=Offer)
    cluster: Cluster
    namespace: pulumi.Input[str]
    keys: pulumi.Input[str]
    engine_key: Remote | None = None
    provider_keys: Mapping[str, Remote] = field(default_factory=dict)
    database: Database
    state: Store
    cache: Store | None
    balancers: tuple[str, ...]
    otlp: Otlp = NOWHERE
    after: Sequence[pulumi.Resource] = ()


class LiteLlm(PlatformComponent):
    """The proxy's Deployment, its secrets, and the Job that migrates its database before it.

    A failed migration leaves the pods that run as they are. Another model, limit or key of the
    file, or a secret kept elsewhere, rolls the pods; another value is read when they start.

    Raises:
        ValueError: a provider without its key, or what its file's types refuse.
    """

    host: pulumi.Output[str]
    """Name of the Service within the cluster; it answers at `litellm_runtime.PORT`."""
    ready: Sequence[pulumi.Resource]
    """What waits for the proxy waits for these."""

    def __init__(
        self, name: str, args: LiteLlmArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:kubernetes:LiteLlm", name, args.plan, opts)
        self._name, self._args = name, args
        self._config = _config(args)
        secrets = (
            SecretNeed(secret=KEYS, entries=_entries(args, self._config)),
            pooled(args.database, args.pooler.client_pool),
        )
        keys, database = map(self._secret, ("keys", "database"), secrets)
        migrated = self._migrations()
        service = Service(
            name,
            ServiceArgs(
                plan=args.plan,
                cluster=args.cluster,
                namespace=args.namespace,
                containers=(self._container(),),
                stop_seconds=GRACE_SECONDS,
                called_by=peers.callers(args.cluster, args.balancers),
                calls=(
                    *peers.called(
                        args.cluster,
                        engines=_engines(args),
                        pooler_port=args.database.pooler_port,
                        stores=[store for store in (args.state, args.cache) if store],
                        by_identity=any(one.by_identity for one in self._config.models.used()),
                    ),
                    *args.otlp.peers,
                ),
                metrics=Metrics(port="metrics", path=METRICS),
                secrets=secrets,
                after=[keys, database, migrated],
            ),
            self.child,
        )
        self.host = service.host
        self.ready = (service.workload,)
        self.register_outputs({"host": self.host})

    def _secret(self, role: str, need: SecretNeed) -> pulumi.Resource:
        args = self._args
        return external_secret(
            self,
            f"{self._name}-{role}",
            need,
            cluster=args.cluster,
            namespace=args.namespace,
        )

    def _migrations(self) -> pulumi.Resource:
        args = self._args
        database = self._secret("migrations-database", direct(args.database))
        job = Job(
            f"{self._name}-migrations",
            JobArgs(
                job=args.migrations.name,
                cluster=args.cluster,
                namespace_name=args.migrations.namespace,
                namespace=args.namespace,
                container=_migrating(args),
                placement=args.cluster.placement_on(args.plan.pool_role),
                calls=(Blocks(blocks=args.cluster.addresses, ports=(args.database.server_port,)),),
                version=IMAGES[IMAGE].tag,
                deadline_seconds=MIGRATION_SECONDS,
                after=[database, *args.after],
            ),
            self.child,
        )
        return job.done

    def _container(self) -> Container:
        args, chosen = self._args, runtime(self._args.plan, self._args.otlp.http)
        stores = {"STATE": args.state, "CACHE": args.cache}
        places = [one for role, store in stores.items() if store for one in _place(role, store)]
        secret = [one.name for one in variables(self._config) if one.secret]
        return Container(
            name="litellm",
            image=IMAGE,
            resources=resources_of(args.plan),
            arguments=arguments(chosen),
            environment={**environment(chosen), **args.otlp.attributes, **dict(places)},
            secret_environment={
                name: SecretKey(secret=secret_of(name), key=name) for name in secret
            },
            ports=(Port(name="http", number=PORT), Port(name="metrics", number=METRICS_PORT)),
            probes=Probes(
                startup=_STARTUP,
                readiness=Probe(port="http", path=READINESS),
                # busy for half a minute is busy; longer is stuck
                liveness=Probe(port="http", path=LIVENESS, timeout_seconds=10, failures=4),
            ),
            files=(
                Files(path=CONFIG_FOLDER, contents={CONFIG_FILE: render(self._config)}),
                *(one for role, store in stores.items() if store for one in store.files(role)),
            ),
            stop_seconds=LEAVE_SECONDS,
        )


def _config(args: LiteLlmArgs) -> ProxyConfig:
    addresses = {
        model.name: f"http://{args.cluster.host(service, 'serving')}:{peers.ENGINE_PORT}"
        for model, service in zip(args.models, _engines(args), strict=True)
    }
    return proxy_config(
        args.offer,
        plan=args.plan,
        models=args.models,
        addresses=addresses,
        engines_keyed=args.engine_key is not None,
        traces=bool(args.otlp.host),
        pooler=args.pooler,
        load=args.load,
        state=args.state.settings("STATE"),
        cache=args.cache.settings("CACHE") if args.cache else None,
    )


def _place(role: str, store: Store) -> tuple[tuple[str, pulumi.Input[str]], ...]:
    """Return the variables that say where a store is, and who may open it where no token does."""
    settings = store.settings(role)
    account = () if store.account is None else ((settings.account, store.account),)
    return ((settings.host, store.host), *account)


def _engines(args: LiteLlmArgs) -> list[str]:
    """Return the Service that answers for each of our models, in their order."""
    return [args.router or model.service for model in args.models]


def _entries(args: LiteLlmArgs, config: ProxyConfig) -> dict[str, Remote]:
    """Return where each secret variable of the proxy is kept, but the database's.

    Raises:
        ValueError: nothing says where the key of a provider is.
    """
    found = {name: Remote(name=args.keys, property=key) for name, key in STORED_AS.items()}
    for store, settings in ((args.state, config.state), (args.cache, config.cache)):
        if store is not None and settings is not None and store.token is not None:
            found[settings.password] = store.token
    if args.engine_key is not None and args.models:
        found[SELF_HOSTED_KEY] = args.engine_key
    asked = {one.name: one.key for one in config.models.used() if one.key}
    if missing := sorted({*asked} - {*args.provider_keys}):
        raise ValueError(f"nothing says where the keys of {', '.join(missing)} are kept")
    return found | {key: args.provider_keys[name] for name, key in asked.items()}


def _migrating(args: LiteLlmArgs) -> Container:
    return Container(
        name="migrations",
        image=IMAGE,
        resources=resources_of(args.migrations),
        command=migration_command(),
        environment=migration_environment(),
        secret_environment={DATABASE_URL: SecretKey(secret=MIGRATIONS, key=DATABASE_URL)},
        files=(Files(path=AUTHORITY_FOLDER, contents={AUTHORITY_KEY: args.database.authority}),),
    )
