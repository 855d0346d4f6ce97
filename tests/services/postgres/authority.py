"""A certificate authority of the tests' own, by openssl, so that verify-full verifies something.

As those of RDS and Cloud SQL, it signs no server itself: a subordinate does, whose certificate
nobody is given beforehand, and which servers show beside their own.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.services.programs import require

_DAYS = "2"
_SUBORDINATE = "subordinate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """An authority and what is signed; its files are readable by whoever runs the programs."""

    folder: Path

    @property
    def certificate(self) -> Path:
        """Return what others know it by."""
        return self.folder / "ca.crt"

    def sign(self, name: str, host: str) -> tuple[Path, Path]:
        """Return certificates and key of a server that is known by its address."""
        key, request, signed, names = (
            self.folder / f"{name}.{end}" for end in ("key", "csr", "crt", "ext")
        )
        names.write_text(f"subjectAltName=IP:{host}\n")
        _new_key(key, request, host)
        _sign(request, signed, names, by=self.folder / _SUBORDINATE)
        shown = self.folder / f"{name}.pem"
        subordinate = (self.folder / f"{_SUBORDINATE}.crt").read_text()
        shown.write_text(signed.read_text() + subordinate)
        return shown, key


def authority(folder: Path) -> Authority:
    """Return a new authority in the folder."""
    folder.mkdir()
    _openssl(
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        *("-keyout", folder / "ca.key", "-out", folder / "ca.crt", "-days", _DAYS),
        *("-subj", f"/CN={folder.name}"),
    )
    key, request, signed, rights = (
        folder / f"{_SUBORDINATE}.{end}" for end in ("key", "csr", "crt", "ext")
    )
    rights.write_text("basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=keyCertSign\n")
    _new_key(key, request, _SUBORDINATE)
    _sign(request, signed, rights, by=folder / "ca")
    return Authority(folder=folder)


def _sign(request: Path, signed: Path, extensions: Path, *, by: Path) -> None:
    _openssl(
        *("x509", "-req", "-in", request, "-out", signed, "-days", _DAYS),
        *("-CA", f"{by}.crt", "-CAkey", f"{by}.key", "-CAcreateserial"),
        *("-extfile", extensions),
    )


def _new_key(key: Path, request: Path, host: str) -> None:
    _openssl(
        *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        *("-keyout", key, "-out", request, "-subj", f"/CN={host}"),
    )


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(
        [require("openssl"), *map(str, arguments)], check=True, capture_output=True, timeout=60
    )
