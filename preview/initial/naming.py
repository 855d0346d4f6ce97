"""Which stack is to be written: from its name, from flags, or from both where they agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from preview.initial.answers import Answers
from preview.misuse import MisuseError
from sizing.words import Cloud, Environment, Tier

if TYPE_CHECKING:
    from stacks.config import StackConfig

CHOICES: Mapping[str, tuple[str, ...]] = {
    "cloud": tuple(Cloud),
    "environment": tuple(Environment),
    "tier": tuple(Tier),
}
"""What a stack's name says, in the order in which it is asked."""
DEFAULTS: Mapping[str, str] = {"cloud": str(Cloud.AWS)}
STAND_INS: Mapping[str, str] = {
    **DEFAULTS,
    "environment": str(Environment.DEV),
    "tier": str(Tier.SMALL),
}
"""What is taken for it while what else is missing is looked for; it is never written."""


def text_of(key: str) -> str:
    """Return what is asked for a part of the name."""
    if key == "cloud":
        return "cloud that the stack is built in"
    if key == "environment":
        return "environment; prod shares its account with nobody"
    from sizing.tiers import TIERS

    loads = {tier: row.profile.requests_per_second.high for tier, row in TIERS.items()}
    told = [f"{tier} to {most:g}" if most else f"{tier} for more" for tier, most in loads.items()]
    return f"tier, by its requests/s at peak: {', '.join(told)} (aigw tiers)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What the name or flags say, "" where they do not."""

    cloud: str = ""
    environment: str = ""
    tier: str = ""


def named(stack: str | None, flags: Mapping[str, str | None]) -> Named:
    """Return what is said of a stack's name.

    Raises:
        MisuseError: it is no name of a stack, or a flag says something else.
    """
    told = {key: flags[key] or "" for key in CHOICES}
    if stack is None:
        return Named(**told)
    from stacks.config_checks import STACK_NAME
    from stacks.config_errors import shown, words

    match = STACK_NAME.fullmatch(stack)
    if match is None:
        raise MisuseError(
            f"STACK: found {shown(stack)}; allowed: <environment>-<tier>, of "
            f"{words(CHOICES['environment'])} and {words(CHOICES['tier'])}, with -{Cloud.GCP} "
            "behind it on Google Cloud"
        )
    said = {"environment": match[1], "tier": match[2], "cloud": match[3] or str(Cloud.AWS)}
    wrong = [
        f"--{key}: found {shown(told[key])}; allowed: {shown(said[key])}, as {stack} says"
        for key in CHOICES
        if told[key] not in {"", said[key]}
    ]
    if wrong:
        raise MisuseError(*wrong)
    return Named(**said)


def answers(name: Named, folder: Path, host: str | None, said: Mapping[str, str]) -> Answers:
    """Return what is known of a stack before anything is asked.

    Args:
        name: who it is, nothing left open.
        folder: where stack files stand.
        host: the stack that it shares infrastructure with, None for none.
        said: answers by flag.

    Raises:
        MisuseError: there is no such host, or its file is refused.
    """
    from stacks.config import claims, stack_path
    from stacks.config_model import stack_name

    path = stack_path(stack_name(name.environment, name.tier, name.cloud), folder)
    return Answers(
        environment=Environment(name.environment),
        tier=Tier(name.tier),
        cloud=Cloud(name.cloud),
        path=path,
        claims=claims(path),
        host=None if host is None else _host(host, folder),
        said=dict(said),
    )


def _host(stack: str, folder: Path) -> StackConfig:
    from preview.misuse import unknown_stack
    from stacks.config import ConfigError, load, stack_files

    files = stack_files(folder)
    if stack not in files:
        raise MisuseError(f"--shares: {unknown_stack(stack, sorted(files), folder.name)}")
    try:
        return load(files[stack])
    except ConfigError as error:
        raise MisuseError(*(f"--shares: {one}" for one in error.messages)) from error
