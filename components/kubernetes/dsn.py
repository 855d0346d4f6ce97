"""Addresses of databases as drivers read them, with a placeholder where the password belongs.

Two roads lead to a database: applications take the pooler, migrations go to the server itself,
since they hold locks and settings of a session. Pure text; no password is ever known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlencode

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PORT = 5432
# What LiteLLM sets where nothing is said (database_connection_timeout), in seconds.
POOL_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class VariablePassword:
    """A password in a variable of the container, put in by Kubernetes when it starts.

    Kubernetes encodes nothing: the password must be made of characters that an address may hold
    (letters, digits, - . _ ~), as a generated one without special characters is. The variable must
    stand before the address in the container's list.
    """

    variable: str

    @property
    def text(self) -> str:
        """Return what stands in the address."""
        return f"$({_name(self.variable)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePassword:
    """A password under a key of an ExternalSecret, put in and encoded by its operator."""

    key: str

    @property
    def text(self) -> str:
        """Return what stands in the address."""
        return "{{ ." + _name(self.key) + " | urlquery }}"


Password = VariablePassword | TemplatePassword


class Dialect(StrEnum):
    """How a driver spells TLS: Prisma knows no verify-full and takes sslcert for the authority."""

    LIBPQ = "libpq"
    PRISMA = "prisma"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Who speaks to which database where.

    Attributes:
        authority: file of the certificate authority that the server must prove itself by; "" asks
            for no TLS, which suits only what stays within the cluster's network policies.
    """

    host: str
    port: int = _PORT
    database: str
    role: str
    password: Password
    authority: str = ""
    dialect: Dialect = Dialect.LIBPQ


def pooled_url(
    address: Address, *, connection_limit: int, pool_timeout_seconds: int = POOL_TIMEOUT_SECONDS
) -> str:
    """Return the address of a database behind the pooler.

    Prisma is told of it (`pgbouncer=true`): it then keeps no prepared statements, which a changed
    table would break ("cached plan must not change result type") in every pod at once. Drivers of
    libpq's kind take no such parameters; the pooler tracks their statements.

    Args:
        address: of the pooler.
        connection_limit: connections that one process opens at most.
        pool_timeout_seconds: how long a query may wait for one of them.
    """
    if address.dialect is not Dialect.PRISMA:
        return _url(address, {})
    return _url(
        address,
        {
            "pgbouncer": "true",
            "connection_limit": str(connection_limit),
            "pool_timeout": str(pool_timeout_seconds),
        },
    )


def migration_url(address: Address) -> str:
    """Return the address of a database on its server, for what changes tables.

    Raises:
        ValueError: no authority is named; on this road TLS is always verified.
    """
    if not address.authority:
        raise ValueError("a direct connection needs the server's certificate authority")
    return _url(address, {})


def _url(address: Address, parameters: dict[str, str]) -> str:
    text = urlencode({**parameters, **_tls(address)}, safe="/")
    return (
        f"postgresql://{quote(address.role, safe='')}:{address.password.text}"
        f"@{address.host}:{address.port}/{quote(address.database, safe='')}?{text}"
    )


def _tls(address: Address) -> dict[str, str]:
    if not address.authority:
        return {"sslmode": "disable"}
    if address.dialect is Dialect.PRISMA:
        # accept_invalid_certs is its default; strict verifies chain and name
        return {"sslmode": "require", "sslaccept": "strict", "sslcert": address.authority}
    return {"sslmode": "verify-full", "sslrootcert": address.authority}


def _name(text: str) -> str:
    if not _VARIABLE.fullmatch(text):
        raise ValueError(f"{text!r} names no variable: letters, digits and _, no digit first")
    return text
