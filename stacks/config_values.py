"""The kinds of value that a stack's config holds, each with what it allows in words.

A validator raises ValueError with the allowed values as its text: the message of a refusal is
"found ...; allowed: <that text>".
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network
from typing import Annotated, Final

from pydantic import AfterValidator

PRIVATE_RANGES: Final = tuple(
    IPv4Network(block)
    for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")  # RFC 1918
)
VPC_PREFIXES: Final = (16, 28)  # EC2 sells nothing larger or smaller
SERVICE_PREFIXES: Final = (12, 24)  # cloud rule 37
MOST_OPEN_PREFIX: Final = 8  # a wider block is no list of callers any more
RETENTION_DAYS: Final = (0, 35)  # cloud rule 38


def network(text: str) -> IPv4Network | None:
    """Return an IPv4 block without host bits, None where the text is none."""
    try:
        return IPv4Network(text) if "/" in text else None
    except ValueError:
        return None


def _private(text: str, prefixes: tuple[int, int]) -> str:
    block = network(text)
    least, most = prefixes
    if (
        block is None
        or not any(block.subnet_of(private) for private in PRIVATE_RANGES)
        or not least <= block.prefixlen <= most
    ):
        raise ValueError(
            f"a private IPv4 block (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16) "
            f"from /{least} to /{most} without host bits"
        )
    return text


def _vpc_block(text: str) -> str:
    return _private(text, VPC_PREFIXES)


def _service_block(text: str) -> str:
    return _private(text, SERVICE_PREFIXES)


def _caller_block(text: str) -> str:
    block = network(text)
    if block is None or block.prefixlen < MOST_OPEN_PREFIX:
        raise ValueError(
            f"IPv4 blocks of your own egress addresses (203.0.113.10/32), "
            f"/{MOST_OPEN_PREFIX} or narrower, never 0.0.0.0/0"
        )
    return text


def matching(pattern: str, allowed: str) -> AfterValidator:
    """Return a validator of whole texts; `allowed` says the pattern in words."""
    compiled = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(allowed)
        return text

    return AfterValidator(check)


_ARN = r"arn:aws[a-z-]*:iam::"
VpcBlock = Annotated[str, AfterValidator(_vpc_block)]
ServiceBlock = Annotated[str, AfterValidator(_service_block)]
CallerBlock = Annotated[str, AfterValidator(_caller_block)]
AccountId = Annotated[str, matching(r"\d{12}", "12 digits in quotes")]
PrincipalArn = Annotated[
    str,
    matching(
        _ARN + r"\d{12}:(role|user)/[\w+=,.@/-]{1,512}",
        "ARNs of IAM roles or users (arn:aws:iam::<account>:role/<name>), no STS sessions",
    ),
]
RoleArn = Annotated[
    str,
    matching(
        _ARN + r"\d{12}:role/[\w+=,.@/-]{1,512}",
        "the ARN of an IAM role (arn:aws:iam::<account>:role/<name>)",
    ),
]
PolicyArn = Annotated[
    str,
    matching(
        _ARN + r"(\d{12}|aws):policy/[\w+=,.@/-]{1,512}",
        "the ARN of an IAM policy (arn:aws:iam::<account>:policy/<name>)",
    ),
]
IamPath = Annotated[
    str,
    matching(r"/([\w+=,.@-]{1,64}/){0,7}", "a path that starts and ends with / (/aigw/)"),
]
ReservationId = Annotated[
    str, matching(r"cr-[0-9a-f]{8,17}", 'a reservation id ("cr-0123456789abcdef0")')
]
PlatformName = Annotated[
    str,
    matching(
        r"(dev|staging|prod)(-[a-z0-9]{1,10}){0,2}",
        'the environment, alone or with words behind it ("prod", "prod-search")',
    ),
]
TagValue = Annotated[
    str,
    matching(r"[\w .:/=+@-]{1,256}", "1 to 256 letters, digits, spaces and _ . : / = + - @"),
]
