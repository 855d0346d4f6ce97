"""Who hears of a stack's alerts, as its file says it, and which secrets that takes."""

from __future__ import annotations

import pytest

from components.kubernetes.alertmanager_config import Email, Receivers, Slack
from sizing.plans import Finding
from sizing.words import Severity
from stacks.apps.alerts import facts, receiver_ports, receivers
from stacks.apps.secrets import existing_names
from stacks.config import StackConfig
from stacks.decision import decide
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.stacks.stack_texts import SECURE, good, refused, there

MAIL = "to: [a@example.org], sender: b@example.org, username: c"
SMTP = f"{MAIL}, smarthost: 'smtp.example.org:587'"


def stack(alerts: str, beside: str = "") -> StackConfig:
    return good(f"services: {{alerts: {{{alerts}}}}}", beside)


def found(config: StackConfig) -> dict[str, Finding]:
    return {
        one.constraint: one
        for one in decide(config).findings
        if one.constraint.startswith("alerts-")
    }


def test_alerts_are_on_and_nobody_is_told_where_nothing_is_said() -> None:
    alerts = good().services.alerts

    assert alerts.enabled
    assert alerts.silent
    assert receivers(alerts) == Receivers()
    assert receiver_ports(alerts) == ()


def test_alerts_can_be_left_out() -> None:
    config = stack("enabled: false")
    names = {one.name for one in decide(config).plan.services}

    assert "alertmanager" not in names
    assert "alertmanager" in {one.name for one in decide(good()).plan.services}


def test_receivers_are_those_of_the_file() -> None:
    alerts = stack(
        f"slack: {{channel: '#platform'}}, pagerduty: {{}}, email: {{{SMTP}}}, heartbeat: {{}}"
    ).services.alerts

    assert receivers(alerts) == Receivers(
        slack=Slack(channel="#platform"),
        pagerduty=True,
        email=Email(
            to=("a@example.org",),
            sender="b@example.org",
            smarthost="smtp.example.org:587",
            username="c",
        ),
        heartbeat=True,
    )
    assert receiver_ports(alerts) == (443, 587)


@pytest.mark.parametrize(
    ("receiver", "key"),
    [
        ("slack: {channel: '#platform'}", "alerts-slack-url"),
        ("pagerduty: {}", "alerts-pagerduty-routing-key"),
        (f"email: {{{SMTP}}}", "alerts-email-password"),
        ("webhook: {}", "alerts-webhook-url"),
        ("heartbeat: {}", "alerts-heartbeat-url"),
    ],
)
def test_a_receiver_without_its_secret_stops_the_program(receiver: str, key: str) -> None:
    (missing,) = found(stack(receiver)).values()

    assert missing.severity is Severity.ERROR
    assert f"`pulumi config set --secret aigw:{key}`" in missing.fix
    assert found(stack(receiver, f"aigw:{key}: {SECURE}")) == {}


def test_a_secret_that_exists_is_named_and_may_be_read() -> None:
    config = stack("pagerduty: {existing_secret: aigw/pagerduty}")

    assert found(config) == {}
    assert there("aigw/pagerduty") in existing_names(config)


def test_nobody_misses_a_secret_of_alerts_that_are_off() -> None:
    assert found(stack("enabled: false, webhook: {}")) == {}


def test_a_promise_and_a_cap_reach_the_rules() -> None:
    config = good("services: {alerts: {availability_percent: '99.9'}}\ngateway: {budget_usd: 5000}")

    assert facts(config).availability == pytest.approx(0.999)
    assert facts(config).budget_usd == 5000


@pytest.mark.parametrize(
    ("alerts", "complaint"),
    [
        ("slack: {channel: platform}", "a channel"),
        ("slack: {channel: '#platform', url: https://hooks.slack.com/x}", "url"),
        (f"email: {{{MAIL}, smarthost: smtp.example.org}}", "host:port"),
        ("availability_percent: '100'", "99.999"),
        ("runbooks: http://docs.example.org", "https://"),
    ],
)
def test_what_cannot_be_is_refused(alerts: str, complaint: str) -> None:
    assert complaint in " ".join(refused(f"services: {{alerts: {{{alerts}}}}}"))
