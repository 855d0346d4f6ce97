"""What Cloud SQL refuses of the flags of a server for PostgreSQL."""

from __future__ import annotations

from sizing.rules.gcp.sql import CUSTOM_TIER, SERVER
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import blocks, text

PAGES_PER_MIB = 128
"""Of 8 KiB, in which the flag is counted."""
CACHE_PERCENT = (10, 70)
"""Of the machine's memory."""
SWITCHES = ("autovacuum", "cloudsql.iam_authentication")
POSITIONS = ("on", "off")
CACHE = "effective_cache_size"


def _flag(inputs: Inputs, name: str) -> str | None:
    for flag in blocks(inputs, "settings.databaseFlags"):
        if text(flag, "name") == name:
            return text(flag, "value")
    return None


def _cache(inputs: Inputs) -> str | None:
    value, tier = _flag(inputs, CACHE), CUSTOM_TIER.fullmatch(text(inputs, "settings.tier") or "")
    if tier is None or value is None or not value.isdigit():
        return None
    least, most = CACHE_PERCENT
    pages = int(tier[2]) * PAGES_PER_MIB
    inside = least * pages <= int(value) * 100 <= most * pages
    return None if inside else f"{CACHE} is {value} of {pages} pages"


def _switches(inputs: Inputs) -> str | None:
    for name in SWITCHES:
        if _flag(inputs, name) not in (None, *POSITIONS):
            return f"{name} is {_flag(inputs, name)}"
    return None


RULES = (
    Rule(
        id="gcp.sql.cache-flag",
        types=SERVER,
        property="settings.databaseFlags",
        statement="effective_cache_size says 10 to 70 % of the memory, in pages of 8 KiB.",
        source="cloudsql-cache-flag",
        check=_cache,
        passing={
            "settings": {
                "tier": "db-custom-2-7680",
                "databaseFlags": [{"name": "effective_cache_size", "value": "688128"}],
            }
        },
        failing={
            "settings": {
                "tier": "db-custom-2-7680",
                "databaseFlags": [{"name": "effective_cache_size", "value": "688129"}],
            }
        },
    ),
    Rule(
        id="gcp.sql.switch-flag",
        types=SERVER,
        property="settings.databaseFlags",
        statement="A flag that switches is on or off.",
        source="cloudsql-flag-guide",
        check=_switches,
        passing={"settings": {"databaseFlags": [{"name": "autovacuum", "value": "on"}]}},
        failing={"settings": {"databaseFlags": [{"name": "autovacuum", "value": "1"}]}},
    ),
)
