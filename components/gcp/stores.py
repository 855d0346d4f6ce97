"""What the data stores on Google Cloud share: their secrets, their windows, whom they trust.

A store's master secret is made here, and not among the platform's own secrets, because its value
comes from the store or goes into it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_random as random
from pulumi_gcp import secretmanager

from components.base import PlatformComponent
from components.gcp.secrets import empty_secret, secret_name

_SUFFIX_BYTES = 4
_DAYS: Mapping[str, str] = {
    "mon": "MONDAY",
    "tue": "TUESDAY",
    "wed": "WEDNESDAY",
    "thu": "THURSDAY",
    "fri": "FRIDAY",
    "sat": "SATURDAY",
    "sun": "SUNDAY",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When a week's maintenance begins, in UTC; `number` counts days from Monday as 1."""

    day: str
    number: int
    hour: int


def window(text: str) -> Window:
    """Return the beginning of a plan's window ("sun:05:00-sun:06:00").

    Raises:
        ValueError: no such window, or one that does not begin on the hour.
    """
    day, _, time = text.partition("-")[0].partition(":")
    hour, _, minute = time.partition(":")
    if day not in _DAYS or not hour.isdigit() or minute != "00":
        raise ValueError(f"{text!r} is no window of maintenance that begins on the hour")
    return Window(day=_DAYS[day], number=1 + list(_DAYS).index(day), hour=int(hour))


def bundle(certificates: Sequence[str | None] | None) -> str:
    """Return certificates as one PEM text; while an authority changes there are two."""
    return "".join(f"{one.strip()}\n" for one in certificates or () if one)


def suffix(
    owner: PlatformComponent, name: str, keepers: Mapping[str, pulumi.Input[str]]
) -> pulumi.Output[str]:
    """Return what makes a store's name new whenever a change of `keepers` makes a new store.

    The name of a deleted server stays taken for up to a week, and a server that is replaced
    exists beside its successor.
    """
    return random.RandomId(
        f"{name}-suffix", byte_length=_SUFFIX_BYTES, keepers=keepers, opts=owner.child
    ).hex


def kept_secret(
    owner: PlatformComponent,
    name: str,
    *,
    stack: str,
    region: str,
    data_key: pulumi.Input[str],
    value: pulumi.Output[str],
    labels: Mapping[str, str],
    protect: bool,
) -> pulumi.Output[str]:
    """Write a store's secret under the platform's key, in its region alone; return its name.

    Args:
        value: marked as a secret. It stands encrypted in the state like every secret input: the
            write-only field would keep it out of the provider's outputs alone, and would leave a
            new value unnoticed unless a number changed beside it.
    """
    secret = empty_secret(
        owner,
        f"{name}-secret",
        secret_id=secret_name(stack, name),
        region=region,
        data_key=data_key,
        labels=labels,
        protect=protect,
    )
    secretmanager.SecretVersion(
        f"{name}-secret-value", secret=secret.id, secret_data=value, opts=owner.child
    )
    return secret.secret_id
