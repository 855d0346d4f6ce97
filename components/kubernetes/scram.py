"""The secret that PostgreSQL and PgBouncer keep of a password, by which they know it again.

Made from the password where it is generated, so that neither the set-up of the databases, nor the
server's log of its statements, nor the pooler's file of users ever holds the password: the pooler
logs in with what its client proved, since its secret and the server's are the same text.
Pure: hashes only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

ITERATIONS = 4096
"""What PostgreSQL takes by default (scram_iterations); passwords here are random and long."""
MECHANISM = "SCRAM-SHA-256"
_LEAST_SALT = 16  # bytes, PostgreSQL's own length


def secret(password: str, salt: bytes, iterations: int = ITERATIONS) -> str:
    """Return the text that stands for the password on the server and in PgBouncer's auth_file.

    The same password and salt give the same text, so that writing it again changes nothing.

    Raises:
        ValueError: the password is not printable ASCII, which drivers would normalise before they
            hash it, or the salt is shorter than PostgreSQL's.
    """
    if not password or not password.isascii() or not password.isprintable():
        raise ValueError("a password is printable ASCII and not empty")
    if len(salt) < _LEAST_SALT:
        raise ValueError(f"a salt has at least {_LEAST_SALT} bytes")
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, iterations)
    stored = hashlib.sha256(_keyed(salted, b"Client Key")).digest()
    server = _keyed(salted, b"Server Key")
    return f"{MECHANISM}${iterations}:{_text(salt)}${_text(stored)}:{_text(server)}"


def _keyed(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
