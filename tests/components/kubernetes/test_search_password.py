"""That the job of an OpenSearch cluster signs in by password, and lays its users down first."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.kubernetes.scripts import search_password, search_setup
from components.kubernetes.scripts.search_password import Cluster, users, variable
from components.kubernetes.search_rules import requests
from tests.components.kubernetes.test_search_rules import POLICY, RULES, Stand, served

pytestmark = pytest.mark.cloud_free("a program alone, against stand-ins that it is given")
USERS = {"SEARCH_USERS": "jaeger otel-gateway"}
PASSWORDS = {variable("jaeger"): "first", variable("otel-gateway"): "second"}


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    monkeypatch.setattr(search_setup, "PAUSE_SECONDS", 0)
    with served() as found:
        yield found


def test_each_user_holds_the_role_that_is_called_like_it() -> None:
    bodies = [one["body"] for one in users({**USERS, **PASSWORDS})]
    assert bodies == [
        {"password": "first", "backend_roles": ["jaeger"]},
        {"password": "second", "backend_roles": ["otel-gateway"]},
    ]


def test_a_user_without_a_password_is_refused() -> None:
    with pytest.raises(KeyError, match="SEARCH_PASSWORD_OF_OTEL_GATEWAY"):
        users({**USERS, variable("jaeger"): "first"})


def test_each_request_carries_the_administrator_s_password(stand: Stand) -> None:
    stand.answers[f"/{POLICY}"] = (200, {"_seq_no": 1, "_primary_term": 1})
    cluster = Cluster(stand.url, "admin", "secret:with colon", None)
    asked: list[dict[str, Any]] = requests(RULES)
    for one in asked:
        search_setup.apply(cluster, one)
    sent = [one for one in stand.seen if one.method != "GET"]
    assert [json.loads(one.body) for one in sent] == [one["body"] for one in asked]
    for seen in stand.seen:
        kind, _, login = seen.headers["authorization"].partition(" ")
        assert (kind, b64decode(login)) == ("Basic", b"admin:secret:with colon")


def test_users_come_before_rights_and_no_password_is_printed(
    stand: Stand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "requests.json"
    file.write_text(json.dumps([one for one in requests(RULES) if "roles" in one["path"]]))
    told = {"SEARCH_URL": stand.url, "SEARCH_USER": "admin", "SEARCH_PASSWORD": "of-admin"}
    roles = {"SEARCH_AUTHORITY": "unread", "ROLE_OTEL_COLLECTOR": "otel-gateway"}
    for name, value in {**USERS, **PASSWORDS, **told, **roles}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("ssl.create_default_context", lambda **_: None)
    monkeypatch.setattr("sys.argv", ["search_password", str(file)])
    assert search_password.main() == 0
    kinds = [one.path.split("/")[4] for one in stand.seen]
    assert kinds == ["internalusers", "internalusers", "roles", "rolesmapping"]
    assert json.loads(stand.seen[-1].body) == {"backend_roles": ["otel-gateway"]}
    printed = "".join(capsys.readouterr())
    assert not any(one in printed for one in ("of-admin", *PASSWORDS.values()))


def test_a_password_that_is_refused_is_not_sent_again(stand: Stand) -> None:
    path = "/_plugins/_security/api/internalusers/jaeger"
    stand.answers[path] = (400, {"reason": "weak password"})
    cluster = Cluster(stand.url, "admin", "x", None)
    with pytest.raises(search_setup.RefusedError, match="weak password"):
        search_setup.apply(cluster, users({**USERS, **PASSWORDS})[0])
    assert len(stand.seen) == 1
