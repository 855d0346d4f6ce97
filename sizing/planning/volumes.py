"""Volumes that the load makes larger than the documents do, and what that costs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sizing.catalog import price
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.planning.wanted import Wanted
from sizing.plans import Adjustment
from sizing.words import Cloud, Direction

VOLUME_PRICE: Mapping[Cloud, str] = MappingProxyType(
    {Cloud.AWS: "ebs.gp3.gib_month", Cloud.GCP: "pd.balanced.gib_month"}
)


def volume_note(
    setting: Setting, asked: Wanted, gib: int, rule: str, why: str
) -> tuple[Adjustment, ...]:
    """Return how a volume is raised above the environment's share, nothing where it is not."""
    share = setting.quantity(asked.volume_gib)
    if gib <= share:
        return ()
    figure = price(VOLUME_PRICE[setting.request.cloud], setting.request.region)
    members = asked.planned(setting)
    return (
        note(
            f"services.{asked.name}.volume_gib",
            f"{share} GiB",
            f"{gib} GiB",
            direction=Direction.RAISED,
            rule=rule,
            reason=f"{why} of this load, on each of {members}",
            monthly_usd=None if figure is None else figure.value * (gib - share) * members,
        ),
    )
