"""The rules of a stack, and who is told of what they find."""

from __future__ import annotations

from components.kubernetes import alert_rules, alertmanager_config
from components.kubernetes.alertmanager_config import Email, Receivers, Slack
from components.kubernetes.alerts import Alerts, AlertsArgs
from components.kubernetes.secrets import Remote
from sizing.alerts import Facts, alert_plans, recordings
from sizing.alerts.platform import SERVER
from stacks.apps.controllers import Controllers
from stacks.apps.site import Site
from stacks.config_alerts import AlertsConfig
from stacks.config_model import StackConfig
from stacks.config_secrets import ALERTS, NAMESPACE, RECEIVERS

ROLE = "observability"
GUESTS = "gateway"
"""Role of the namespace in which a guest keeps its rules, for its host's Prometheus."""
WEB = 443
PERCENT = 100


def build_alerts(site: Site, around: Controllers) -> None:
    """Register the stack's rules; nothing where it wants none, or its host, who evaluates them."""
    lodges = site.plan.request.in_hosts_cluster
    watches = site.config.host if lodges and site.config.host else site.config
    stated, role = watches.services.alerts, GUESTS if lodges else ROLE
    if not stated.enabled or not (lodges or site.has(SERVER)):
        return
    Alerts(
        "alerts",
        AlertsArgs(
            alerts=alert_plans(site.plan, facts(site.config)),
            recordings=recordings(site.plan),
            runbooks=stated.runbooks or alert_rules.RUNBOOKS,
            cluster=around.inside[role],
            namespace=site.cluster.namespaces[role],
        ),
        site.opts,
    )


def facts(config: StackConfig) -> Facts:
    """Return what a stack's alerts need to know besides its plan."""
    promised = config.services.alerts.availability_percent
    return Facts(
        availability=None if promised is None else float(promised) / PERCENT,
        budget_usd=config.gateway.budget_usd,
    )


def receivers(stated: AlertsConfig) -> Receivers:
    """Return who is told."""
    slack, email = stated.slack, stated.email
    return Receivers(
        slack=None if slack is None else Slack(channel=slack.channel),
        pagerduty=stated.pagerduty is not None,
        email=None
        if email is None
        else Email(
            to=email.to, sender=email.sender, smarthost=email.smarthost, username=email.username
        ),
        webhook=stated.webhook is not None,
        heartbeat=stated.heartbeat is not None,
    )


def receiver_secrets(site: Site) -> dict[str, Remote]:
    """Return what receivers read from files, by `alertmanager_config.secret_keys`."""
    stated = site.config.services.alerts
    wanted = alertmanager_config.secret_keys(receivers(stated))
    given = ALERTS.removeprefix(NAMESPACE)
    found = {}
    for receiver, key in RECEIVERS.items():
        if key in wanted:
            existing = getattr(stated, receiver).existing_secret
            found[key] = Remote(name=existing) if existing else site.secret(f"{given}{key}")
    return found


def receiver_ports(stated: AlertsConfig) -> tuple[int, ...]:
    """Return the ports of the internet that receivers listen at."""
    told = any((stated.slack, stated.pagerduty, stated.webhook, stated.heartbeat))
    mail = () if stated.email is None else (int(stated.email.smarthost.rpartition(":")[2]),)
    return tuple(sorted({*((WEB,) if told else ()), *mail}))
