"""The secrets of the LiteLLM proxy: which the cloud's store must hold, and what pods read of them.

No value is ever here. In the gateway's namespace an entry has the name of the variable that it
becomes, so that a manifest and LiteLLM's own documentation name the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping

from components.generated import GeneratedKey, GeneratedSecret
from components.kubernetes.litellm_config import DATABASE_URL, MASTER_KEY, SALT_KEY

STORED = "litellm"
"""Name of the generated secret, a JSON object of the two keys below."""
STORED_MASTER = "master_key"
STORED_SALT = "salt_key"
KEY_CHARACTERS = 48

KEYS = "litellm-keys"
"""Secret of the namespace: master and salt key, tokens of the stores, keys of providers."""
DATABASE = "litellm-database"
MIGRATIONS = "litellm-migrations"


def generated(*, protect: bool) -> tuple[GeneratedSecret, ...]:
    """Return what is made once for the proxy.

    The salt encrypts keys in the database and can never change; the master key can, and neither
    follows from the other. LiteLLM takes only a master key that begins with sk-.

    Args:
        protect: refuse the deletion of secret and salt, which goes with the database elsewhere.
    """
    salt = GeneratedKey(name=STORED_SALT, length=KEY_CHARACTERS, prefix="sk-", permanent=protect)
    return (
        GeneratedSecret(
            name=STORED,
            keys=(
                GeneratedKey(name=STORED_MASTER, length=KEY_CHARACTERS, prefix="sk-"),
                salt,
            ),
            protect=protect,
        ),
    )


STORED_AS: Mapping[str, str] = {MASTER_KEY: STORED_MASTER, SALT_KEY: STORED_SALT}
"""Properties of the stored secret by variable."""


def secret_of(variable: str) -> str:
    """Return the secret of the namespace that the proxy reads a variable from."""
    return DATABASE if variable == DATABASE_URL else KEYS
