"""The ground of a platform on AWS, component by component, from small plans."""

from __future__ import annotations

from pulumi_aws import iam

from components.aws.addons import Addons, AddonsArgs
from components.aws.eks import Eks, EksArgs
from components.aws.identity import IamSettings, service_trust
from components.aws.keys import Keys, KeysArgs
from components.aws.network import Network, NetworkArgs
from components.aws.node_pools import NodePools, NodePoolsArgs
from components.aws.peering import Peering, PeeringArgs, PeeringPlan
from components.aws.storage_class import StorageClass, StorageClassArgs
from sizing.plans import AddonPlan, KeyPlan, NetworkPlan, NodePoolPlan, TaintPlan
from sizing.words import Access
from tests.components.aws.samples import LOGS_KEY, ZONES, cluster_plan, network_plan, pool
from tests.components.support import ACCOUNT, REGION, TAGS, Recorder, record

NODES_KEY = "arn:aws:kms:us-east-1:123456789012:key/nodes"
SECRETS_KEY = "arn:aws:kms:us-east-1:123456789012:key/cluster"
ADMINS = ("arn:aws:iam::123456789012:role/aigw/deploy", "arn:aws:iam::123456789012:role/oncall")
ALLOWED = ("203.0.113.0/24", "198.51.100.7/32")
GPU_TAINT = TaintPlan(key="nvidia.com/gpu", value="true", effect="NO_SCHEDULE")
BOUNDED = IamSettings(permissions_boundary="arn:aws:iam::123456789012:policy/edge", path="/aigw/")
KEYS = (
    KeyPlan(
        name="nodes", services=("autoscaling", "ec2"), deletion_window_days=30, rotation_days=365
    ),
    KeyPlan(name="logs", services=("logs",), deletion_window_days=7, rotation_days=365),
)


NODES = {"use1-az1": "10.112.0.0/19", "use1-az2": "10.112.32.0/19"}
STORES = {"use1-az1": "10.32.240.0/24", "use1-az2": "10.32.241.0/24"}
PORTS = {"postgres": 5432, "search": 443}


def network(plan: NetworkPlan | None = None) -> Recorder:
    args = NetworkArgs(
        plan=plan or network_plan(),
        region=REGION,
        account_id=ACCOUNT,
        logs_key_arn=LOGS_KEY,
        iam=BOUNDED,
        tags=TAGS,
    )
    return record(lambda: Network("network", args))


def keys() -> Recorder:
    args = KeysArgs(plans=KEYS, account_id=ACCOUNT, region=REGION, tags=TAGS, protect=True)
    return record(lambda: Keys("keys", args))


def cluster(access: Access = Access.ALLOWLIST) -> Recorder:
    args = EksArgs(
        plan=cluster_plan(access=access),
        cluster_name="aigw-prod-large",
        region=REGION,
        subnet_ids=["subnet-a", "subnet-b"],
        secrets_key_arn=SECRETS_KEY,
        logs_key_arn=LOGS_KEY,
        allow_list=ALLOWED,
        admin_principals=ADMINS,
        kubectl_role_arn=ADMINS[0],
        iam=IamSettings(),
        tags=TAGS,
        protect=True,
    )
    return record(lambda: Eks("cluster", args))


def _role(name: str) -> iam.Role:
    return iam.Role(name, assume_role_policy=service_trust("ec2.amazonaws.com"))


def gpu_pool(*, minimum: int = 1) -> NodePoolPlan:
    return pool(
        "gpu-a10g",
        instance_types=("g5.4xlarge",),
        zone_ids=ZONES[:1],
        minimum=minimum,
        gpus=1,
        ami_type="AL2023_x86_64_NVIDIA",
        taints=(GPU_TAINT,),
    )


def pools(*plans: NodePoolPlan) -> Recorder:
    def program() -> None:
        args = NodePoolsArgs(
            plans=plans,
            cluster_name="aigw-prod-large",
            cluster_security_group_id="sg-cluster",
            kubernetes_version="1.35",
            region=REGION,
            subnet_ids={zone: f"subnet-{zone}" for zone in ZONES},
            ebs_key_arn=NODES_KEY,
            ready=[_role("stand-in-for-add-ons")],
            iam=IamSettings(),
            tags=TAGS,
        )
        NodePools("nodes", args)

    return record(program)


def addons(*plans: AddonPlan) -> Recorder:
    def program() -> None:
        args = AddonsArgs(
            plans=plans,
            cluster_name="aigw-prod-large",
            region=REGION,
            volume_key_arn=NODES_KEY,
            nodes=[_role("stand-in-for-nodes")],
            iam=IamSettings(),
            tags=TAGS,
        )
        Addons("addons", args)

    return record(program)


def storage_class() -> Recorder:
    def program() -> None:
        args = StorageClassArgs(volume_key_arn=NODES_KEY, driver=(), tags=dict(TAGS))
        assert StorageClass("volumes", args).name == "zonal"

    return record(program)


def peering() -> Recorder:
    """Register the road from a guest's nodes to its host's stores."""
    args = PeeringArgs(
        plan=PeeringPlan(host="staging-medium", nodes=NODES, stores=STORES, ports=PORTS),
        vpc_id="vpc-guest",
        node_tables={zone: f"rtb-{zone}" for zone in NODES},
        hosts_vpc_id="vpc-host",
        store_table="rtb-stores",
        doors={store: f"sg-{store}" for store in PORTS},
        tags=TAGS,
    )
    return record(lambda: Peering("peering", args))
