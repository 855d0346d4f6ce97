"""Quotas: what every autoscaler's maximum together asks of an account, and what it grants.

What an account grants nobody but its owner knows: where the stack does not state it, machines are
unproven, for those of GPUs start at none.
"""

from __future__ import annotations

from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.planning.names import slug
from sizing.plans import Finding, QuotaRequest
from sizing.quotas import quotas
from sizing.words import Verdict

MACHINES = ("vCPU", "GPUs")  # units of quotas that stop nodes


def check_quotas(subject: Subject) -> list[Finding]:
    """Return a finding for each quota that is stated, and for each that nodes may hit unstated."""
    granted = dict(subject.plan.request.quotas)
    return [
        _quota(subject, one, granted.get(one.name))
        for one in quotas(subject.plan)
        if one.name in granted or one.unit in MACHINES
    ]


def _quota(subject: Subject, asked: QuotaRequest, granted: float | None) -> Finding:
    known = "an unknown number is" if granted is None else f"{granted:g} are"
    return finding(
        subject,
        "quotas",
        slug(asked.name),
        Verdict.UNPROVEN if granted is None else limit(asked.needed, granted),
        f"{asked.reason}: {asked.needed:g} {asked.unit} of {asked.name!r}; {known} granted",
        amount=Amount(demand=asked.needed, capacity=granted, unit=asked.unit),
        fix=f"ask for {asked.needed:g} {asked.unit} of {asked.name!r} and state what is granted "
        "under quotas in the stack file",
        source="ec2-quotas",
        blocking=True,
    )
