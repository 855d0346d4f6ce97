"""A program's way to PostgreSQL itself, past the pooler: by TLS that proves the server's name.

For programs that listen, lock for a session or write their own schema (`sizing.planning.direct`).
The password is put into the address within the cluster, by the operator that keeps its secrets.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pulumi

from components.kubernetes.access import Blocks
from components.kubernetes.container import Files
from components.kubernetes.database_setup import AUTHORITY_FILE, AUTHORITY_FOLDER, AUTHORITY_KEY
from components.kubernetes.dsn import Address, TemplatePassword, migration_url
from components.kubernetes.secrets import Remote

PASSWORD = "password"
"""Key of the entry that addresses are made with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLogin:
    """Who a program is to its database.

    Attributes:
        authority: certificates that the server's own chains to, as PEM.
    """

    database: str
    role: str
    password: Remote
    host: pulumi.Input[str]
    port: int
    authority: pulumi.Input[str]


def address(login: ServerLogin, key: str = PASSWORD) -> pulumi.Output[str]:
    """Return the template of the address, over an entry that holds the password.

    Args:
        login: who asks.
        key: of the entry.
    """
    return pulumi.Output.from_input(login.host).apply(partial(_address, login=login, key=key))


def authority(login: ServerLogin) -> Files:
    """Return the folder that the address names."""
    return Files(path=AUTHORITY_FOLDER, contents={AUTHORITY_KEY: login.authority})


def road(login: ServerLogin, network: tuple[str, ...]) -> Blocks:
    """Return what a network policy lets through to the server.

    Args:
        login: who asks.
        network: blocks in which servers stand.
    """
    return Blocks(blocks=network, ports=(login.port,))


def _address(host: str, *, login: ServerLogin, key: str) -> str:
    return migration_url(
        Address(
            host=host,
            port=login.port,
            database=login.database,
            role=login.role,
            password=TemplatePassword(key=key),
            authority=AUTHORITY_FILE,
        )
    )
