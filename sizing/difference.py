"""What differs between two plans of one stack, as their JSON tells it: findings, capacity, money.

It reads JSON and no plan types, since the older plan may be of a commit whose types were others.
What a plan does not say is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sizing.model import Json

Plan = Mapping[str, Json]
"""The part "aigw" of what `aigw plan STACK --json` writes."""

OPEN = ("error", "warning")
"""Severities of findings that ask for something, the graver first."""

_POOLS = "node_pools"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingChange:
    """A finding that appears, vanishes, or becomes graver or milder.

    Attributes:
        before: its severity so far; "" where nothing was to be said.
        after: its severity now; "" where nothing is to be said any more.
    """

    id: str
    before: str
    after: str
    message: str
    fix: str

    @property
    def kind(self) -> str:
        """Whether it "appears", "vanishes" or is "changed"."""
        return "appears" if not self.before else "changed" if self.after else "vanishes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fullness:
    """How full something is; demand and capacity are in `unit`."""

    demand: float | None
    capacity: float | None
    unit: str
    utilisation: float
    verdict: str

    @property
    def headroom(self) -> float:
        """The share that is free; below nothing where the demand is above the capacity."""
        return 1 - self.utilisation


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityChange:
    """A constraint whose demand, capacity or verdict changes; None where it is not there."""

    name: str
    before: Fullness | None
    after: Fullness | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillChange:
    """USD a month of a component; None where it has no line in the bill.

    Attributes:
        open_before: lines without a known price so far; the sum is at least what it says.
        open_after: the same now.
    """

    component: str
    before: float | None
    after: float | None
    open_before: int = 0
    open_after: int = 0

    @property
    def difference(self) -> float:
        """USD a month more."""
        return round((self.after or 0.0) - (self.before or 0.0), 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillDifference:
    """Both bills: components that change, and the sums.

    Attributes:
        dates: of the prices, before and after; "" where a plan does not say.
        totals: the month as planned, at every minimum, at every maximum.
    """

    currency: str
    dates: tuple[str, str]
    components: tuple[BillChange, ...]
    totals: tuple[BillChange, ...]

    @property
    def moved(self) -> bool:
        """Whether any sum changes."""
        return bool(self.components) or any(
            one.difference or one.open_before != one.open_after for one in self.totals
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentChange:
    """A place where the plan leaves the documented table, as it was and as it is; "" for not."""

    field: str
    documented: str
    before: str
    after: str
    reason: str


def findings(old: Plan, new: Plan) -> tuple[FindingChange, ...]:
    """Return what is newly said, said no more, or said with another weight; errors first."""
    first, second = _by_id(old), _by_id(new)
    found = []
    for name in dict.fromkeys((*second, *first)):
        before, after = _severity(first.get(name)), _severity(second.get(name))
        said = second.get(name) if after else first.get(name)
        if before != after and said is not None:
            found.append(
                FindingChange(
                    id=name,
                    before=before,
                    after=after,
                    message=_text(said, "message"),
                    fix=_text(said, "fix") if after else "",
                )
            )
    return tuple(sorted(found, key=lambda one: (_weight(one.after), _weight(one.before))))


def capacity(old: Plan, new: Plan) -> tuple[CapacityChange, ...]:
    """Return the constraints that a change moves, the fullest first.

    The pools of a role are one constraint: the fullest of them counts.
    """
    first, second = _fullest(old), _fullest(new)
    found = [
        CapacityChange(name=name, before=first.get(name), after=second.get(name))
        for name in sorted(first.keys() | second.keys())
        if first.get(name) != second.get(name)
    ]
    return tuple(sorted(found, key=lambda one: -(one.after or one.before or _NONE).utilisation))


_NONE = Fullness(demand=None, capacity=None, unit="", utilisation=0.0, verdict="")


def bill(old: Plan, new: Plan) -> BillDifference:
    """Return what changes in the bill, and its sums."""
    one, other = _map(old.get("bill")), _map(new.get("bill"))
    first, second = _sums(one), _sums(other)
    components = (
        _component(name, first.get(name), second.get(name)) for name in {**first, **second}
    )
    return BillDifference(
        currency=_text(other, "currency") or _text(one, "currency"),
        dates=(_text(one, "prices_as_of"), _text(other, "prices_as_of")),
        components=tuple(
            found
            for found in components
            if first.get(found.component) != second.get(found.component)
        ),
        totals=tuple(
            BillChange(
                component=name,
                before=_number(one.get(key)),
                after=_number(other.get(key)),
                open_before=len(_list(one.get("unpriced"))),
                open_after=len(_list(other.get("unpriced"))),
            )
            for name, key in _TOTALS
        ),
    )


_TOTALS = (
    ("total", "monthly_usd"),
    ("at every minimum", "floor_usd"),
    ("at every maximum", "ceiling_usd"),
)


def adjustments(old: Plan, new: Plan) -> tuple[AdjustmentChange, ...]:
    """Return the adjustments that come, go, or come to another value."""
    key: Callable[[Plan], tuple[str, str]] = lambda one: (_text(one, "field"), _text(one, "rule"))  # noqa: E731
    first = {key(one): one for one in _maps(old.get("adjustments"))}
    second = {key(one): one for one in _maps(new.get("adjustments"))}
    found = []
    for name in {**second, **first}:
        before, after = first.get(name, {}), second.get(name, {})
        if _text(before, "planned") != _text(after, "planned"):
            found.append(
                AdjustmentChange(
                    field=name[0],
                    documented=_text(after or before, "documented"),
                    before=_text(before, "planned"),
                    after=_text(after, "planned"),
                    reason=_text(after or before, "reason"),
                )
            )
    return tuple(found)


def refused(plan: Plan) -> bool:
    """Say whether a finding of a plan stops `pulumi up`."""
    return any(_text(one, "severity") == OPEN[0] for one in _maps(plan.get("findings")))


def _component(
    name: str, before: tuple[float, int] | None, after: tuple[float, int] | None
) -> BillChange:
    return BillChange(
        component=name,
        before=None if before is None else before[0],
        after=None if after is None else after[0],
        open_before=before[1] if before else 0,
        open_after=after[1] if after else 0,
    )


def _sums(of: Plan) -> dict[str, tuple[float, int]]:
    sums: dict[str, tuple[float, int]] = {}
    for item in _maps(of.get("items")):
        usd = _number(item.get("planned_usd"))
        known, open_ = sums.get(_text(item, "component"), (0.0, 0))
        more = (known, open_ + 1) if usd is None else (round(known + usd, 2), open_)
        sums[_text(item, "component")] = more
    return sums


def _fullest(plan: Plan) -> dict[str, Fullness]:
    roles = {_text(pool, "name"): _text(pool, "role") for pool in _maps(plan.get("pools"))}
    found: dict[str, Fullness] = {}
    for finding in _maps(plan.get("findings")):
        used = _number(finding.get("utilisation"))
        if used is None:
            continue
        name = _by_role(_text(finding, "id"), roles)
        if name not in found or found[name].utilisation < used:
            found[name] = Fullness(
                demand=_number(finding.get("demand")),
                capacity=_number(finding.get("capacity")),
                unit=_text(finding, "unit"),
                utilisation=used,
                verdict=_text(finding, "verdict"),
            )
    return found


def _by_role(identity: str, roles: Mapping[str, str]) -> str:
    first, _, rest = identity.partition(".")
    pool, _, constraint = rest.rpartition(".")
    return f"{first}.{roles[pool]}.{constraint}" if first == _POOLS and pool in roles else identity


def _by_id(plan: Plan) -> dict[str, dict[str, Json]]:
    return {_text(one, "id"): one for one in _maps(plan.get("findings"))}


def _severity(finding: Plan | None) -> str:
    severity = _text(finding or {}, "severity")
    return severity if severity in OPEN else ""


def _weight(severity: str) -> int:
    return OPEN.index(severity) if severity else len(OPEN)


def _text(of: Plan, key: str) -> str:
    value = of.get(key)
    return "" if value is None else str(value)


def _number(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _map(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _maps(value: Json) -> Sequence[dict[str, Json]]:
    return [one for one in _list(value) if isinstance(one, dict)]
