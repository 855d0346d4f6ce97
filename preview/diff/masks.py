"""What is never printed: secrets, and texts too long to read in a comment.

The program marks its secrets, and both the engine and the offline plan mask them. What is masked
here once more is what a program could forget to mark.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from preview.diff.values import ABSENT, Value
from sizing.model import Json

SECRET = "[secret]"
"""What stands for a secret, in the engine's words and in ours."""

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands for a value that only the cloud will give."""

LONGEST = 64
"""Characters of a value that are printed whole."""

SECRET_KEYS = frozenset(
    {
        *("accesskey", "adminpassword", "apikey", "authstring", "authtoken", "bindpassword"),
        *("clientsecret", "connectionstring", "kubeconfig", "masterpassword"),
        *("masteruserpassword", "passphrase", "passwd", "password", "passwords", "privatekey"),
        *("rootpassword", "secretaccesskey", "secretbinary", "secretdata", "secretstring"),
        *("token", "wsconnectionstring"),
    }
)
"""Names of properties whose text is a secret, in small letters and without signs."""

SECRET_VARIABLE = re.compile(r".*(PASSWORD|PASSWD|TOKEN|SECRET|_KEY)", re.IGNORECASE)
"""Names of environment variables whose value is a secret."""


def masked(value: Json, key: str = "") -> Json:
    """Return a value with everything masked that its name says is a secret."""
    if isinstance(value, dict):
        return _masked_map(value)
    if isinstance(value, list):
        return [masked(one) for one in value]
    hides = re.sub(r"[^a-z]", "", key.lower()) in SECRET_KEYS
    return SECRET if hides and isinstance(value, str) and value not in ("", UNKNOWN) else value


def _masked_map(value: Mapping[str, Json]) -> dict[str, Json]:
    hidden: set[str] = set()
    if value.get("kind") == "Secret" and value.get("apiVersion") == "v1":
        hidden = {"data", "stringData"}
    name = value.get("name")
    if isinstance(name, str) and isinstance(value.get("value"), str):
        hidden = {"value"} if SECRET_VARIABLE.fullmatch(name) else set()
    return {key: _all(one) if key in hidden else masked(one, key) for key, one in value.items()}


def _all(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _all(one) for key, one in value.items()}
    return SECRET if isinstance(value, str) and value else value


def shown(value: Value, longest: int = LONGEST) -> str:
    """Return a value as it is printed: on one line, and no longer than that.

    What is longer is told by its size.
    """
    if value is ABSENT:
        return "nothing"
    if value == UNKNOWN:
        return "known after up"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = _printable(text.replace(UNKNOWN, "known after up"))
    if len(text) <= longest and "\n" not in text:
        return text or '""'
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        names = _printable(", ".join(sorted(value))).replace("\n", " ")
        return f"a block of {len(value)}: {_cut(names, longest)}"
    return f"a text of {len(text):,} characters"


def _printable(text: str) -> str:
    """Return a text without what would move a terminal's cursor, lines aside."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def changed_text(before: Value, after: Value) -> tuple[str, str]:
    """Return two values as they are printed beside each other.

    Of two long texts of lines, it tells how many lines came and went, and shows those that did
    where they are few.
    """
    if not (isinstance(before, str) and isinstance(after, str)):
        return shown(before), shown(after)
    if max(len(before), len(after)) <= LONGEST and "\n" not in before + after:
        return shown(before), shown(after)
    old, new = before.splitlines(), after.splitlines()
    if len(old) == len(new) == 1:
        return _around(before, after), _around(after, before)
    gone, came = _lines(old, new), _lines(new, old)
    return _told(gone, len(old)), _told(came, len(new))


def _lines(of: list[str], other: list[str]) -> list[str]:
    left = list(other)
    own = []
    for line in of:
        if line in left:
            left.remove(line)
        else:
            own.append(_printable(line).strip())
    return own


def _told(lines: list[str], of: int) -> str:
    if len(lines) == 1:
        return f"{_cut(lines[0], LONGEST)} (1 of {of} lines)"
    return f"{len(lines)} of {of} lines"


def _around(text: str, other: str) -> str:
    """Return the part of a long line that differs, with a little of what stands before it."""
    text, other = _printable(text), _printable(other)
    same = next(
        (place for place, (one, two) in enumerate(zip(text, other, strict=False)) if one != two),
        min(len(text), len(other)),
    )
    start = max(0, same - LONGEST // 4)
    end = "..." if len(text) > start + LONGEST else ""
    return f"{'...' if start else ''}{text[start : start + LONGEST]}{end}"
