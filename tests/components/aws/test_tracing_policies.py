"""What keeps traces and log lines may do on AWS: ask one domain, and delete nothing."""

from __future__ import annotations

import pytest

from components.aws.tracing_policies import READS, WRITES, reader_statements, writer_statements

DOMAIN = "arn:aws:es:us-east-1:123456789012:domain/aigw-prod-search"


@pytest.mark.parametrize("make", [reader_statements, writer_statements])
def test_nothing_but_requests_to_the_domain_is_allowed(make: object) -> None:
    assert callable(make)
    (statement,) = make(DOMAIN)
    assert all(action.startswith("es:ESHttp") for action in statement.actions)
    assert len(statement.resources) == 1


def test_nobody_deletes_and_whoever_only_shows_puts_nothing() -> None:
    assert "es:ESHttpDelete" not in {*READS, *WRITES}
    assert {*WRITES} - {*READS} == {"es:ESHttpPut"}
