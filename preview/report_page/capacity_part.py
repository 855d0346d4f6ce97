"""Capacity: every constraint that is a number as a bar, with its limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from preview.report_page.geometry import Box
from preview.report_page.html import Citations, fold, paragraph, section, table
from preview.report_page.markup import Markup, joined, tag
from preview.report_page.svg import box
from preview.words import amount, count, percent
from sizing.plans import Finding
from sizing.words import Verdict

NEAREST = 12
"""Constraints that are shown unfolded."""
SCALE = 1.25
"""What a bar's whole rail stands for, so that one can see what is above the limit."""
BAR_WIDTH, BAR_HEIGHT = 150.0, 14.0
SIGNS = {
    Verdict.HOLDS: ("✓", "fine"),
    Verdict.UNPROVEN: ("?", "warning"),
    Verdict.REFUTED: ("✗", "error"),
    Verdict.NOT_APPLICABLE: ("-", "soft"),
}
COLUMNS = ("constraint", "used", "share", "demand", "limit", "unit", "verdict")
RIGHT = frozenset({"share", "demand", "limit"})
NARROW = frozenset({"constraint", "used", "unit"})
TOLD = {
    "share": "demand over limit",
    "demand": "what the load asks of this plan, by the formula in the finding of the same name",
    "limit": "what the plan gives; each number leads to the source of its limit",
}


def capacity_part(findings: Sequence[Finding], cited: Citations) -> Markup:
    """Return the section: what is nearest to its limit, then the rest by component."""
    measured = [one for one in findings if one.utilisation is not None]
    binding = [one for one in measured if one.verdict is not Verdict.NOT_APPLICABLE]
    binding.sort(key=lambda one: (-(one.utilisation or 0), one.id))
    near = _different(binding)[:NEAREST]
    shown = {one.id for one in near}
    rest: dict[str, list[Finding]] = {}
    for one in measured:
        if one.id not in shown:
            rest.setdefault(one.component.partition(".")[0], []).append(one)
    return section(
        "capacity",
        "Capacity",
        paragraph(
            f"What the load asks over what the plan gives: {count(len(measured), 'constraint')}. "
            "The upright line is the limit; a minimum that is met exactly reads 100 %."
        ),
        _table("Nearest to their limits", near, cited),
        *(
            fold(f"{name} ({len(own)})", _table(f"Capacity of {name}", own, cited))
            for name, own in rest.items()
        ),
    )


def _different(findings: Iterable[Finding]) -> list[Finding]:
    """Return the fullest of each kind: every namespace's quota and every pool's fill is one."""
    kinds: dict[str, Finding] = {}
    for one in findings:
        kinds.setdefault(one.id.rpartition(".")[2], one)
    return list(kinds.values())


def _table(caption: str, findings: Iterable[Finding], cited: Citations) -> Markup:
    own = tuple(findings)
    rows = [
        (
            one.id,
            bar(one.utilisation or 0, one.verdict),
            percent(one.utilisation or 0),
            amount(one.demand),
            cited.cite(amount(one.capacity), one.source),
            one.unit,
            verdict(one.verdict),
        )
        for one in own
    ]
    marks = [{"data_constraint": one.id} for one in own]
    return table(caption, COLUMNS, rows, right=RIGHT, narrow=NARROW, told=TOLD, attributes=marks)


def bar(full: float, of: Verdict) -> Markup:
    """Return a bar up to its share, with its limit as a line; what is far above it is cut."""
    _, look = SIGNS[of]
    limit = BAR_WIDTH / SCALE
    wide = min(BAR_WIDTH, limit * full)
    shapes = [
        box(Box(x=0, y=3, width=BAR_WIDTH, height=8), "rail", radius=3),
        box(Box(x=0, y=3, width=wide, height=8), f"bar {look}", radius=3),
        box(Box(x=limit - 1, y=0, width=2, height=BAR_HEIGHT), "limit"),
    ]
    return tag(
        "svg",
        joined(shapes),
        viewBox=f"0 0 {BAR_WIDTH:.0f} {BAR_HEIGHT:.0f}",
        width=BAR_WIDTH,
        height=BAR_HEIGHT,
        aria_hidden="true",
        class_="meter",
    )


def verdict(of: Verdict) -> Markup:
    """Return a verdict as sign and word."""
    sign, look = SIGNS[of]
    return tag("span", f"{sign} {of.replace('_', ' ')}", class_=f"verdict {look}")
