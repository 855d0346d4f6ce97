"""What Cloud KMS refuses of rings and keys."""

from __future__ import annotations

from sizing.rules.conditions import equals, matches, when
from sizing.rules.rule import Rule

RING = ("gcp:kms/keyRing:KeyRing",)
KEY = ("gcp:kms/cryptoKey:CryptoKey",)

NAME = r"[a-zA-Z0-9_-]{1,63}"
"""Names of rings and keys (Cloud KMS API, keyRingId and cryptoKeyId)."""

RULES = (
    Rule(
        id="gcp.kms.name",
        types=(*RING, *KEY),
        property="name",
        statement="Rings and keys are named by letters, digits, - and _, at most 63.",
        source="terraform-provider-google",
        check=matches("name", NAME),
        passing={"name": "aigw-prod-large"},
        failing={"name": "aigw.prod.large"},
    ),
    Rule(
        id="gcp.kms.rotation",
        types=KEY,
        property="rotationPeriod",
        statement="A key rotates after more than a day; the period is seconds with an s.",
        source="terraform-provider-google",
        check=when(
            equals("purpose", None, "ENCRYPT_DECRYPT"),
            # five digits from 86400 on, or more digits
            matches("rotationPeriod", r"(86[4-9]\d\d|8[7-9]\d{3}|9\d{4}|\d{6,})(\.\d{1,9})?s"),
        ),
        passing={"rotationPeriod": "31536000s"},
        failing={"rotationPeriod": "3600s"},
    ),
)
