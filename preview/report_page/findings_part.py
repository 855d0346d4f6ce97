"""Findings: what the checks say of the plan, errors first, each with its number and its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from preview.report_page.capacity_part import verdict
from preview.report_page.html import Citations, fold, paragraph, section
from preview.report_page.markup import Markup, joined, tag
from preview.words import amount, count, percent
from sizing.plans import Finding
from sizing.words import Severity, Verdict

LOOKS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "soft"}
SIGNS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFORMATION: "i"}


def findings_part(findings: Sequence[Finding], cited: Citations) -> Markup:
    """Return the section; information is folded."""
    loud = {
        severity: sorted((o for o in findings if o.severity is severity), key=lambda o: o.id)
        for severity in (Severity.ERROR, Severity.WARNING)
    }
    quiet = sorted(
        (one for one in findings if one.severity is Severity.INFORMATION), key=lambda one: one.id
    )
    holding = [one for one in quiet if one.verdict is Verdict.HOLDS]
    rest = [one for one in quiet if one.verdict is not Verdict.HOLDS]
    told = [
        fold(f"{count(len(own), severity)}", _list(own, cited), opened=True)
        for severity, own in loud.items()
        if own
    ]
    if rest:
        told.append(fold(f"{len(rest)} of information", _list(rest, cited)))
    if holding:
        verb = "holds" if len(holding) == 1 else "hold"
        told.append(fold(f"{count(len(holding), 'constraint')} {verb}", _list(holding, cited)))
    quiet_words = "" if any(loud.values()) else "No error and no warning."
    return section(
        "findings", "Findings", *([paragraph(quiet_words)] if quiet_words else []), *told
    )


def _list(findings: Iterable[Finding], cited: Citations) -> Markup:
    return tag("ul", *(_item(one, cited) for one in findings), class_="findings")


def _item(one: Finding, cited: Citations) -> Markup:
    look = LOOKS[one.severity]
    badge = tag("span", f"{SIGNS[one.severity]} {one.severity}", class_=f"badge {look}")
    parts: list[str] = [
        tag("div", badge, tag("code", one.id), verdict(one.verdict), class_="head"),
        tag("div", one.message),
    ]
    if one.fix:
        parts.append(tag("div", tag("strong", "What to do: "), one.fix, class_="fix"))
    parts.append(tag("div", _numbers(one, cited), class_="numbers"))
    return tag("li", *parts, class_=look, data_finding=one.id)


def _numbers(one: Finding, cited: Citations) -> Markup:
    """Return what is asked and given, and where the limit is from."""
    told = []
    if one.demand is not None:
        told.append(f"asked {amount(one.demand)}")
    if one.capacity is not None:
        told.append(f"limit {amount(one.capacity)}")
    used = "" if one.utilisation is None else f", {percent(one.utilisation)} used"
    words = f"{', '.join(told)} {one.unit}{used}. " if told else ""
    return joined([words, "Source: ", cited.cite(one.source, one.source)])
