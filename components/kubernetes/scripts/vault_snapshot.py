"""Takes a snapshot of Vault, checks that it is whole, and stores it in one bucket or in several.

A snapshot is of use only to who has the key of the cloud that opens Vault: what is inside is
encrypted by it. It leaves no copy on the node.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from components.kubernetes.scripts.google_cloud import add_object
from components.kubernetes.scripts.vault_api import (
    ADDRESS,
    AUTHORITY,
    TOKEN_FILE,
    Vault,
    VaultError,
    patiently,
)

TARGETS = "AIGW_SNAPSHOT_TARGETS"
"""Variable: buckets as JSON: a list of {"bucket", "region", "prefix", "store"}."""
S3, GCS = "s3", "gcs"
"""Kinds of buckets: AWS' and Google's."""
ROLE = "platform-snapshots"
"""The job's login, and its policy."""

_SUMS = "SHA256SUMS"
_PART = 1 << 20
_ELECTION_SECONDS = 120


class BrokenError(Exception):
    """A snapshot that is not whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A folder of a bucket; `prefix` ends in "/", `store` is `S3` or `GCS`."""

    bucket: str
    region: str
    prefix: str
    store: str = S3


Put = Callable[[Path, Target, str], None]
"""Stores a file in a target's bucket under a key."""


def to_s3(file: Path, target: Target, key: str) -> None:
    """Store with what the pod's account may do; the bucket's own default encrypts."""
    # in the image that it runs in, not among our own dependencies
    boto3 = importlib.import_module("boto3")
    boto3.client("s3", region_name=target.region).upload_file(str(file), target.bucket, key)


def to_bucket(file: Path, target: Target, key: str) -> None:
    """Store in a bucket of either kind, with what the pod's account may do there."""
    if target.store == GCS:
        add_object(file, target.bucket, key)
    else:
        to_s3(file, target, key)


def key(prefix: str, now: datetime) -> str:
    """Return the key of a snapshot, which sorts by time."""
    return f"{prefix}{now:%Y/%m/%d}/vault-{now:%Y%m%dT%H%M%SZ}.snap"


def take(vault: Vault, file: Path) -> int:
    """Write a snapshot into a file; returns its bytes.

    Raises:
        VaultError: Vault refuses.
        OSError: it does not answer, or stops in the middle.
        BrokenError: what came is not whole.
    """
    with vault.open("GET", "sys/storage/raft/snapshot") as answer, file.open("wb") as sink:
        shutil.copyfileobj(answer, sink)
    check(file)
    return file.stat().st_size


def check(file: Path) -> None:
    """Compare what a snapshot holds with the sums that it brings.

    Raises:
        BrokenError: something is missing or differs.
    """
    try:
        with tarfile.open(file, "r:gz") as packed:
            sums = dict(_sums(packed))
            if not sums:
                raise BrokenError("the snapshot has no sums")
            for name, wanted in sums.items():
                if _digest(packed.extractfile(name)) != wanted:
                    raise BrokenError(f"{name} of the snapshot differs from its sum")
    except (tarfile.TarError, EOFError, KeyError, OSError) as error:
        raise BrokenError(f"the snapshot is not whole: {error}") from error


def store(file: Path, targets: Sequence[Target], now: datetime, put: Put) -> Iterator[str]:
    """Store a snapshot everywhere; returns what went wrong, a sentence each.

    One bucket that fails does not keep the others from getting theirs.
    """
    for target in targets:
        name = key(target.prefix, now)
        try:
            put(file, target, name)
        except Exception as error:  # whatever a cloud's client raises
            yield f"not stored as {target.bucket}/{name}: {error}"
        else:
            print(f"stored as {target.bucket}/{name}")


def main(environment: Mapping[str, str]) -> int:
    """Run once; returns 1 where anything went wrong."""
    targets = [Target(**one) for one in json.loads(environment[TARGETS])]
    vault, now = Vault(environment[ADDRESS], environment[AUTHORITY]), datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "snapshot"
        try:
            token_file = Path(environment[TOKEN_FILE])
            itself = patiently(lambda: vault.logged_in(ROLE, token_file), _ELECTION_SECONDS)
            print(f"{take(itself, file)} bytes")
            itself.ask("POST", "auth/token/revoke-self")
        except (VaultError, BrokenError, OSError) as error:
            print(f"no snapshot: {error}", file=sys.stderr)
            return 1
        failures = [*store(file, targets, now, to_bucket)]
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def _sums(packed: tarfile.TarFile) -> Iterator[tuple[str, str]]:
    listed = packed.extractfile(_SUMS)
    for line in (listed.read().decode() if listed else "").splitlines():
        digest, _, name = line.partition("  ")
        yield name, digest


def _digest(member: IO[bytes] | None) -> str:
    if member is None:
        raise BrokenError("the snapshot names a file that it does not hold")
    sum_ = hashlib.sha256()
    while part := member.read(_PART):
        sum_.update(part)
    return sum_.hexdigest()


if __name__ == "__main__":
    sys.exit(main(os.environ))
