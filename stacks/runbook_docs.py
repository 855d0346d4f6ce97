"""The index of docs/runbooks, from the alerts of every stack."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from components.kubernetes import alert_rules
from sizing.alerts import AlertPlan, Facts, alert_plans
from stacks.config import load_all
from stacks.decision import decide

FOLDER: Final = Path(__file__).parent.parent / alert_rules.RUNBOOKS
PAGE: Final = FOLDER / "README.md"
EXAMPLE: Final = "prod-large"
"""The stack whose figures the index shows."""
# Any cap: the alert of spending is there where a stack has one.
_SOME_BUDGET = 5000
_TEMPLATE = "{{ $labels."
_HEAD = f"""# Runbooks

Every alert has a paragraph on one of these pages, which its `runbook_url` names. The lines are
{EXAMPLE}'s, or those of a stack that has the alert where {EXAMPLE} has not; each stack has its
own, from its plan. Commands are for `prod`; namespaces of another environment begin with its name.

Steps with `kubectl`, `psql`, PgBouncer's console, `redis-cli` and `curl` were run against the
programs themselves as far as they need no cloud; those of a real Vault, Qdrant, OpenSearch and GPU
were not. Of the pages on certificates, the handshakes with `openssl` (PostgreSQL's too) and the
prober's own answers were run; the job that renews Vault's and every step with `aws` were not.

This index is written by `make docs`.

"""


def alerts() -> tuple[AlertPlan, ...]:
    """Return one alert of each name that any stack has, the example's own first, by family."""
    configs = load_all()
    found: dict[str, AlertPlan] = {}
    for name in sorted(configs, key=lambda one: (one != EXAMPLE, one)):
        made = alert_plans(decide(configs[name]).plan, Facts(budget_usd=_SOME_BUDGET))
        for alert in made:
            found.setdefault(alert.name, alert)
    return tuple(sorted(found.values(), key=lambda one: (one.family, one.name)))


def markdown(found: Iterable[AlertPlan]) -> str:
    """Return the index."""
    rows = ["| alert | what is the matter | fires | the plan |", "|---|---|---|---|"]
    for one in found:
        link = f"[{one.name}]({one.family}.md#{one.name.lower()})"
        rows.append(f"| {link} | {_plain(one.summary)} | {_lines(one)} | {one.planned} |")
    return _HEAD + "\n".join(rows) + "\n"


def _lines(alert: AlertPlan) -> str:
    how = {">": "above", ">=": "from", "<": "below"}[alert.sign]
    return "; ".join(
        f"{line.severity} {how} {alert.line(line)}"
        + (f" for {line.minutes} min" if line.minutes else "")
        + "".join(f" over {window}" for _, window in line.labels)
        for line in alert.lines
    )


def _plain(summary: str) -> str:
    """Return a summary with the names of labels instead of a template's words."""
    return summary.replace(_TEMPLATE, "`").replace(" }}", "`")
