"""Archestra, Langflow, n8n and Ollama are closed and unprivileged, and read passwords by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from components.kubernetes import archestra, archestra_config, langflow, n8n
from components.kubernetes.access import Pods
from components.kubernetes.archestra import Archestra, ArchestraArgs
from components.kubernetes.archestra_config import Process
from components.kubernetes.container import Resources
from components.kubernetes.langflow import Langflow, LangflowArgs
from components.kubernetes.litellm_stores import Store
from components.kubernetes.n8n import N8n, N8nArgs
from components.kubernetes.ollama import Ollama, OllamaArgs
from components.kubernetes.secrets import Remote
from components.kubernetes.server_login import ServerLogin
from components.kubernetes.shared_files import SharedFiles, SharedFilesArgs, SharedFilesPlan
from sizing.planning.direct import CONNECTIONS
from sizing.plans import HelperPlan, Scale, ServicePlan
from sizing.units import GIB, MIB
from tests.components.kubernetes.samples import SCALING, cluster, service_plan, store
from tests.components.kubernetes.surroundings import here
from tests.components.support import Recorder, Registered, children_of, record
from tests.kubernetes.schemas import violations

HOME = "prod-apps"
ONE = Scale(minimum=1, planned=1, maximum=1)
CALLERS = (Pods(namespace=HOME, ports=(9000,)),)


def login(database: str, role: str) -> ServerLogin:
    return ServerLogin(
        database=database,
        role=role,
        password=Remote(name=f"aigw/prod/database-{database}", property=role),
        host="db.rds.example",
        port=5432,
        authority="-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    )


def keys(stored: str, names: tuple[str, ...]) -> dict[str, Remote]:
    return {name: Remote(name=f"aigw/prod/{stored}", property=name) for name in names}


def build_archestra(**changes: Any) -> Archestra:  # noqa: ANN401
    large = replace(
        service_plan("archestra", role="apps", scaling=SCALING),
        memory_request_bytes=4 * GIB,
        memory_limit_bytes=4 * GIB,
    )
    plain: dict[str, Any] = {
        "web": large,
        "worker": service_plan("archestra-worker", role="apps"),
        "migrations": HelperPlan(
            name="archestra-migrations",
            namespace=HOME,
            kind="job",
            pods=1,
            cpu_request_millis=500,
            cpu_limit_millis=1000,
            memory_request_bytes=GIB,
            memory_limit_bytes=GIB,
        ),
        "cluster": cluster(),
        "namespace": HOME,
        "login": login("archestra", "archestra_a"),
        "migrator": login("archestra", "archestra_migrator"),
        "keys": keys("archestra", tuple(archestra.KEYS.values())),
        "telemetry": "http://otel-collector.prod-observability.svc.cluster.local:4318",
        "called_by": CALLERS,
        "watched_by": CALLERS,
    }
    return Archestra("archestra", ArchestraArgs(**{**plain, **changes}))


def build_langflow() -> Langflow:
    files = SharedFiles(
        "langflow-files",
        SharedFilesArgs(
            plan=SharedFilesPlan(name="langflow", namespace=HOME, read_only=False),
            cluster=cluster(),
            namespace=HOME,
            folder=here().folder(),
        ),
    )
    return Langflow(
        "langflow",
        LangflowArgs(
            plan=service_plan("langflow", role="apps"),
            cluster=cluster(),
            namespace=HOME,
            login=login("langflow", "langflow_a"),
            keys=keys("langflow", tuple(langflow.KEYS.values())),
            files=files,
            called_by=CALLERS,
        ),
    )


def build_n8n(queue: Store | None = None) -> N8n:
    return N8n(
        "n8n",
        N8nArgs(
            main=service_plan("n8n", role="apps", scale=ONE),
            worker=service_plan("n8n-worker", role="apps", scaling=SCALING),
            cluster=cluster(),
            namespace=HOME,
            login=login("n8n", "n8n_a"),
            queue=queue or store("state"),
            keys=keys("n8n", n8n.KEYS),
            concurrency=7,
            called_by=CALLERS,
            watched_by=CALLERS,
        ),
    )


ON_CPU = service_plan("ollama", role="apps", pool_role="data", scale=ONE, volume_gib=20)


def build_ollama(
    models: tuple[str, ...] = ("llama3.2:3b", "nomic-embed-text"), plan: ServicePlan = ON_CPU
) -> Ollama:
    return Ollama(
        "ollama",
        OllamaArgs(
            plan=plan,
            cluster=cluster(),
            namespace=HOME,
            models=models,
            disk_gib=30,
            called_by=CALLERS,
        ),
    )


ALL: dict[str, Callable[[], object]] = {
    "Archestra": build_archestra,
    "Langflow": build_langflow,
    "N8n": build_n8n,
    "Ollama": build_ollama,
}


def pod(made: Recorder, kind: str, name: str) -> dict[str, Any]:
    found = made.one(kind, name).inputs["spec"]["template"]["spec"]
    assert isinstance(found, dict)
    return found


def workloads(made: Recorder) -> list[Registered]:
    kinds = ("apps/v1:Deployment", "apps/v1:StatefulSet", "batch/v1:Job")
    return [one for kind in kinds for one in made.all(f"kubernetes:{kind}")]


def variables(container: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in container["env"] if "value" in one}


def secret_texts(made: Recorder, name: str) -> dict[str, str]:
    held = made.one("ExternalSecret", name).inputs["spec"]["target"]["template"]["data"]
    assert isinstance(held, dict)
    return held


@pytest.mark.parametrize("part", ALL)
def test_every_object_is_valid_and_has_the_part_above_it(part: str) -> None:
    made = record(ALL[part])
    objects = [one for one in made.resources if one.type.startswith("kubernetes:")]
    assert objects
    assert not [(one.name, fault) for one in objects for fault in violations(one.inputs)]
    assert {one.type for one in children_of(made, part)}


@pytest.mark.parametrize("part", ALL)
def test_no_container_is_privileged_or_writes_its_root(part: str) -> None:
    made = record(ALL[part])
    for workload in workloads(made):
        spec = workload.inputs["spec"]["template"]["spec"]
        for one in (*spec["containers"], *spec.get("initContainers", ())):
            context = one["securityContext"]
            assert context["runAsNonRoot"]
            assert context["readOnlyRootFilesystem"]
            assert context["runAsUser"] == 1000


@pytest.mark.parametrize("part", ["Archestra", "Langflow", "N8n"])
def test_no_plain_variable_holds_a_password(part: str) -> None:
    made = record(ALL[part])
    for workload in workloads(made):
        for one in workload.inputs["spec"]["template"]["spec"]["containers"]:
            for name in variables(one):
                assert not name.endswith(("PASSWORD", "SECRET", "SECRET_KEY", "ENCRYPTION_KEY"))
                assert "DATABASE_URL" not in name


@pytest.mark.parametrize(
    ("secret", "variable", "role"),
    [
        ("archestra-secret", "ARCHESTRA_DATABASE_URL", "archestra_a"),
        ("archestra-migrations-secret", "ARCHESTRA_DATABASE_URL", "archestra_migrator"),
        ("langflow-secret", "LANGFLOW_DATABASE_URL", "langflow_a"),
    ],
)
def test_addresses_go_to_the_server_itself_and_verify_its_name(
    secret: str, variable: str, role: str
) -> None:
    made = record(build_archestra if secret.startswith("archestra") else build_langflow)
    address = secret_texts(made, secret)[variable]
    assert address.startswith(f"postgresql://{role}:{{{{ .password | urlquery }}}}@db.rds.example:")
    assert "sslmode=verify-full&sslrootcert=/etc/database-authority/authority.pem" in address


def test_archestra_migrates_in_a_job_before_its_pods_and_never_in_them() -> None:
    made = record(build_archestra)
    job = made.one("Job", "migrations-job")
    (container,) = job.inputs["spec"]["template"]["spec"]["containers"]
    assert "migrate-with-lock.mjs" in container["command"][-1]
    for name in ("archestra-deployment", "archestra-worker-deployment"):
        workload = made.one("Deployment", name)
        assert job.urn in made.before(workload)
        first = workload.inputs["spec"]["template"]["spec"]["containers"][0]
        assert variables(first)["ARCHESTRA_DATABASE_RUN_MIGRATIONS_ON_STARTUP"] == "false"


def test_archestra_is_a_web_process_with_its_ui_and_a_worker() -> None:
    made = record(build_archestra)
    web, ui = pod(made, "Deployment", "archestra-deployment")["containers"]
    (worker,) = pod(made, "Deployment", "archestra-worker-deployment")["containers"]
    assert variables(web)["ARCHESTRA_PROCESS_TYPE"] == "web"
    assert variables(worker)["ARCHESTRA_PROCESS_TYPE"] == "worker"
    assert [one["containerPort"] for one in web["ports"]] == [9000, 9050]
    assert [one["containerPort"] for one in ui["ports"]] == [3000]
    assert web["readinessProbe"]["httpGet"]["path"] == "/ready"
    assert web["livenessProbe"]["httpGet"]["path"] == "/health"


def test_archestra_starts_nothing_in_the_cluster() -> None:
    made = record(build_archestra)
    for name in ("archestra-deployment", "archestra-worker-deployment"):
        spec = pod(made, "Deployment", name)
        said = variables(spec["containers"][0])
        assert said["ARCHESTRA_ORCHESTRATOR_LOAD_KUBECONFIG_FROM_CURRENT_CLUSTER"] == "false"
        assert said["ARCHESTRA_CODE_RUNTIME_ENABLED"] == "false"
        assert spec["automountServiceAccountToken"] is False
    assert not [*made.all("Role"), *made.all("ClusterRole")]


def test_archestra_tells_a_collector_where_there_is_one_and_no_prompts() -> None:
    said = archestra_config.environment(Process.WEB, queries=10, telemetry="http://collector:4318")
    assert said["ARCHESTRA_OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://collector:4318"
    assert said["ARCHESTRA_OTEL_CAPTURE_CONTENT"] == "false"
    alone = archestra_config.environment(Process.WEB, queries=10)
    assert not [name for name in alone if "OTEL" in name]


def test_api_and_ui_share_what_the_plan_gives_a_pod() -> None:
    whole = Resources(
        cpu_millis=1000, cpu_limit_millis=4000, memory_bytes=8 * GIB, memory_limit_bytes=8 * GIB
    )
    api, ui = archestra_config.shares(whole)
    assert api.cpu_millis + ui.cpu_millis == 1000
    assert api.memory_limit_bytes + ui.memory_limit_bytes == 8 * GIB
    with pytest.raises(ValueError, match="more than"):
        archestra_config.shares(replace(whole, memory_bytes=256 * MIB))


def test_what_encrypts_is_never_made_anew() -> None:
    made = (
        archestra.generated(protect=True),
        langflow.generated(protect=True),
        n8n.generated(protect=True),
    )
    permanent = {key.name for one in made for key in one.keys if key.permanent}
    assert permanent == {"auth-secret", "secret-key", "encryption-key"}
    assert all(one.protect for one in made)


def test_langflow_lets_nobody_in_by_itself_and_keeps_files_in_its_folder() -> None:
    made = record(build_langflow)
    (one,) = pod(made, "Deployment", "langflow-deployment")["containers"]
    said = variables(one)
    assert said["LANGFLOW_AUTO_LOGIN"] == "false"
    assert said["LANGFLOW_ENABLE_SIGNUP"] == "false"
    assert said["LANGFLOW_CUSTOM_COMPONENT_ADMIN_ONLY"] == "true"
    assert {"/app/langflow"} <= {mount["mountPath"] for mount in one["volumeMounts"]}
    assert one["readinessProbe"]["httpGet"]["path"] == "/health_check"
    pool = json.loads(said["LANGFLOW_DB_CONNECTION_SETTINGS"])
    assert pool["pool_size"] + pool["max_overflow"] == CONNECTIONS["langflow"]
    assert (
        langflow.environment(custom_components=True)["LANGFLOW_CUSTOM_COMPONENT_ADMIN_ONLY"]
        == "false"
    )


def test_a_build_of_langflow_stays_on_the_replica_that_was_asked() -> None:
    assert langflow.environment(custom_components=False)["LANGFLOW_EVENT_DELIVERY"] == "direct"


def test_n8n_queues_by_tls_in_the_store_that_evicts_nothing() -> None:
    made = record(build_n8n)
    (main,) = pod(made, "StatefulSet", "n8n-set")["containers"]
    (worker,) = pod(made, "Deployment", "n8n-worker-deployment")["containers"]
    for one in (main, worker):
        said = variables(one)
        assert said["EXECUTIONS_MODE"] == "queue"
        assert said["QUEUE_BULL_REDIS_HOST"] == "state.example.org"
        assert said["QUEUE_BULL_REDIS_TLS"] == "true"
        assert said["DB_POSTGRESDB_SSL_REJECT_UNAUTHORIZED"] == "true"
        assert said["N8N_DEFAULT_BINARY_DATA_MODE"] == "database"
        assert int(said["DB_POSTGRESDB_POOL_SIZE"]) == CONNECTIONS["n8n"]
    assert worker["args"] == ["worker", "--concurrency=7"]
    assert "args" not in main


def test_n8n_has_one_main_that_workers_wait_for_and_an_owner_from_the_start() -> None:
    made = record(build_n8n)
    main = made.one("StatefulSet", "n8n-set")
    assert main.inputs["spec"]["replicas"] == 1
    assert not main.inputs["spec"].get("volumeClaimTemplates")
    assert main.urn in made.before(made.one("Deployment", "n8n-worker-deployment"))
    (one,) = pod(made, "StatefulSet", "n8n-set")["containers"]
    assert variables(one)["N8N_INSTANCE_OWNER_MANAGED_BY_ENV"] == "true"
    held = secret_texts(made, "n8n-secret")
    assert held["N8N_INSTANCE_OWNER_PASSWORD_HASH"] == "{{ .owner_password | bcrypt }}"


def test_n8n_refuses_a_queue_over_several_nodes() -> None:
    with pytest.raises(Exception, match="no cluster"):
        record(lambda: build_n8n(store("state", clustered=True)))
