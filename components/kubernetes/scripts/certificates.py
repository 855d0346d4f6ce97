"""Makes the certificate of a workload's servers, and makes it anew before it ends.

An authority of its own signs it; its key stays in a secret of the cloud's store that this job
alone reads. Whoever asks the servers trusts `ca.crt` beside the certificate: the authority, and an
older one as long as it holds, so that a change of authority breaks nobody. It runs any number of
times and changes nothing that is good for long enough.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

# in the image that it runs in, not among our own dependencies
from cryptography import x509  # type: ignore[import-not-found]
from cryptography.hazmat.primitives import hashes, serialization  # type: ignore[import-not-found]
from cryptography.hazmat.primitives.asymmetric import ec  # type: ignore[import-not-found]
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID  # type: ignore[import-not-found]

from components.kubernetes.scripts.secret_store import REGION, Keeper, keeper

NAMES = "AIGW_CERTIFICATE_NAMES"
"""Variable: host names and addresses, with spaces between."""
SUBJECT = "AIGW_CERTIFICATE_SUBJECT"
"""Variable: the certificate's own name, by which servers know each other."""
USAGES = "AIGW_CERTIFICATE_USAGES"
"""Variable: `SERVER`, or that and `CLIENT` with a space between."""
SIGNED_BY = "AIGW_AUTHORITY_SUBJECT"
"""Variable: the authority's own name."""
SERVER, CLIENT = "server", "client"
"""Who may show the certificate."""
SERVER_SECRET = "AIGW_SERVER_SECRET"
"""Variable: name of the secret of the servers: `tls.crt`, `tls.key`, `ca.crt`."""
AUTHORITY_SECRET = "AIGW_AUTHORITY_SECRET"
"""Variable: name of the secret of this job: `ca.crt`, `ca.key`."""
TRUSTED_SECRET = "AIGW_TRUSTED_SECRET"
"""Variable: name of a secret of `ca.crt` alone, for those who ask the servers; unset for none."""
AUTHORITY_DAYS, SERVER_DAYS = 3650, 90
RENEWED_DAYS = 45
"""A server's certificate with fewer days left is made anew: the job runs every week."""
AUTHORITY_RENEWED_DAYS = 2 * SERVER_DAYS
"""Likewise of the authority, which must outlive whatever it signs."""

_USAGES = {SERVER: ExtendedKeyUsageOID.SERVER_AUTH, CLIENT: ExtendedKeyUsageOID.CLIENT_AUTH}
_CERTIFICATE, _KEY, _AUTHORITY, _AUTHORITY_KEY = "tls.crt", "tls.key", "ca.crt", "ca.key"
_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a certificate says.

    Attributes:
        names: host names and addresses of the servers.
        subject: its own name, as `signed_by` is its authority's.
        usages: who may show it, of `SERVER` and `CLIENT`.
    """

    names: tuple[str, ...]
    subject: str
    usages: tuple[str, ...] = (SERVER,)
    signed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def certificate_pem(self) -> bytes:
        """Return the certificate as PEM."""
        text: bytes = self.certificate.public_bytes(serialization.Encoding.PEM)
        return text

    @property
    def key_pem(self) -> bytes:
        """Return the key as PEM."""
        text: bytes = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return text


def run(
    keeper: Keeper, *, authority: str, server: str, trusted: str = "", wanted: Wanted, now: datetime
) -> list[str]:
    """Make what is missing or about to end; returns what was made, a word each.

    Args:
        keeper: the store.
        authority: name of the authority's secret, `server` of the servers'.
        trusted: of that with the authorities alone, "" for none.
        wanted: what the servers' certificate is to say.
        now: what is about to end is told by it.
    """
    made, kept = [], _read(keeper, authority)
    signer = _pair(kept, _AUTHORITY, _AUTHORITY_KEY)
    if signer is None or _left(signer.certificate, now) < timedelta(days=AUTHORITY_RENEWED_DAYS):
        signer = make_authority(wanted.signed_by, now)
        entries = {_AUTHORITY: signer.certificate_pem, _AUTHORITY_KEY: signer.key_pem}
        _write(keeper, authority, entries)
        made.append("authority")
    standing = _read(keeper, server)
    if not _good(standing, signer, wanted, now):
        pair = make_server(signer, wanted, now)
        holding = [signer.certificate, *_older(standing, signer.certificate, now)]
        bundle = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in holding)
        standing = {_CERTIFICATE: pair.certificate_pem, _KEY: pair.key_pem, _AUTHORITY: bundle}
        _write(keeper, server, standing)
        made.append("server")
    told = {_AUTHORITY: standing[_AUTHORITY]}
    if trusted and _read(keeper, trusted) != told:
        _write(keeper, trusted, told)
        made.append("trusted")
    return made


def _read(keeper: Keeper, secret: str) -> dict[str, bytes]:
    return {name: str(text).encode() for name, text in keeper.read(secret).items()}


def _write(keeper: Keeper, secret: str, entries: Mapping[str, bytes]) -> None:
    keeper.keep(secret, {name: text.decode() for name, text in entries.items()})


def make_authority(subject: str, now: datetime) -> Pair:
    """Return a new authority, which can sign servers and nothing below it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(subject)
    certificate = (
        _begun(name, name, key, now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Pair(certificate=certificate, key=key)


def make_server(signer: Pair, wanted: Wanted, now: datetime) -> Pair:
    """Return a certificate that says what is wanted, signed by the authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = signer.certificate.subject
    signed_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
    certificate = (
        _begun(_name(wanted.subject), issuer, key, now, SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName([_general(one) for one in wanted.names]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(_usages(wanted)), critical=False)
        .add_extension(signed_by, critical=False)
        .sign(signer.key, hashes.SHA256())
    )
    return Pair(certificate=certificate, key=key)


def _begun(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _usages(wanted: Wanted) -> list[x509.ObjectIdentifier]:
    return [_USAGES[one] for one in wanted.usages]


def _good(standing: Mapping[str, bytes], signer: Pair, wanted: Wanted, now: datetime) -> bool:
    """Say whether the servers' certificate is the authority's, says what is wanted, and lasts."""
    pair = _pair(standing, _CERTIFICATE, _KEY)
    if pair is None or _left(pair.certificate, now) < timedelta(days=RENEWED_DAYS):
        return False
    try:
        pair.certificate.verify_directly_issued_by(signer.certificate)
    except Exception:  # by whom it is signed, or how: either way it is not ours
        return False
    if pair.certificate.subject != _name(wanted.subject):
        return False
    said = pair.certificate.extensions
    names = said.get_extension_for_class(x509.SubjectAlternativeName).value
    usages = said.get_extension_for_class(x509.ExtendedKeyUsage).value
    return set(names) == {_general(one) for one in wanted.names} and set(usages) == {
        *_usages(wanted)
    }


def _older(
    standing: Mapping[str, bytes], newest: x509.Certificate, now: datetime
) -> list[x509.Certificate]:
    """Return the authorities that are trusted besides the newest, as long as they hold."""
    text = standing.get(_AUTHORITY, b"")
    found = x509.load_pem_x509_certificates(text) if text else []
    return [one for one in found if one != newest and _left(one, now) > timedelta()]


def _pair(entries: Mapping[str, bytes], certificate: str, key: str) -> Pair | None:
    if certificate not in entries or key not in entries:
        return None
    loaded = serialization.load_pem_private_key(entries[key], password=None)
    assert isinstance(loaded, ec.EllipticCurvePrivateKey)
    return Pair(certificate=x509.load_pem_x509_certificate(entries[certificate]), key=loaded)


def _left(certificate: x509.Certificate, now: datetime) -> timedelta:
    left: timedelta = certificate.not_valid_after_utc - now
    return left


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def main(environment: Mapping[str, str]) -> int:
    """Run once."""
    made = run(
        keeper(environment[AUTHORITY_SECRET], environment[REGION]),
        authority=environment[AUTHORITY_SECRET],
        server=environment[SERVER_SECRET],
        trusted=environment.get(TRUSTED_SECRET, ""),
        wanted=Wanted(
            names=tuple(environment[NAMES].split()),
            subject=environment[SUBJECT],
            usages=tuple(environment[USAGES].split()),
            signed_by=environment[SIGNED_BY],
        ),
        now=datetime.now(UTC),
    )
    print(f"made: {', '.join(made) or 'nothing, all of it lasts'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
