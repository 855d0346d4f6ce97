"""OpenSearch, which Google does not sell: three members in the cluster, on a pool of their own.

`SearchPlan` in its words: `instance_type` is the pool's machine, `volume_*` say what a member's
disk gives; there are no masters apart, since each member may be elected.
"""

from __future__ import annotations

from sizing.catalog import InstanceType, instance, instances, price
from sizing.planning.environment import Setting
from sizing.planning.gcp.disks import DISK_MOST, balanced_iops, balanced_throughput
from sizing.planning.homes import home
from sizing.planning.machines import sold
from sizing.planning.needs import search_members, search_volume_gib, searched
from sizing.planning.notes import monthly, note
from sizing.planning.pool_marks import ROLE_LABEL
from sizing.planning.search import ASKED, DATA_NODES, MOST_ZONES, Asked, Usd, raised_notes
from sizing.plans import Adjustment, NodePoolPlan, Scale, SearchPlan, ServicePlan, TaintPlan
from sizing.reserve import DAEMON_MEMORY, DAEMON_MILLIS, max_pods, room
from sizing.units import GIB, MIB, MILLIS_PER_CPU
from sizing.versions import GOOGLE_VERSIONS
from sizing.words import CapacityType, Cloud, Direction

ROLE = "search"
SERVICE = "opensearch"
HALF = 2
SHARED_CPU = "e2"  # vCPU that yield to neighbours: for dev alone. Source: sizing-decisions.


def search(setting: Setting) -> tuple[SearchPlan, tuple[Adjustment, ...]]:
    """Return the members of the search cluster, which document 001 does not have.

    Raises:
        ValueError: the region sells no machine of the size that is asked.
    """
    asked, zones = ASKED[setting.request.tier], min(MOST_ZONES, len(setting.store_zone_ids))
    machine = _machine(setting, asked)
    floor = zones if setting.is_dev else -(-DATA_NODES // zones) * zones
    members, kept_gib = _members(setting, machine, floor, zones)
    by_hand = setting.request.overrides.search_volume_gib
    documented = setting.quantity(asked.volume_gib)
    volume = max(documented, kept_gib) if by_hand is None else by_hand
    plan = SearchPlan(
        engine_version=GOOGLE_VERSIONS.opensearch.value,
        instance_type=machine.name,
        instance_count=members,
        zone_count=zones,
        master_type="",
        master_count=0,
        volume_gib=volume,
        volume_iops=balanced_iops(volume),
        volume_throughput=balanced_throughput(volume),
        log_retention_days=setting.log_days,
    )
    said = note(
        "search",
        "no row",
        f"{floor} x {plan.instance_type}, in the cluster",
        direction=Direction.RAISED,
        rule="search-in-cluster",
        reason="document 000 names OpenSearch, document 001 sizes none: assumed; Google sells no "
        "such service, so it runs on a pool of its own",
        monthly_usd=monthly(machine.price(setting.request.region), floor),
    )
    return plan, (said, *raised_notes(setting, plan, floor, documented, _usd(setting, machine)))


def search_service(setting: Setting, plan: SearchPlan) -> ServicePlan:
    """Return the members as pods: what is asked, or what their machine has to give."""
    asked, offered = ASKED[setting.request.tier], room(_machine_named(plan.instance_type))
    # A member still fits where DaemonSets take half more than assumed.
    millis = min(
        setting.quantity(asked.vcpu) * MILLIS_PER_CPU, offered.millis - int(DAEMON_MILLIS) // HALF
    )
    memory = min(
        setting.quantity(asked.memory_gib) * GIB, offered.memory_bytes - int(DAEMON_MEMORY) // HALF
    )
    memory -= memory % (HALF * MIB)  # half of it is the heap, in whole MiB
    count = plan.instance_count
    return ServicePlan(
        name=SERVICE,
        namespace=home(setting, SERVICE),
        pool_role=ROLE,
        pool=ROLE,
        scale=Scale(minimum=count, planned=count, maximum=count),
        needed=count // HALF + 1,  # a majority votes
        cpu_request_millis=millis,
        cpu_limit_millis=millis,
        memory_request_bytes=memory,
        memory_limit_bytes=memory,
        gpus=0,
        volume_gib=plan.volume_gib,
        autoscaled=False,
        reason="document 000; one member a node, an odd number votes",
    )


def search_pool(setting: Setting, plan: SearchPlan, like: NodePoolPlan) -> NodePoolPlan:
    """Return the members' pool.

    Args:
        setting: the request's setting.
        plan: the members.
        like: a pool whose image and disks it shares.
    """
    machine, count = _machine_named(plan.instance_type), plan.instance_count
    pod, node = search_service(setting, plan), room(machine)
    zones = setting.store_zone_ids[: plan.zone_count]
    return NodePoolPlan(
        name=ROLE,
        role=ROLE,
        instance_types=(machine.name,),
        architecture=machine.architecture,
        zone_ids=zones,
        capacity_type=CapacityType.ON_DEMAND,
        scale=Scale(minimum=count, planned=count, maximum=count + len(zones)),
        desired=None,
        gpu_model="",
        gpus_per_node=0,
        ami_type=like.ami_type,
        ami_release=like.ami_release,
        root_disk_gib=like.root_disk_gib,
        root_disk_iops=like.root_disk_iops,
        root_disk_throughput=like.root_disk_throughput,
        max_pods=max_pods(machine),
        labels=((ROLE_LABEL, ROLE),),
        taints=(TaintPlan(key=ROLE_LABEL, value=ROLE, effect="NO_SCHEDULE"),),
        rolling="DEFAULT",
        max_unavailable=1,
        capacity_reservation_id="",
        requested_millis=pod.cpu_request_millis * count,
        requested_bytes=pod.memory_request_bytes * count,
        requested_pods=count,
        requested_gpus=0,
        allocatable_millis=node.millis,
        allocatable_bytes=node.memory_bytes,
        binding="zones",
    )


def _members(setting: Setting, machine: InstanceType, floor: int, zones: int) -> tuple[int, int]:
    """Return the members that what is kept asks for, alike in every zone, and their volume."""
    if not setting.proven:
        return floor, 0
    need = searched(setting.load)
    most = search_members(
        need,
        floor,
        vcpu=machine.vcpu,
        memory_bytes=machine.memory_bytes,
        most_gib=int(DISK_MOST),
    )
    members = -(-most // zones) * zones
    return members, search_volume_gib(need, members)


def _machine(setting: Setting, asked: Asked) -> InstanceType:
    """Return the cheapest machine of at least the asked size, ties by name."""
    region = setting.request.region
    enough = [
        one
        for one in instances(setting.request.cloud)
        if not one.gpus
        and one.vcpu >= setting.quantity(asked.vcpu)
        and one.memory_bytes >= setting.quantity(asked.memory_gib) * GIB
        and (setting.is_dev or not one.name.startswith(SHARED_CPU))
        and sold(setting, one)
    ]
    if not enough:
        raise ValueError(
            f"{region} sells no machine with {asked.vcpu} vCPU and {asked.memory_gib} GiB in "
            f"{', '.join(setting.request.zone_ids)}; choose other zones"
        )

    def rank(one: InstanceType) -> tuple[bool, float, str]:
        usd = one.price(region) or one.price(setting.price_region)
        return (usd is None, usd or 0, one.name)

    return min(enough, key=rank)


def _usd(setting: Setting, machine: InstanceType) -> Usd:
    region = setting.request.region
    figure = price("pd.balanced.gib_month", region)
    return Usd(member=monthly(machine.price(region)), gib=None if figure is None else figure.value)


def _machine_named(name: str) -> InstanceType:
    return instance(Cloud.GCP, name)
