"""What Alertmanager is told: who hears of what, by secrets that are read from files."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from components.kubernetes import alertmanager_config as config
from components.kubernetes.alertmanager_config import Email, Receivers, Slack
from stacks import config_secrets

pytestmark = pytest.mark.cloud_free("who hears of what: no cloud is named in it")
MAIL = Email(
    to=("night@example.org", "day@example.org"),
    sender="platform@example.org",
    smarthost="smtp.example.org:587",
    username="platform",
)
ALL = Receivers(
    slack=Slack(channel="#platform"), pagerduty=True, email=MAIL, webhook=True, heartbeat=True
)


def receivers(of: Receivers) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in yaml.safe_load(config.text(of))["receivers"]}


def leaves(value: object, above: str = "") -> list[tuple[str, object]]:
    """Return every value of the config with the key that it stands under."""
    if isinstance(value, dict):
        return [found for key, one in value.items() for found in leaves(one, str(key))]
    if isinstance(value, list):
        return [found for one in value for found in leaves(one, above)]
    return [(above, value)]


def test_pagerduty_hears_of_critical_alerts_alone_and_the_others_of_all() -> None:
    found = receivers(ALL)

    assert set(found["warning"]) == {"name", "slack_configs", "email_configs", "webhook_configs"}
    assert set(found["critical"]) - set(found["warning"]) == {"pagerduty_configs"}
    assert [one["to"] for one in found["warning"]["email_configs"]] == list(MAIL.to)


def test_the_heartbeat_goes_where_it_is_waited_for_and_nowhere_else() -> None:
    found = receivers(ALL)
    (beat,) = found["heartbeat"]["webhook_configs"]

    assert beat["url_file"].endswith(config.HEARTBEAT_KEY)
    assert set(receivers(Receivers())["heartbeat"]) == {"name"}


def test_every_secret_is_a_file_of_one_secret_and_every_key_is_read() -> None:
    files = {
        str(value)
        for key, value in leaves(yaml.safe_load(config.text(ALL)))
        if key.endswith("_file")
    }

    assert files == {f"{config.FOLDER}/{key}" for key in config.secret_keys(ALL)}
    assert {"api_url", "routing_key", "auth_password", "url"}.isdisjoint(
        {key for key, _ in leaves(yaml.safe_load(config.text(ALL)))}
    )


def test_nobody_is_told_where_nobody_is_named() -> None:
    assert config.secret_keys(Receivers()) == ()
    assert all(set(one) == {"name"} for one in receivers(Receivers()).values())


def test_every_route_leads_to_a_receiver() -> None:
    read = yaml.safe_load(config.text(Receivers()))
    routes = [read["route"], *read["route"]["routes"]]

    assert {one["receiver"] for one in routes} == {one["name"] for one in read["receivers"]}


def test_the_config_knows_the_same_secrets() -> None:
    assert tuple(sorted(config_secrets.RECEIVERS.values())) == config.secret_keys(ALL)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [({"to": ()}, "somebody to write to"), ({"smarthost": "smtp.example.org"}, "host:port")],
)
def test_what_alertmanager_would_not_start_with_is_refused(
    change: dict[str, Any], complaint: str
) -> None:
    plain = {
        "to": MAIL.to,
        "sender": MAIL.sender,
        "smarthost": MAIL.smarthost,
        "username": MAIL.username,
    }
    with pytest.raises(ValueError, match=complaint):
        Email(**{**plain, **change})
