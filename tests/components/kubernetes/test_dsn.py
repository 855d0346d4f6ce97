"""Addresses of databases as drivers read them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from components.kubernetes.dsn import (
    Address,
    Dialect,
    TemplatePassword,
    VariablePassword,
    migration_url,
    pooled_url,
)

pytestmark = pytest.mark.cloud_free("addresses of databases, put together of their parts")


def address(**changes: Any) -> Address:  # noqa: ANN401  (any field of an address)
    plain: dict[str, Any] = {
        "host": "db.example.org",
        "database": "users",
        "role": "users_a",
        "password": VariablePassword(variable="PASSWORD"),
    }
    return Address(**{**plain, **changes})


def asked(url: str) -> dict[str, str]:
    return {key: value for key, (value,) in parse_qs(urlsplit(url).query).items()}


def test_the_way_through_the_pooler_asks_for_no_tls_within_the_cluster() -> None:
    url = pooled_url(address(), connection_limit=10)
    assert url == "postgresql://users_a:$(PASSWORD)@db.example.org:5432/users?sslmode=disable"


def test_prisma_is_told_of_the_pooler_and_of_its_own_limits() -> None:
    url = pooled_url(address(dialect=Dialect.PRISMA), connection_limit=7, pool_timeout_seconds=9)
    assert asked(url) == {
        "pgbouncer": "true",
        "connection_limit": "7",
        "pool_timeout": "9",
        "sslmode": "disable",
    }


@pytest.mark.parametrize(
    ("dialect", "parameters"),
    [
        (Dialect.LIBPQ, {"sslmode": "verify-full", "sslrootcert": "/ca/a.pem"}),
        (
            Dialect.PRISMA,
            {"sslmode": "require", "sslaccept": "strict", "sslcert": "/ca/a.pem"},
        ),
    ],
)
def test_the_way_to_the_server_verifies_it(dialect: Dialect, parameters: dict[str, str]) -> None:
    url = migration_url(address(dialect=dialect, authority="/ca/a.pem"))
    assert asked(url) == parameters


def test_the_way_to_the_server_is_never_unverified() -> None:
    with pytest.raises(ValueError, match="needs the server's certificate authority"):
        migration_url(address())


def test_a_password_is_a_placeholder_that_is_filled_in_the_cluster() -> None:
    encoded = pooled_url(address(password=TemplatePassword(key="pass")), connection_limit=1)
    assert "users_a:{{ .pass | urlquery }}@" in encoded
    with pytest.raises(ValueError, match="names no variable"):
        pooled_url(address(password=VariablePassword(variable="A-B")), connection_limit=1)


def test_what_stands_in_an_address_is_encoded() -> None:
    url = pooled_url(address(role="a@b", database="a/b"), connection_limit=1)
    assert urlsplit(url).hostname == "db.example.org"
    assert "a%40b:" in url
    assert "/a%2Fb?" in url
