"""What an OpenSearch domain is told, and that the program tells it by signed requests."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from components.kubernetes.scripts import aws_signature, search_setup
from components.kubernetes.scripts.aws_signature import Credentials, signed
from components.kubernetes.search_rules import Lifetime, Right, Rules, Shape, requests, text

pytestmark = pytest.mark.cloud_free("programs and text; both kinds of login are parameters")
RULES = Rules(
    rights=(
        Right(
            name="prod-logs",
            holders=("ROLE_OTEL_COLLECTOR",),
            cluster=("indices:data/write/bulk",),
            indices=("prod-logs-*",),
            actions=("write", "create_index"),
        ),
    ),
    lifetimes=(Lifetime(name="prod-logs", indices=("prod-logs-*",), days=30),),
    shapes=(Shape(name="prod-logs", indices=("prod-logs-*",), shards=2, copies=1),),
)
KEYS = Credentials(
    key="AKIDEXAMPLE", secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token="session"
)
POLICY = "_plugins/_ism/policies/prod-logs"


def by_path() -> dict[str, dict[str, Any]]:
    return {one["path"]: one for one in requests(RULES)}


def test_a_role_may_do_what_it_is_given_and_no_more() -> None:
    made = by_path()["_plugins/_security/api/roles/prod-logs"]["body"]
    assert made == {
        "cluster_permissions": ["indices:data/write/bulk"],
        "index_permissions": [
            {"index_patterns": ["prod-logs-*"], "allowed_actions": ["write", "create_index"]}
        ],
    }


def test_a_role_is_there_before_it_is_given_to_anybody() -> None:
    paths = [one["path"] for one in requests(RULES)]
    role, holder = (f"_plugins/_security/api/{k}/prod-logs" for k in ("roles", "rolesmapping"))
    assert paths.index(role) < paths.index(holder)


def test_indices_go_after_their_days_and_those_that_are_there_follow() -> None:
    policy = by_path()[POLICY]["body"]["policy"]
    kept, gone = policy["states"]
    assert kept["transitions"] == [{"state_name": "gone", "conditions": {"min_index_age": "30d"}}]
    assert gone["actions"] == [{"delete": {}}]
    assert policy["ism_template"][0]["index_patterns"] == ["prod-logs-*"]
    change = by_path()["_plugins/_ism/change_policy/prod-logs-*"]
    assert change["body"] == {"policy_id": "prod-logs"}


def test_new_indices_have_their_shards_and_copies() -> None:
    made = by_path()["_index_template/prod-logs"]["body"]["template"]["settings"]["index"]
    assert made == {"number_of_shards": 2, "number_of_replicas": 1}


NOON = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "signature"),
    [  # AWS' own test suite: get-vanilla, get-vanilla-query-order-key-case
        ("", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        (
            "?Param2=value2&Param1=value1",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
    ],
)
def test_a_signature_is_the_one_that_aws_publishes(query: str, signature: str) -> None:
    keys = Credentials(key=KEYS.key, secret=KEYS.secret)
    made = signed(
        "GET",
        f"https://example.amazonaws.com/{query}",
        b"",
        by=keys,
        region="us-east-1",
        service="service",
        now=NOON,
    )
    assert made["Authorization"].endswith(f"Signature={signature}")
    assert "x-amz-security-token" not in made


def test_a_session_shows_its_token_and_signs_it() -> None:
    made = signed("PUT", "https://x/a", b"{}", by=KEYS, region="r", service="es", now=NOON)
    assert made["x-amz-security-token"] == "session"
    assert "SignedHeaders=host;x-amz-date;x-amz-security-token" in made["Authorization"]


def test_a_pod_shows_the_nodes_agent_its_token(tmp_path: Path, domain: Stand) -> None:
    shown = tmp_path / "token"
    shown.write_text("pod-token\n")
    domain.answers["/v1/credentials"] = (
        200,
        {"AccessKeyId": "A", "SecretAccessKey": "S", "Token": "T"},
    )
    found = aws_signature.credentials(
        {
            aws_signature.ADDRESS: f"{domain.url}/v1/credentials",
            aws_signature.TOKEN_FILE: str(shown),
        }
    )
    assert found == Credentials(key="A", secret="S", token="T")
    assert domain.seen[0].headers["authorization"] == "pod-token"


class Seen:
    """A request as the domain got it."""

    def __init__(self, asked: BaseHTTPRequestHandler, body: bytes) -> None:
        self.method, self.path, self.body = asked.command, asked.path, body
        self.headers = {name.lower(): value for name, value in asked.headers.items()}


class Stand:
    """A domain that answers what it is told to, and notes every request."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.answers: dict[str, tuple[int, dict[str, Any]]] = {}
        stand = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                stand.seen.append(Seen(self, self.rfile.read(length)))
                status, said = stand.answers.get(self.path.partition("?")[0], (200, {}))
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = _answer  # noqa: N815  (as http.server calls them)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def served() -> Iterator[Stand]:
    """Yield a domain that listens, and close it."""
    stand = Stand()
    thread = threading.Thread(target=stand.server.serve_forever, daemon=True)
    thread.start()
    yield stand
    stand.server.shutdown()
    stand.server.server_close()


@pytest.fixture
def domain(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    monkeypatch.setattr(search_setup, "PAUSE_SECONDS", 0)
    with served() as stand:
        yield stand


def ask(stand: Stand, wanted: dict[str, Any]) -> str:
    return search_setup.apply(search_setup.Domain(stand.url, "us-east-1", KEYS), wanted)


def test_each_request_is_sent_signed_with_its_body(domain: Stand) -> None:
    domain.answers[f"/{POLICY}"] = (200, {"_seq_no": 1, "_primary_term": 1})
    for wanted in requests(RULES):
        ask(domain, wanted)
    sent = [one for one in domain.seen if one.method != "GET"]
    assert [json.loads(one.body) for one in sent] == [one["body"] for one in requests(RULES)]
    for one in sent:
        assert one.headers["authorization"].startswith("AWS4-HMAC-SHA256 ")


def test_a_policy_that_is_there_is_changed_by_who_has_seen_it(domain: Stand) -> None:
    domain.answers[f"/{POLICY}"] = (200, {"_seq_no": 7, "_primary_term": 2})
    ask(domain, by_path()[POLICY])
    assert domain.seen[-1].path == f"/{POLICY}?if_seq_no=7&if_primary_term=2"


def test_no_index_yet_is_no_failure(domain: Stand) -> None:
    change = by_path()["_plugins/_ism/change_policy/prod-logs-*"]
    domain.answers["/_plugins/_ism/change_policy/prod-logs-%2A"] = (404, {})
    assert "nothing there yet" in ask(domain, change)


def test_what_is_refused_is_told_at_once(domain: Stand) -> None:
    path = "_index_template/prod-logs"
    domain.answers[f"/{path}"] = (400, {"error": "no such setting"})
    with pytest.raises(search_setup.RefusedError, match="no such setting"):
        ask(domain, by_path()[path])
    assert len(domain.seen) == 1


def test_a_domain_that_does_not_know_its_administrator_yet_is_asked_again(domain: Stand) -> None:
    path = "_index_template/prod-logs"
    domain.answers[f"/{path}"] = (403, {"message": "not yet"})
    with pytest.raises(search_setup.RefusedError, match="not yet"):
        ask(domain, by_path()[path])
    assert len(domain.seen) == search_setup.ATTEMPTS


def test_roles_are_filled_in_by_their_variables(tmp_path: Path) -> None:
    file = tmp_path / "requests.json"
    file.write_text(text(RULES))
    found = search_setup.wanted(file, {"ROLE_OTEL_COLLECTOR": "arn:aws:iam::1:role/x"})
    assert {"backend_roles": ["arn:aws:iam::1:role/x"]} in [one["body"] for one in found]
    with pytest.raises(KeyError):
        search_setup.wanted(file, {})
