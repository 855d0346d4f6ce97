"""Alertmanager's own config: who hears of which alert, how alerts are gathered, which one silences.

Pure. No value of a secret stands in it: receivers read theirs from the files of one secret, which
is mounted at `FOLDER` (`spec.secrets` of the operator's Alertmanager). `secret_keys` says which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from sizing.alerts.words import SEVERITY_LABEL, WATCHDOG, Severity

CONFIG_KEY = "alertmanager.yaml"
"""Key of the secret that the operator reads the config from; it holds no secret value."""
SECRET = "alertmanager-receivers"
FOLDER = f"/etc/alertmanager/secrets/{SECRET}"
"""Where the operator mounts a secret that `spec.secrets` names."""

SLACK_KEY = "slack-url"
PAGERDUTY_KEY = "pagerduty-routing-key"
EMAIL_KEY = "email-password"
WEBHOOK_KEY = "webhook-url"
HEARTBEAT_KEY = "heartbeat-url"

NOBODY = "nobody"
HEARTBEAT = "heartbeat"

# Alertmanager's documented defaults, said for whoever reads the config.
# https://prometheus.io/docs/alerting/latest/configuration/#route, 2026-11-21
GROUP_WAIT = "30s"
GROUP_INTERVAL = "5m"
REPEAT_INTERVAL = "4h"
# A beat every five minutes at most: what waits for it should wait for two of them.
BEAT_INTERVAL = "1m"
BEAT_REPEAT = "4m"

# What tells one thing from another of its kind: a critical alert silences the warning of the same.
GROUPED_BY = ("alertname", "environment", "namespace")
SAME_THING = (
    "alertname",
    "environment",
    "namespace",
    "service",
    "pod",
    "instance",
    "name",
    "Hostname",
    "gpu",
    "database",
    "user",
    "cronjob",
    "persistentvolumeclaim",
    "slo",
)
_SMARTHOST = re.compile(r"[A-Za-z0-9.-]+:\d{1,5}")
_TITLE = (
    "[{{ .Status | toUpper }}] {{ .CommonLabels.environment }}: {{ .CommonLabels.alertname }} "
    "({{ .CommonLabels.severity }})"
)
_TEXT = (
    "{{ range .Alerts }}{{ .Annotations.summary }}\n"
    "{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ end }}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """A channel of Slack, whose incoming webhook is `SLACK_KEY`."""

    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """Mail by a server that wants a password, which is `EMAIL_KEY`.

    Attributes:
        smarthost: the server as "host:port"; it must speak TLS.
    """

    to: tuple[str, ...]
    sender: str
    smarthost: str
    username: str

    def __post_init__(self) -> None:
        """Refuse what Alertmanager would not start with.

        Raises:
            ValueError: nobody is written to, or the server is not "host:port".
        """
        if not self.to:
            raise ValueError("mail needs somebody to write to")
        if not _SMARTHOST.fullmatch(self.smarthost):
            raise ValueError(f'{self.smarthost!r} is no mail server: write "host:port"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivers:
    """Who hears of alerts; nobody where all are left out, and Alertmanager shows them alone.

    Attributes:
        pagerduty: PagerDuty (Events v2) hears of critical ones; the others hear of all.
        webhook: an address of one's own is told.
        heartbeat: an address that complains when it is no longer told that all is well.
    """

    slack: Slack | None = None
    pagerduty: bool = False
    email: Email | None = None
    webhook: bool = False
    heartbeat: bool = False


def secret_keys(receivers: Receivers) -> tuple[str, ...]:
    """Return the keys that the secret `SECRET` must have, sorted; none needs no secret."""
    asked = {
        SLACK_KEY: receivers.slack is not None,
        PAGERDUTY_KEY: receivers.pagerduty,
        EMAIL_KEY: receivers.email is not None,
        WEBHOOK_KEY: receivers.webhook,
        HEARTBEAT_KEY: receivers.heartbeat,
    }
    return tuple(sorted(key for key, wanted in asked.items() if wanted))


def text(receivers: Receivers) -> str:
    """Return Alertmanager's config as YAML."""
    config = {"route": _route(), "inhibit_rules": [_inhibition()], "receivers": _all(receivers)}
    return yaml.safe_dump(config, sort_keys=False, width=100)


def _route() -> dict[str, Any]:
    return {
        # what has no severity that is known is heard of as a warning
        "receiver": Severity.WARNING.value,
        "group_by": list(GROUPED_BY),
        "group_wait": GROUP_WAIT,
        "group_interval": GROUP_INTERVAL,
        "repeat_interval": REPEAT_INTERVAL,
        "routes": [
            {
                "matchers": [f'alertname="{WATCHDOG}"'],
                "receiver": HEARTBEAT,
                "group_wait": "0s",
                "group_interval": BEAT_INTERVAL,
                "repeat_interval": BEAT_REPEAT,
            },
            {
                "matchers": [f'{SEVERITY_LABEL}="{Severity.CRITICAL}"'],
                "receiver": Severity.CRITICAL.value,
            },
            {"matchers": [f'{SEVERITY_LABEL}="none"'], "receiver": NOBODY},
        ],
    }


def _inhibition() -> dict[str, Any]:
    """Return the rule that a critical alert silences the warning of the same thing."""
    return {
        "source_matchers": [f'{SEVERITY_LABEL}="{Severity.CRITICAL}"'],
        "target_matchers": [f'{SEVERITY_LABEL}="{Severity.WARNING}"'],
        "equal": list(SAME_THING),
    }


def _all(receivers: Receivers) -> list[dict[str, Any]]:
    paged = {"pagerduty_configs": [_pagerduty()]} if receivers.pagerduty else {}
    beat = {"webhook_configs": [_webhook(HEARTBEAT_KEY, resolved=False)]}
    return [
        {"name": Severity.WARNING.value, **_of_all_severities(receivers)},
        {"name": Severity.CRITICAL.value, **paged, **_of_all_severities(receivers)},
        {"name": HEARTBEAT, **(beat if receivers.heartbeat else {})},
        {"name": NOBODY},
    ]


def _of_all_severities(receivers: Receivers) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if receivers.slack is not None:
        made["slack_configs"] = [_slack(receivers.slack)]
    if receivers.email is not None:
        made["email_configs"] = [_email(to, receivers.email) for to in receivers.email.to]
    if receivers.webhook:
        made["webhook_configs"] = [_webhook(WEBHOOK_KEY, resolved=True)]
    return made


def _slack(slack: Slack) -> dict[str, Any]:
    return {
        "api_url_file": f"{FOLDER}/{SLACK_KEY}",
        "channel": slack.channel,
        "send_resolved": True,
        "title": _TITLE,
        "text": _TEXT,
    }


def _pagerduty() -> dict[str, Any]:
    return {
        "routing_key_file": f"{FOLDER}/{PAGERDUTY_KEY}",
        "severity": "{{ .CommonLabels.severity }}",
        "description": _TITLE,
        "details": {"runbook": "{{ (index .Alerts 0).Annotations.runbook_url }}"},
    }


def _email(to: str, email: Email) -> dict[str, Any]:
    return {
        "to": to,
        "from": email.sender,
        "smarthost": email.smarthost,
        "auth_username": email.username,
        "auth_password_file": f"{FOLDER}/{EMAIL_KEY}",
        "require_tls": True,
        "send_resolved": True,
        "headers": {"Subject": _TITLE},
    }


def _webhook(key: str, *, resolved: bool) -> dict[str, Any]:
    return {"url_file": f"{FOLDER}/{key}", "send_resolved": resolved}
