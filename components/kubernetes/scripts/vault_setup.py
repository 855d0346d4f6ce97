"""Initialises Vault once, and lays down at each run what the platform wants of it.

What opens nothing but recovers everything, the recovery keys, goes straight to the cloud's store of
secrets and is never read again by this job. The first token that may do everything stays there for
the length of the first run: with it the job gives itself a login of its own, revokes it, and clears
its entry. A run that ends in between is taken up by the next one.

It runs any number of times; what is there already stays as it is, or is set as it was.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from components.kubernetes.scripts.secret_store import REGION, Keeper, keeper
from components.kubernetes.scripts.vault_api import (
    ADDRESS,
    AUTHORITY,
    KUBERNETES,
    TOKEN_FILE,
    Vault,
    VaultError,
    patiently,
)

SETTINGS = "AIGW_VAULT_SETTINGS"
"""Variable: file of what is laid down (`vault_setup.settings`)."""
MEMBERS = "AIGW_VAULT_MEMBERS"
"""Variable: where each member answers, with spaces between."""
RECOVERY_SECRET = "AIGW_RECOVERY_SECRET"
"""Variable: name of the secret that takes the recovery keys."""
SESSION_SECRET = "AIGW_SESSION_SECRET"
"""Variable: name of the secret that holds the first token while it is needed."""
DATABASE_HOST = "AIGW_DATABASE_HOST"
"""Variable: the database server's own name, for where the settings leave it open."""
DATABASE_PASSWORD = "AIGW_DATABASE_PASSWORD"
"""Variable: password of the login that makes other logins."""
HOST_MARK = "@host@"
"""What the settings say in place of the database server's name, which is known later."""
ROLE = "platform-setup"
"""The job's own login, and its policy."""

SHARES, THRESHOLD = 5, 3
"""Recovery keys, and how many of them are needed together (Vault's own default)."""
DATABASE = "database"
_OPENING_SECONDS = 600
_ROOT = "root_token"


def run(
    vault: Vault,
    members: Sequence[Vault],
    keeper: Keeper,
    *,
    recovery: str,
    session: str,
    token_file: Path,
    settings: Mapping[str, Any],
    password: str,
    now: datetime,
) -> None:
    """Initialise where that has not been done, then lay down what is wanted.

    Args:
        vault: where the member answers that leads.
        members: each of them. One that has lost its volume knows of no store and would make
            another: a store is made where none of them knows of one.
        keeper: the cloud's store of secrets.
        recovery: name of the secret for recovery keys, `session` of that for the first token.
        token_file: of the pod's own token.
        settings: what is laid down.
        password: of the login that makes other logins.
        now: marks the recovery keys.

    Raises:
        VaultError: Vault refuses.
        OSError: it does not answer.
    """
    if not any(_initialised(one) for one in members):
        initialise(members[0], keeper, recovery, session, now)
    first = str(keeper.read(session).get(_ROOT, ""))
    if first:
        everything = vault.showing(first)
        patiently(lambda: everything.ask("GET", "auth/token/lookup-self"), _OPENING_SECONDS)
        lay_login(everything, settings)
    # from here on as itself, at the first run as at every other: what it may not do shows at once
    itself = patiently(lambda: vault.logged_in(ROLE, token_file), _OPENING_SECONDS)
    lay_login(itself, settings)
    lay(itself, settings, password)
    if first:
        vault.showing(first).ask("POST", "auth/token/revoke-self")
        keeper.keep(session, {_ROOT: ""})
        print("the first token is revoked")
    itself.ask("POST", "auth/token/revoke-self")


def _initialised(member: Vault) -> bool:
    found = patiently(lambda: member.ask("GET", "sys/init"), _OPENING_SECONDS)
    return bool(found["initialized"])


def initialise(vault: Vault, keeper: Keeper, recovery: str, session: str, now: datetime) -> None:
    """Make the store, and hand its recovery keys and its first token to the cloud's.

    Raises:
        VaultError: Vault refuses; nothing was made.
    """
    # before anything is made: whoever cannot store must not make what cannot be made again
    keeper.keep(session, {_ROOT: ""})
    made = vault.ask(
        "PUT", "sys/init", {"recovery_shares": SHARES, "recovery_threshold": THRESHOLD}
    )
    keys = made.get("recovery_keys_base64") or []
    label = f"initialised-{now:%Y%m%dT%H%M%SZ}"
    kept = {"keys": keys, "threshold": THRESHOLD, "made": f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    keeper.keep(recovery, kept, label)
    keeper.keep(session, {_ROOT: made[_ROOT]})
    print(f"initialised: {len(keys)} recovery keys are kept in {recovery}, version {label}")


def lay_login(vault: Vault, settings: Mapping[str, Any]) -> None:
    """Make Kubernetes' login, policies and roles, the job's own among them."""
    if f"{KUBERNETES}/" not in vault.ask("GET", "sys/auth")["data"]:
        vault.ask("POST", f"sys/auth/{KUBERNETES}", {"type": "kubernetes"})
    vault.ask("POST", f"auth/{KUBERNETES}/config", settings["kubernetes"])
    for name, policy in sorted(settings["policies"].items()):
        vault.ask("PUT", f"sys/policies/acl/{name}", {"policy": policy})
    for name, role in sorted(settings["roles"].items()):
        vault.ask("POST", f"auth/{KUBERNETES}/role/{name}", role)
    print(f"{len(settings['policies'])} policies, {len(settings['roles'])} roles")


def lay(vault: Vault, settings: Mapping[str, Any], password: str) -> None:
    """Switch the record on, then the engine that makes logins of the database."""
    standing = vault.ask("GET", "sys/audit")["data"]
    for name, device in sorted(settings["audit"].items()):
        if f"{name}/" not in standing:
            vault.ask("PUT", f"sys/audit/{name}", device)
    database = settings["database"]
    if database is None:
        return
    mount = database["mount"]
    if f"{mount}/" not in vault.ask("GET", "sys/mounts")["data"]:
        vault.ask("POST", f"sys/mounts/{mount}", {"type": DATABASE})
    for name, connection in sorted(database["connections"].items()):
        vault.ask("POST", f"{mount}/config/{name}", {**connection, "password": password})
    for name, role in sorted(database["roles"].items()):
        vault.ask("POST", f"{mount}/roles/{name}", role)
    print(f"{len(settings['audit'])} records, {len(database['roles'])} databases")


def filled(text: str, host: str) -> dict[str, Any]:
    """Return the settings, the database server's name in its place."""
    found = json.loads(text.replace(HOST_MARK, host))
    assert isinstance(found, dict)
    return found


def main(environment: Mapping[str, str]) -> int:
    """Run once; returns 1 where anything was refused."""
    try:
        run(
            Vault(environment[ADDRESS], environment[AUTHORITY]),
            [Vault(one, environment[AUTHORITY]) for one in environment[MEMBERS].split()],
            keeper(environment[SESSION_SECRET], environment[REGION]),
            recovery=environment[RECOVERY_SECRET],
            session=environment[SESSION_SECRET],
            token_file=Path(environment[TOKEN_FILE]),
            settings=filled(
                Path(environment[SETTINGS]).read_text(), environment.get(DATABASE_HOST, "")
            ),
            password=environment.get(DATABASE_PASSWORD, ""),
            now=datetime.now(UTC),
        )
    except (VaultError, OSError) as error:
        print(f"not set up: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
