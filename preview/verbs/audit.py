"""`aigw audit`: every claim of the documents, recomputed: holds or not, by which formula."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from preview.misuse import FINE, misused
from preview.progress import working
from preview.result import write
from preview.verbs.arguments import add_json, verb
from sizing.units import GIGA
from sizing.words import Verdict

if TYPE_CHECKING:
    from preview.tables import Section
    from sizing.audit import Claim, Recomputed
    from sizing.audit.assumptions import Assumption
    from sizing.model import Json

SCHEMA: Final = 1
DOCUMENTS: Final = ("000", "001", "002", "003", "004")
EXAMPLES: Final = """\
examples:
  aigw audit
  aigw audit --document 001 --verdict refuted --verbose
  aigw audit --assumptions

The audit judges documents, not a plan: it ends with 0 whatever it finds. A verdict is computed:
refuted is above what can be, unproven is between that and what is sure, or rests on a figure that
nobody has stated. --assumptions plans every tier anew for each assumed figure and takes seconds.
"""
UNITS: Final = {"bytes": "GB", "bytes a day": "GB a day"}
"""Units that a table shows in thousand millions."""
VERDICTS: Final = (Verdict.HOLDS, Verdict.UNPROVEN, Verdict.REFUTED)

Row = tuple["Claim", "Recomputed"]


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    parser = verb(verbs, "audit", "every claim of the documents, recomputed", EXAMPLES)
    parser.add_argument("--document", choices=DOCUMENTS, help="only this document's claims")
    parser.add_argument("--verdict", choices=VERDICTS, help="only claims that come to this")
    parser.add_argument(
        "--assumptions",
        action="store_true",
        help="the assumed figures instead, with their effect on the bill (takes seconds)",
    )
    parser.add_argument("--verbose", action="store_true", help="also formulas and notes")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Show the claims, or the assumed figures."""
    if options.assumptions and (options.document or options.verdict):
        return misused("--assumptions are of all documents: leave --document and --verdict out")
    if options.assumptions:
        from sizing.audit.assumptions import assumptions

        with working("planning every tier for each assumed figure"):
            found = assumptions()
        write(
            options,
            document=lambda: _assumed_document(found),
            sections=lambda: _assumed_sections(found),
        )
        return FINE
    rows = chosen(options.document, options.verdict)
    write(
        options,
        document=lambda: document(rows),
        sections=lambda: sections(rows, verbose=options.verbose),
    )
    return FINE


def chosen(document: str | None, verdict: str | None) -> list[Row]:
    """Return claims with what they come to, by id; None takes every document or verdict."""
    from sizing.audit import claims

    wanted = (one for one in claims() if document in {None, one.document})
    rows = ((one, one.recompute()) for one in wanted)
    return [(one, found) for one, found in rows if verdict in {None, found.verdict}]


def document(rows: list[Row]) -> Json:
    """Return claims as JSON."""
    return {
        "schema": SCHEMA,
        "counts": {str(verdict): count for verdict, count in _counts(rows).items()},
        "claims": [
            {
                "id": one.id,
                "document": one.document,
                "section": one.section,
                "claim": one.claim,
                "inputs": dict(one.inputs),
                "documented": found.documented,
                "formula": found.formula,
                "recomputed": found.value,
                "unit": found.unit,
                "verdict": str(found.verdict),
                "note": found.note,
            }
            for one, found in rows
        ],
    }


def sections(rows: list[Row], *, verbose: bool) -> list[Section]:
    """Return claims as a table a document, and how many came to what."""
    from preview.tables import Section, Table
    from sizing.sources import source

    shown = []
    for number in DOCUMENTS:
        own = [row for row in rows if row[0].document == number]
        if not own:
            continue
        shown.append(
            Section(
                title=f"{number}: {source(f'document-{number}').what.partition('; ')[0]}",
                table=Table(
                    columns=(
                        "id",
                        "claim",
                        "documented",
                        "recomputed",
                        "unit",
                        "verdict",
                        *(("formula", "note") if verbose else ()),
                    ),
                    rows=tuple(_cells(*row, verbose=verbose) for row in own),
                    right=frozenset({"documented", "recomputed"}),
                ),
                lines=("", _counted(own)),
            )
        )
    return [*shown, Section(title="Claims", lines=(_counted(rows),))]


def _cells(one: Claim, found: Recomputed, *, verbose: bool) -> tuple[str, ...]:
    cells = (
        one.id,
        one.claim,
        _shown(found.documented, found.unit, "not stated"),
        _shown(found.value, found.unit, "unknown"),
        UNITS.get(found.unit, found.unit),
        str(found.verdict),
    )
    return (*cells, found.formula, found.note) if verbose else cells


def _shown(value: float | str | None, unit: str, missing: str) -> str:
    from sizing.audit.judge import figure

    if value is None:
        return missing
    if isinstance(value, str):
        return value
    return figure(value / GIGA if unit in UNITS else value)


def _counts(rows: list[Row]) -> dict[Verdict, int]:
    found = [one.verdict for _, one in rows]
    return {verdict: found.count(verdict) for verdict in Verdict}


def _counted(rows: list[Row]) -> str:
    parts = ", ".join(f"{count} {verdict}" for verdict, count in _counts(rows).items() if count)
    return f"{len(rows)} claims: {parts}" if parts else "no claims"


def _assumed_document(found: tuple[Assumption, ...]) -> Json:
    from sizing.model import plain

    return {"schema": SCHEMA, "assumptions": [plain(one) for one in found]}


def _assumed_sections(found: tuple[Assumption, ...]) -> list[Section]:
    from preview.tables import Section, Table
    from sizing.audit.judge import figure

    tiers = [effect.tier for effect in found[0].effects] if found else []
    bills = ", ".join(
        f"{effect.tier} {effect.monthly_usd:,.0f} USD"
        for effect in (found[0].effects if found else ())
    )
    return [
        Section(
            title="Assumed figures, and a prod bill with half and with one and a half of each",
            table=Table(
                columns=("figure", "value", "unit", *tiers),
                rows=tuple(
                    (one.id, figure(one.value), one.unit, *(str(e) for e in one.effects))
                    for one in found
                ),
                right=frozenset({"value", *tiers}),
            ),
            lines=("", f"{len(found)} figures are assumed. As planned: {bills} a month."),
        )
    ]
