"""What a stack's config leaves open though it may be said: examples that were not replaced.

The stack files of this repository name accounts and callers from documentation. They plan like
any other; on a real `up` the provider refuses the account (`allowed_account_ids`), so these are
warnings that say beforehand what to write where.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Final

from sizing.plans import Finding
from sizing.words import Severity, Verdict
from stacks.config_errors import PLATFORM
from stacks.config_model import StackConfig

EXAMPLE_ACCOUNTS: Final = frozenset(
    {"111122223333", "444455556666", "777788889999", "123456789012", "999999999999"}
)
"""Account ids that AWS' own documentation uses and nobody owns."""

EXAMPLE_BLOCKS: Final = tuple(
    IPv4Network(block) for block in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
)
"""Blocks that RFC 5737 keeps for documentation; no caller ever comes from them."""


def findings(config: StackConfig) -> tuple[Finding, ...]:
    """Return one finding for each kind of example that the config still holds."""
    return tuple(_findings(config, f"stacks/Pulumi.{config.stack}.yaml: {PLATFORM}"))


def _findings(config: StackConfig, place: str) -> Iterator[Finding]:
    if config.account_id in EXAMPLE_ACCOUNTS:
        yield _finding(
            "account-id",
            f"{place}.account_id: {config.account_id} is an example account of AWS' documentation; "
            "the provider will refuse any real one",
            f"put the account's own 12 digits into {place}.account_id and into the ARNs below it",
        )
    blocks = [
        block
        for block in config.cluster.allow_list
        if any(IPv4Network(block).subnet_of(example) for example in EXAMPLE_BLOCKS)
    ]
    if blocks:
        yield _finding(
            "allow-list",
            f"{place}.cluster.allow_list: {', '.join(blocks)} lie in blocks kept for documentation "
            "(RFC 5737); nobody reaches the Kubernetes API from there",
            f"put your own egress addresses into {place}.cluster.allow_list",
        )


def _finding(constraint: str, message: str, fix: str) -> Finding:
    return Finding(
        id=f"config.{constraint}",
        component="config",
        constraint=constraint,
        demand=None,
        capacity=None,
        unit="",
        utilisation=None,
        verdict=Verdict.UNPROVEN,
        severity=Severity.WARNING,
        message=message,
        fix=fix,
        source="sizing-decisions",
    )
