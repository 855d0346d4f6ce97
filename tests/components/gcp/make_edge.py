"""The way in, secrets, images and rights of a platform on Google Cloud, from plans by hand."""

from __future__ import annotations

from collections.abc import Sequence

from components.gcp.armor import Armor, ArmorArgs
from components.gcp.ingress import Ingress, IngressArgs
from components.gcp.registry import Login, Registry, RegistryArgs
from components.gcp.secrets import Secrets, SecretsArgs, grant_secrets
from components.gcp.workload_identity import Identity, IdentityArgs, Right, Workload
from components.generated import GeneratedSecret
from components.secret_values import GivenSecret
from components.workloads import WorkloadPlan
from sizing.plans.edge import IngressPlan
from tests.components.gcp import edge_samples, samples
from tests.components.support import Recorder, record

SUBNET = f"projects/{samples.PROJECT}/regions/{samples.REGION}/subnetworks/nodes"
NODES = f"nodes@{samples.PROJECT}.iam.gserviceaccount.com"
PROXIES = "10.64.96.0/20"
OFFICES = ("203.0.113.0/24", "198.51.100.7/32")
HOST = f"{samples.REGION}-docker.pkg.dev/{samples.PROJECT}/images"
MEMBER = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p"
POOL = f"{samples.PROJECT}.svc.id.goog"


def ingress(
    plan: IngressPlan | None = None,
    *,
    policy: str | None = None,
    protect: bool = True,
    access_logs: bool = True,
    stack: str = "prod-large-gcp",
    seen: list[Ingress] | None = None,
) -> Recorder:
    args = IngressArgs(
        plan=plan or edge_samples.ingress(),
        stack=stack,
        project=samples.PROJECT,
        region=samples.REGION,
        domain="ai.example.com",
        zone="ai-example-com",
        zones=samples.ZONES,
        network=samples.NETWORK,
        nodes_subnet=SUBNET,
        proxy_subnet="proxies-id",
        proxy_cidr=PROXIES,
        node_service_account=NODES,
        policy=policy,
        labels=samples.LABELS,
        protect=protect,
        access_logs=access_logs,
    )
    made = seen if seen is not None else []
    return record(lambda: made.append(Ingress("ingress", args)))


def firewall(plan: IngressPlan | None = None, *, allow_list: tuple[str, ...] = ()) -> Recorder:
    args = ArmorArgs(
        plan=plan or edge_samples.ingress(),
        stack="prod-large-gcp",
        project=samples.PROJECT,
        region=samples.REGION,
        allow_list=allow_list,
    )
    return record(lambda: Armor("armor", args))


def registry(
    logins: dict[str, Login] | None = None, *, seen: list[Registry] | None = None
) -> Recorder:
    args = RegistryArgs(
        project=samples.PROJECT,
        project_number=samples.PROJECT_NUMBER,
        region=samples.REGION,
        prefix="images",
        logins=logins or {},
        node_service_account=NODES,
        labels=samples.LABELS,
    )
    made = seen if seen is not None else []
    return record(lambda: made.append(Registry("registry", args)))


def secrets(
    *generated: GeneratedSecret,
    given: tuple[GivenSecret, ...] = (),
    kept: tuple[str, ...] = (),
    protect: bool = False,
    role: str = "",
) -> Recorder:
    """Register secrets; `role` is what a reader is given on each."""

    def program() -> None:
        args = SecretsArgs(
            generated=generated,
            given=given,
            kept=kept,
            stack="prod-large",
            region=samples.REGION,
            data_key=samples.KEY,
            key_ready=(edge_samples.Grant(),),
            labels=samples.LABELS,
            protect=protect,
        )
        made = Secrets("secrets", args)
        if role:
            grant_secrets(made, "reader", secrets=made.ids, member=MEMBER, role=role)

    return record(program)


def rights(**given: Sequence[Right]) -> Recorder:
    """Register workloads by their names, each with the rights that are given."""
    workloads = [
        Workload(
            plan=WorkloadPlan(name=name, namespace="prod-gateway", service_account=f"{name}-sa"),
            rights=some,
        )
        for name, some in given.items()
    ]
    args = IdentityArgs(
        workloads=workloads, project_number=samples.PROJECT_NUMBER, workload_pool=POOL
    )
    return record(lambda: Identity("identity", args))
