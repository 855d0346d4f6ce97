"""Services as pods to pack."""

from __future__ import annotations

from math import ceil

from sizing.pack import Item
from sizing.planning.sizes import ROLLOUT_SURGE
from sizing.plans import ServicePlan


def item(service: ServicePlan, replicas: int) -> Item:
    """Return so many replicas of a service."""
    return Item(
        name=service.name,
        replicas=replicas,
        millis=service.cpu_request_millis,
        memory_bytes=service.memory_request_bytes,
        gpus=service.gpus,
    )


def needed_item(service: ServicePlan) -> Item:
    """Return the replicas that must stand when a zone is lost."""
    return item(service, service.needed)


def surged_item(service: ServicePlan) -> Item:
    """Return the planned replicas and those that a rollout starts before it stops old ones.

    A replica with a volume or a GPU is replaced in its place: there is no second one to be had.
    """
    beside = 0 if service.volume_gib or service.gpus else ROLLOUT_SURGE.value
    return item(service, service.scale.planned + ceil(service.scale.planned * beside))


def per_zone(service: ServicePlan, zones: int) -> int:
    """Return the replicas that one zone may have to hold of a service spread over zones."""
    return -(-service.scale.planned // zones)
