"""What two stacks may not share: addresses, names, and a prod stack's account or project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sizing.words import Environment
from stacks.config_errors import Problem, shown
from stacks.config_values import network


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a stack takes for itself alone.

    Attributes:
        owner_key: key that says whose its resources are.
        owner: account or project that they stand in.
        vpc_cidr: None where its network is its host's.
    """

    file: str
    stack: str
    owner_key: str
    owner: str
    vpc_cidr: str | None
    platform: str
    domain: str | None
    mirrors: bool
    region: str

    @property
    def whose(self) -> str:
        """Return what the owner is in words: "account" or "project"."""
        return self.owner_key.removesuffix("_id")


def isolation(own: Claim, others: Sequence[Claim]) -> tuple[Problem, ...]:
    """Return what a stack shares with others and may not: addresses, names, prod's account."""
    problems: list[Problem] = []
    block = network(own.vpc_cidr or "")
    for other in others:
        theirs = network(other.vpc_cidr or "")
        if block is not None and theirs is not None and block.overlaps(theirs):
            problems.append(
                Problem(
                    path="network.vpc_cidr",
                    found=f"{own.vpc_cidr}, which overlaps {other.vpc_cidr} of {other.file}",
                    allowed="a block that no other stack's file names",
                )
            )
        prod = f"{Environment.PROD}-"
        if own.owner == other.owner and (
            own.stack.startswith(prod) or other.stack.startswith(prod)
        ):
            problems.append(
                Problem(
                    path=own.owner_key,
                    found=f"{shown(own.owner)}, which {other.file} names, too",
                    allowed=f"{own.whose} of its own for each prod stack",
                )
            )
        if (own.owner, own.platform) == (other.owner, other.platform):
            problems.append(
                Problem(
                    path="name",
                    found=f"{shown(own.platform)}, the platform of {other.file}, too",
                    allowed=f"a name that no other stack of its {own.whose} has",
                )
            )
        if own.domain is not None and own.domain == other.domain:
            problems.append(
                Problem(
                    path="ingress.domain",
                    found=f"{shown(own.domain)}, the domain of {other.file}, too",
                    allowed="a domain that no other stack's file names",
                )
            )
        if own.mirrors and other.mirrors and _place(own) == _place(other):
            problems.append(
                Problem(
                    path="images.mirror",
                    found=f"true, as in {other.file} of the same {own.whose} and region",
                    allowed="true in one of them: the rules' names belong to both; "
                    "the others name the same registry without it",
                )
            )
    return tuple(problems)


def _place(claim: Claim) -> tuple[str, str]:
    return claim.owner, claim.region
