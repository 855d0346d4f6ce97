"""The whole page: one file, looks and script inside, that asks no network for anything."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from hashlib import sha256
from importlib.resources import files

from preview.report_page.bill_part import bill_part
from preview.report_page.capacity_part import capacity_part
from preview.report_page.drawing import heading, style
from preview.report_page.facts import ReportFacts
from preview.report_page.findings_part import findings_part
from preview.report_page.flow_picture import flow_picture
from preview.report_page.growth_part import growth_part
from preview.report_page.html import Citations, because, listed, paragraph, region, section
from preview.report_page.markup import Markup, joined, tag
from preview.report_page.palette import DARK, LIGHT, variables
from preview.report_page.picture import Picture, inline
from preview.report_page.tables_part import sizes_part
from preview.report_page.tiers_part import tiers_part
from preview.report_page.zone_picture import zone_picture
from preview.words import amount, dollars
from sizing.words import Severity

PARTS = (
    ("drawing", "Drawing"),
    ("capacity", "Capacity"),
    ("bill", "Bill"),
    ("growth", "Growth"),
    ("tiers", "Tiers"),
    ("findings", "Findings"),
    ("sizes", "Sizes"),
    ("sources", "Sources"),
)


def page(facts: ReportFacts) -> str:
    """Return the report as HTML."""
    looks, script = _looks(), Markup(_packaged("report.js"))
    cited = Citations()
    body = [
        tag("a", "Skip to the content", href="#content", class_="skip"),
        _top(facts),
        tag(
            "main",
            _tiles(facts, cited),
            _drawing(facts),
            capacity_part(facts.sized.findings, cited),
            bill_part(facts.sized.bill, cited),
            growth_part(facts.forecast, facts.first),
            tiers_part(facts.tiers),
            findings_part(facts.sized.findings, cited),
            sizes_part(facts),
            _sources(cited),
            id="content",
        ),
        tag("div", id="tip", role="tooltip", hidden=True),
        tag("script", script),
    ]
    head = [
        tag("meta", charset="utf-8"),
        tag(
            "meta",
            http_equiv="Content-Security-Policy",
            content=f"default-src 'none'; style-src '{_hash(looks)}'; "
            f"script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'",
        ),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{facts.stack}: report"),
        tag("style", looks),
    ]
    whole = tag("html", tag("head", *head), tag("body", *body), lang="en")
    return f"<!doctype html>\n{whole}\n"


def _looks() -> Markup:
    dark = variables(DARK)
    return Markup(
        f":root{{color-scheme:light;{variables(LIGHT)}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{color-scheme:dark;{dark}}}}}\n"
        f":root[data-theme=light]{{color-scheme:light;{variables(LIGHT)}}}\n"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}\n"
        f"@media print{{:root:root:root{{color-scheme:light;{variables(LIGHT)}}}}}\n"
        + style()
        + _packaged("report.css")
    )


def _packaged(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _top(facts: ReportFacts) -> Markup:
    links = [tag("li", tag("a", name, href=f"#{id_}")) for id_, name in PARTS]
    return tag(
        "header",
        tag(
            "div",
            tag("h1", facts.stack),
            paragraph(heading(facts.sized)),
            class_="named",
        ),
        tag(
            "button",
            "Theme: system",
            type="button",
            id="theme",
            hidden=True,
        ),
        tag("nav", tag("ul", *links), aria_label="Parts of the report"),
    )


def _tiles(facts: ReportFacts, cited: Citations) -> Markup:
    plan, bill = facts.sized.plan, facts.sized.bill
    found = Counter(one.severity for one in facts.sized.findings)
    pools = plan.node_pools
    nodes = sum(pool.scale.planned for pool in pools)
    gpus = sum(pool.scale.planned * pool.gpus_per_node for pool in pools)
    load = plan.request.load
    peak = amount(load.requests_per_second_peak)
    stated = plan.request.workload is not None
    return tag(
        "dl",
        _tile(
            f"a month{', at least' if bill.unpriced else ''}",
            because(
                dollars(bill.monthly_usd),
                f"Sum of the bill's items at list prices of {bill.prices_as_of}",
            ),
        ),
        _tile(
            "requests/s at peak",
            because(peak, "As the stack states its load")
            if stated
            else cited.cite(peak, "document-001"),
        ),
        _tile(
            "nodes planned", because(str(nodes), "Sum over pools: their binding resource decides")
        ),
        _tile("GPUs", because(str(gpus), "GPUs of a pool's machine times its planned nodes")),
        _tile(
            "pods of services",
            because(
                str(sum(one.scale.planned for one in plan.services)),
                "Planned replicas of every service; DaemonSets and jobs come on top",
            ),
        ),
        _tile("errors", _anchor(found[Severity.ERROR])),
        _tile("warnings", _anchor(found[Severity.WARNING])),
        class_="tiles",
    )


def _tile(name: str, value: str) -> Markup:
    return tag("div", tag("dt", name), tag("dd", value))


def _anchor(number: int) -> Markup:
    return tag("a", str(number), href="#findings")


def _drawing(facts: ReportFacts) -> Markup:
    plan = facts.sized.plan
    return section(
        "drawing",
        "Drawing",
        _figure(flow_picture(plan, live=True)),
        _figure(zone_picture(plan, facts.filled, live=True)),
    )


def _figure(picture: Picture) -> Markup:
    return tag(
        "figure",
        tag("figcaption", picture.name),
        region(f"{picture.name}, as a picture", inline(picture)),
        class_="drawn",
    )


def _sources(cited: Citations) -> Markup:
    return section(
        "sources",
        "Sources",
        paragraph(
            "Every number with a dotted line under it leads here, or says how it came about."
        ),
        joined([listed(cited)]),
    )
