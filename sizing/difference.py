"""What differs between two plans of one stack: findings, money, adjustments.

Both are read as JSON and not as plan types, since the older plan may be of a commit whose types
were others; what a plan does not say is left out. What a change does to capacity is in
`difference_capacity`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sizing.model import Json
from sizing.plan_json import Plan, items, mapping, mappings, number, text

OPEN = ("error", "warning")
"""Severities of findings that ask for something, the graver first."""


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
                    message=text(said, "message"),
                    fix=text(said, "fix") if after else "",
                )
            )
    return tuple(sorted(found, key=lambda one: (_weight(one.after), _weight(one.before))))


def bill(old: Plan, new: Plan) -> BillDifference:
    """Return what changes in the bill, and its sums."""
    one, other = mapping(old.get("bill")), mapping(new.get("bill"))
    first, second = _sums(one), _sums(other)
    components = (
        _component(name, first.get(name), second.get(name)) for name in {**first, **second}
    )
    return BillDifference(
        currency=text(other, "currency") or text(one, "currency"),
        dates=(text(one, "prices_as_of"), text(other, "prices_as_of")),
        components=tuple(
            found
            for found in components
            if first.get(found.component) != second.get(found.component)
        ),
        totals=tuple(
            BillChange(
                component=name,
                before=number(one.get(key)),
                after=number(other.get(key)),
                open_before=len(items(one.get("unpriced"))),
                open_after=len(items(other.get("unpriced"))),
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
    key: Callable[[Plan], tuple[str, str]] = lambda one: (text(one, "field"), text(one, "rule"))  # noqa: E731
    first = {key(one): one for one in mappings(old.get("adjustments"))}
    second = {key(one): one for one in mappings(new.get("adjustments"))}
    found = []
    for name in {**second, **first}:
        before, after = first.get(name, {}), second.get(name, {})
        if text(before, "planned") != text(after, "planned"):
            found.append(
                AdjustmentChange(
                    field=name[0],
                    documented=text(after or before, "documented"),
                    before=text(before, "planned"),
                    after=text(after, "planned"),
                    reason=text(after or before, "reason"),
                )
            )
    return tuple(found)


def refused(plan: Plan) -> bool:
    """Say whether a finding of a plan stops `pulumi up`."""
    return any(text(one, "severity") == OPEN[0] for one in mappings(plan.get("findings")))


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
    for item in mappings(of.get("items")):
        usd = number(item.get("planned_usd"))
        known, open_ = sums.get(text(item, "component"), (0.0, 0))
        more = (known, open_ + 1) if usd is None else (round(known + usd, 2), open_)
        sums[text(item, "component")] = more
    return sums


def _by_id(plan: Plan) -> dict[str, dict[str, Json]]:
    return {text(one, "id"): one for one in mappings(plan.get("findings"))}


def _severity(finding: Plan | None) -> str:
    severity = text(finding or {}, "severity")
    return severity if severity in OPEN else ""


def _weight(severity: str) -> int:
    return OPEN.index(severity) if severity else len(OPEN)
