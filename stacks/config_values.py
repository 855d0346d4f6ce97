"""The kinds of value that a stack's config holds, each with what it allows in words.

A validator raises ValueError with the allowed values as its text: the message of a refusal is
"found ...; allowed: <that text>".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv4Network
from typing import Annotated, Final

from pydantic import AfterValidator

from components.kubernetes.images import ARTIFACT_REGISTRY, ECR
from sizing.units import parse_cpu, parse_memory

PRIVATE_RANGES: Final = tuple(
    IPv4Network(block)
    for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")  # RFC 1918
)
VPC_PREFIXES: Final = (16, 28)  # EC2 sells nothing larger or smaller
SERVICE_PREFIXES: Final = (12, 24)  # cloud rule 37
MOST_OPEN_PREFIX: Final = 8  # a wider block is no list of callers any more
RETENTION_DAYS: Final = (0, 35)  # cloud rule 38
DOMAIN_LONGEST: Final = 60
"""ACM takes 64 characters as a certificate's first name (RequestCertificate); "api." is 4 of it."""
IMAGE: Final = re.compile(
    r"[a-z0-9]+([._-]+[a-z0-9]+)*(:\d+(?=/))?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
    r"(:(?P<tag>\w[\w.-]{0,127}))?(@sha256:(?P<digest>[0-9a-f]{64}))?",
    re.ASCII,
)
UNPRIVILEGED_PORTS: Final = (1024, 65_535)  # what a process without capabilities may listen on


def network(text: str) -> IPv4Network | None:
    """Return an IPv4 block without host bits, None where the text is none."""
    try:
        return IPv4Network(text) if "/" in text else None
    except ValueError:
        return None


def private_block(text: str, prefixes: tuple[int, int]) -> str:
    """Return a private IPv4 block as it is.

    Args:
        text: the block.
        prefixes: shortest and longest prefix that it may have.

    Raises:
        ValueError: it is none; the message says what is one.
    """
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
    return private_block(text, VPC_PREFIXES)


def _service_block(text: str) -> str:
    return private_block(text, SERVICE_PREFIXES)


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

    def check(text: str) -> str:
        # compiled once, and only where a stack says something of the kind
        if not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(allowed)
        return text

    return AfterValidator(check)


def _domain(text: str) -> str:
    label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    # the last label is no number, or the whole would be an address
    if len(text) > DOMAIN_LONGEST or not re.fullmatch(rf"({label}\.)+(?=[a-z]){label}", text):
        raise ValueError(
            f'a DNS name of at most {DOMAIN_LONGEST} lower-case characters ("ai.example.com")'
        )
    return text


def _image(text: str) -> str:
    match = IMAGE.fullmatch(text)
    # a name without a folder is one of the platform's own pinned images further down
    whole = match is not None and "/" in text and (match["tag"] or match["digest"])
    if match is None or not whole or match["tag"] == "latest":
        raise ValueError(
            "an image with its registry and its tag or digest (ghcr.io/org/app:1.2.3@sha256:..., "
            "docker.io/library/nginx:1.27.0), never latest"
        )
    return text


def _quantity(parse: Callable[[str], int], allowed: str) -> AfterValidator:
    def check(text: str) -> str:
        try:
            amount = parse(text)
        except ValueError:
            amount = 0
        if not amount:
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
PlatformName = Annotated[
    str,
    matching(
        r"(dev|staging|prod)(-[a-z0-9]{1,10}){0,2}",
        'the environment, alone or with words behind it ("prod", "prod-search")',
    ),
]
StackName = Annotated[
    str,
    matching(
        r"(dev|staging|prod)-(small|medium|large|enterprise)(-gcp)?",
        'the name of another stack ("staging-medium")',
    ),
]
TagValue = Annotated[
    str,
    matching(r"[\w .:/=+@-]{1,256}", "1 to 256 letters, digits, spaces and _ . : / = + - @"),
]
Domain = Annotated[str, AfterValidator(_domain)]
ImageReference = Annotated[str, AfterValidator(_image)]
Cpu = Annotated[str, _quantity(parse_cpu, 'a CPU quantity of at least a thousandth ("500m", "2")')]
Memory = Annotated[
    str, _quantity(parse_memory, 'a memory quantity of at least a byte ("512Mi", "4Gi")')
]
ZoneId = Annotated[
    str,
    # at most 32 characters (Route 53, HostedZone)
    matching(r"Z[A-Z0-9]{1,31}", 'the id of a Route 53 hosted zone ("Z1R8UBAEXAMPLE")'),
]
Registry = Annotated[
    str,
    matching(
        rf"({ECR.pattern}|{ARTIFACT_REGISTRY.pattern})?",
        "a registry that fills itself, without https:// "
        "(<account>.dkr.ecr.<region>.amazonaws.com, <location>-docker.pkg.dev/<project>/<name>)",
    ),
]
PullSecretArn = Annotated[
    str,
    # the prefix that ECR asks for (Amazon ECR, creating a pull through cache rule)
    matching(
        r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache/[\w/+=.@-]+",
        "the ARN of a secret whose name begins with ecr-pullthroughcache/",
    ),
]
SecretName = Annotated[
    str,
    # Secrets Manager, CreateSecret; keys of OpenAI, Anthropic and Hugging Face begin so; what
    # Secret Manager of Google Cloud takes is less, see config_cloud_checks
    matching(
        r"(?!sk-|hf_)[\w/+=.@-]{1,512}",
        "a secret's name in the cloud's store (aigw/openai, on Google Cloud aigw-openai), neither "
        "its ARN nor its content",
    ),
]
Share = Annotated[
    str,
    # YAML's own decimals are refused in stack files: what is typed is what is read
    matching(r"0(\.\d{1,4})?|1(\.0{1,4})?", 'a part of 1 in quotes, from "0" to "1" ("0.1")'),
]
PositiveShare = Annotated[
    str,
    matching(
        r"(?!0(\.0+)?$)(0\.\d{1,4}|1(\.0{1,4})?)",
        'a part of 1 in quotes, above "0" and at most "1" ("0.25")',
    ),
]
CommitHash = Annotated[
    str, matching(r"[0-9a-f]{40}", "a whole commit hash, 40 hexadecimal digits in quotes")
]
ModelName = Annotated[
    str,
    matching(
        r"[A-Za-z0-9][\w.:/@-]{0,127}",
        "1 to 128 letters, digits and . _ : / @ -, a letter or digit first",
    ),
]
Url = Annotated[
    str,
    matching(
        r"https://[A-Za-z0-9.-]+(:\d+)?(/[\w.~/-]*)?",
        "an https:// address without user, query or key in it",
    ),
]
_HOST_PORT = r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d{1,5})?"
ServerUrl = Annotated[
    str,
    matching(
        rf"https?://{_HOST_PORT}(/[\w.~/-]*)?",
        "an http:// or https:// address in lower case, without user, query or key in it",
    ),
]
AgentUrl = Annotated[
    str,
    matching(rf"https?://{_HOST_PORT}/?", "an http:// or https:// address without a path"),
]
Slug = Annotated[
    str,
    # a label of DNS; MCP's _ and + part a server from its tools
    matching(
        r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?",
        "at most 63 lower-case letters, digits and -, a letter or digit first and last",
    ),
]
Expression = Annotated[str, matching(r"[^\n]{1,1000}", "one line of at most 1,000 characters")]
Word = Annotated[str, matching(r"[\w.:-]{1,64}", "letters, digits and . _ : -")]
VariableName = Annotated[
    str, matching(r"[A-Za-z_][A-Za-z0-9_]{0,127}", "letters, digits and _, no digit first")
]
HealthPath = Annotated[
    str, matching(r"/[\w.~/-]*", "a path that starts with / and has no query (/health)")
]
WritablePath = Annotated[
    str, matching(r"(/[\w.-]+)+", "absolute paths below /, without a slash at the end (/tmp)")
]
