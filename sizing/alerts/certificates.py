"""Alerts of certificates: when they end, read from outside as callers see them."""

from __future__ import annotations

from sizing.alerts import lines
from sizing.alerts.model import AlertPlan, Shown
from sizing.alerts.platform import SECRETS
from sizing.plans import PlatformPlan
from sizing.units import SECONDS_PER_DAY

PROBER = "blackbox-exporter"
# Vault's is made anew with 45 of its 90 days left, by a job that runs each week
# (components.kubernetes.scripts.certificates): three runs in a row have failed, or five. The
# cloud's own are renewed by the cloud, weeks before; three weeks leave time to mend a name server's
# record, which renewal stands on. Source: sizing-decisions.
WARNING_DAYS = 21
CRITICAL_DAYS = 7  # Source: sizing-decisions, as above.


def certificates(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    """Return the alerts of what has a certificate, where somebody asks for it."""
    if not any(one.name == PROBER for one in plan.services):
        return ()
    return (
        AlertPlan(
            name="CertificateExpires",
            family=SECRETS,
            summary="the certificate of {{ $labels.instance }} ends soon",
            query="min by (instance) (probe_ssl_earliest_cert_expiry - time())",
            sign="<",
            lines=lines.both(WARNING_DAYS * SECONDS_PER_DAY, CRITICAL_DAYS * SECONDS_PER_DAY),
            shown=Shown.SECONDS,
            planned="Vault's is made anew 45 days before its end, the cloud's by the cloud; "
            f"{WARNING_DAYS} and {CRITICAL_DAYS} days are left to mend what failed",
            source=lines.DECIDED,
        ),
        AlertPlan(
            name="ProbeFailing",
            family=SECRETS,
            summary="{{ $labels.instance }} completes no TLS handshake",
            query="max by (instance) (probe_success)",
            sign="<",
            lines=lines.warning(1),
            shown=Shown.COUNT,
            planned="whatever has a certificate shows a valid one to whoever asks",
            source=lines.DECIDED,
        ),
    )
