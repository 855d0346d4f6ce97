"""The roots that databases' certificates chain to are Amazon's, of every region that is planned."""

from __future__ import annotations

import hashlib
import ssl

import pytest

from components.aws.authorities import authorities
from sizing.catalog import regions
from sizing.words import Cloud

# SHA-256 of each root: ECC 384, RSA 2048, RSA 4096
FINGERPRINTS = {
    "eu-west-1": (
        "88ecf027448f7198f3c1a6762474c4658dab35a18686af6b65de3c4023c6d0b2",
        "6f7e01b62af24058417130b21e5fb9ad9f29b29c775c5107b657419010975886",
        "62e29ef90310947eed5d5546021d636008fad329fab9ea31ba1ae768b734f29a",
    ),
    "us-east-1": (
        "82d99e9e409703044c3f886f87a0408c96cd74dee2c9ba920e6553a32e372539",
        "e4ce41d069f4bdcdb714259058961ee42ed18cf2bf627a3d647aff25437d4b68",
        "1c753cf0334ff82a47e0d3205839c8549b7d9a8a3d9a685cccecc80f82fe97e6",
    ),
    "us-west-2": (
        "01926d42a0dc63915005f3d2b8d7c07efd9451fc14889142d8c4fa6021a6a95e",
        "86e22f41c79b0de5777054189cfadbddf633a8a1dc09ef134db07a756e494abe",
        "2888c2f870f2a58ebdeef3a3340b2f9810595b5a3466574f22ba97b778a5edbe",
    ),
}
END = "-----END CERTIFICATE-----\n"


def fingerprints(pem: str) -> tuple[str, ...]:
    roots = [one + END for one in pem.split(END) if one]
    return tuple(hashlib.sha256(ssl.PEM_cert_to_DER_cert(one)).hexdigest() for one in roots)


def test_every_planned_region_has_its_own_roots() -> None:
    found = {region: fingerprints(authorities(region)) for region in regions(Cloud.AWS)}
    assert found == FINGERPRINTS


def test_a_driver_can_read_them() -> None:
    for region in regions(Cloud.AWS):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=authorities(region))
        names = [dict(part[0] for part in one["subject"]) for one in context.get_ca_certs()]  # type: ignore[misc]
        roots = [f"Amazon RDS {region} Root CA" in name["commonName"] for name in names]
        assert roots == [True] * 3


def test_a_region_without_roots_is_refused() -> None:
    with pytest.raises(
        ValueError, match="no certificates of RDS are kept for mars-1; there are eu"
    ):
        authorities("mars-1")
