"""The drawing of a stack as one SVG for a README, which follows the reader's theme by itself."""

from __future__ import annotations

from importlib.resources import files

from preview.bill import at_least
from preview.facts import Sized
from preview.report_page.flow_picture import flow_picture
from preview.report_page.markup import Markup, joined, tag
from preview.report_page.nodes import filled
from preview.report_page.palette import DARK, LIGHT, ROLES, variables
from preview.report_page.picture import moved
from preview.report_page.svg import words
from preview.report_page.zone_picture import CLOUDS, zone_picture
from preview.words import count, dollars

HEADING, MARGIN = 56.0, 14.0
NAMESPACE = "http://www.w3.org/2000/svg"


def style() -> str:
    """Return the shapes' looks, by the variables of a theme."""
    text = files(__package__).joinpath("drawing.css").read_text(encoding="utf-8")
    return text + "".join(
        f".role-{one}{{fill:var(--{one});stroke:var(--{one}-line)}}"
        f".on-{one}{{fill:var(--{one}-line)}}"
        f".line-{one}{{stroke:var(--{one}-line)}}.head.line-{one}{{fill:var(--{one}-line)}}\n"
        for one in ROLES
    )


def drawing(stack: str, sized: Sized) -> str:
    """Return a stack's drawing as a file of its own: who calls whom, and where it runs."""
    plan = sized.plan
    calls = flow_picture(plan, live=False)
    zones = zone_picture(plan, filled(plan), live=False)
    width = max(calls.width, zones.width)
    height = HEADING + calls.height + zones.height
    theme = (
        f"svg{{{variables(LIGHT)}}}@media (prefers-color-scheme:dark){{svg{{{variables(DARK)}}}}}\n"
    )
    told = tag(
        "svg",
        tag("title", f"{stack}: the platform as it is planned", id="title"),
        tag("desc", f"{calls.what} {zones.what}", id="desc"),
        tag("style", Markup(theme + style())),
        tag("rect", width="100%", height="100%", fill="var(--paper)"),
        words(MARGIN, 28, stack, "t-title"),
        words(MARGIN, 46, heading(sized), "t-small"),
        moved(calls, HEADING),
        moved(zones, HEADING + calls.height),
        xmlns=NAMESPACE,
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        role="img",
        aria_labelledby="title desc",
    )
    return joined([told, "\n"])


def heading(sized: Sized) -> str:
    """Return what a stack is, in one line."""
    request, bill = sized.plan.request, sized.bill
    nodes = sum(pool.scale.planned for pool in sized.plan.node_pools)
    return (
        f"{request.tier} in {request.environment} on {CLOUDS[request.cloud]}, {request.region}: "
        f"{count(nodes, 'node')}, {at_least(bill)}{dollars(bill.monthly_usd)} a month at list "
        f"prices of {bill.prices_as_of}"
    )
