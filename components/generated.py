"""Values that a platform makes once and keeps, as every cloud's store of secrets takes them.

Pure: no value is ever here. Who needs one says so in these words; a cloud's own module makes it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedKey:
    """One value that is made once and stays.

    Attributes:
        name: key in the secret's JSON object.
        length: random characters, the prefix not among them.
        prefix: what a reader asks of every value ("sk-").
        specials: special characters that the reader takes; none makes letters and digits alone.
        permanent: a new value would make what it encrypted unreadable: kept whatever changes.
        proof: key beside it for what PostgreSQL keeps of it (SCRAM-SHA-256), "" for none.
    """

    name: str
    length: int
    prefix: str = ""
    specials: str = ""
    permanent: bool = False
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedSecret:
    """A secret whose values are generated; `protect` keeps it against deletion."""

    name: str
    keys: tuple[GeneratedKey, ...]
    protect: bool
