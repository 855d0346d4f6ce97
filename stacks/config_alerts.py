"""Who hears of alerts, and by which promises: the part of a stack's config that says it."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from stacks.config_parts import Strict
from stacks.config_values import SecretName, Url, matching

EXISTING: Final = "name of a secret in the cloud's store that holds {what}; else it is set by "
"""How every receiver's secret is described."""

Channel = Annotated[
    str, matching(r"[#@][a-z0-9._-]{1,80}", 'a channel ("#platform") or a person ("@somebody")')
]
Percent = Annotated[str, matching(r"9\d(\.\d{1,3})?", 'percent in quotes, from "90" to "99.999"')]
Mail = Annotated[str, matching(r"[^@\s,]+@[A-Za-z0-9.-]+", "an address of mail")]
Smarthost = Annotated[str, matching(r"[A-Za-z0-9.-]+:\d{1,5}", 'a mail server as "host:port"')]


class SlackConfig(Strict):
    """A channel of Slack."""

    channel: Channel = Field(description='channel that is written to ("#platform")')
    existing_secret: SecretName | None = Field(
        default=None,
        description=EXISTING.format(what="the address of the incoming webhook")
        + "`pulumi config set --secret aigw:alerts-slack-url`",
    )


class PagerDutyConfig(Strict):
    """PagerDuty, which hears of critical alerts alone."""

    existing_secret: SecretName | None = Field(
        default=None,
        description=EXISTING.format(what="the integration's routing key (Events API v2)")
        + "`pulumi config set --secret aigw:alerts-pagerduty-routing-key`",
    )


class EmailConfig(Strict):
    """Mail, by a server that speaks TLS."""

    to: tuple[Mail, ...] = Field(min_length=1, description="whom is written to")
    sender: Mail = Field(description="whom mails come from")
    smarthost: Smarthost = Field(description='the mail server ("smtp.example.com:587")')
    username: str = Field(min_length=1, description="who the platform is to the mail server")
    existing_secret: SecretName | None = Field(
        default=None,
        description=EXISTING.format(what="the mail server's password")
        + "`pulumi config set --secret aigw:alerts-email-password`",
    )


class WebhookConfig(Strict):
    """An address of one's own that takes Alertmanager's JSON."""

    existing_secret: SecretName | None = Field(
        default=None,
        description=EXISTING.format(what="the address")
        + "`pulumi config set --secret aigw:alerts-webhook-url`",
    )


class HeartbeatConfig(Strict):
    """An address that complains when it is no longer told that alerting works."""

    existing_secret: SecretName | None = Field(
        default=None,
        description=EXISTING.format(what="the address")
        + "`pulumi config set --secret aigw:alerts-heartbeat-url`",
    )


class AlertsConfig(Strict):
    """Rules that watch the plan's own figures, and who hears of them."""

    enabled: bool = Field(
        default=True, description="false leaves rules and Alertmanager out of the cluster"
    )
    availability_percent: Percent | None = Field(
        default=None,
        description='percent of requests that the platform promises to answer, in quotes ("99.9"); '
        "its error budget is watched; table 5.2's 99 where it is left out",
    )
    runbooks: Url | None = Field(
        default=None,
        description="https:// address that docs/runbooks is published at; alerts name the page in "
        "the repository where it is left out",
    )
    slack: SlackConfig | None = Field(default=None, description="a channel of Slack")
    pagerduty: PagerDutyConfig | None = Field(
        default=None, description="PagerDuty, for critical alerts"
    )
    email: EmailConfig | None = Field(default=None, description="mail")
    webhook: WebhookConfig | None = Field(default=None, description="an address of one's own")
    heartbeat: HeartbeatConfig | None = Field(
        default=None, description="a dead man's switch: an address that waits to be told"
    )

    @property
    def silent(self) -> bool:
        """Say whether nobody is told of anything."""
        return not any((self.slack, self.pagerduty, self.email, self.webhook))

    @property
    def existing_secrets(self) -> tuple[str, ...]:
        """Return the secrets of the cloud's store that receivers point to."""
        receivers = (self.slack, self.pagerduty, self.email, self.webhook, self.heartbeat)
        return tuple(one.existing_secret for one in receivers if one and one.existing_secret)
