"""What is taken for a new stack where nobody says anything."""

from __future__ import annotations

from collections.abc import Callable

from preview.initial.answers import NONE, Answers
from sizing.words import Cloud, Environment

Default = Callable[[Answers], str | None]


def of_host(name: str) -> Default:
    """Return a default that is the host's own value, where there is a host."""
    return lambda answers: None if answers.host is None else str(getattr(answers.host, name))


def owner(answers: Answers) -> str | None:
    """Return the account or project, None where nobody said it."""
    said = answers.said.get("account" if answers.cloud is Cloud.AWS else "project")
    return said or (None if answers.host is None else answers.host.owner)


def region(answers: Answers) -> str:
    """Return the host's region, or the one that prices are compared in."""
    from sizing import catalog

    return answers.host.region if answers.host else catalog.REFERENCE_REGIONS[answers.cloud]


def regions(answers: Answers) -> tuple[str, ...]:
    """Return the regions that the catalogue knows."""
    from sizing import catalog

    return tuple(catalog.regions(answers.cloud))


def zones(answers: Answers) -> str:
    """Return the first zones that take a control plane, as few as the environment may have."""
    from sizing import catalog
    from stacks.config_cloud_checks import ZONE_COUNTS

    chosen = answers.said.get("region", region(answers))
    if chosen not in catalog.regions(answers.cloud):
        return ""
    refused = catalog.control_plane_refused_zone_ids() if answers.cloud is Cloud.AWS else ()
    sold = catalog.region_zone_ids(answers.cloud, chosen)
    least = min(ZONE_COUNTS[answers.environment])
    return ",".join([zone for zone in sold if zone not in refused][:least])


def name(answers: Answers) -> str:
    """Return nothing, or the stack's own name where its owner has that environment already."""
    whose = owner(answers)
    platforms = {one.platform for one in answers.claims if one.owner == whose}
    if str(answers.environment) not in platforms:
        return NONE
    return f"{answers.environment}-{answers.tier}"


def cost_center(answers: Answers) -> str:
    """Return the cost centre that the repository's own stacks have in the environment."""
    if answers.environment is Environment.PROD:
        return "ai-platform"
    return f"ai-platform-{answers.environment}"


def free_block(answers: Answers) -> str | None:
    """Return the first private /16 that no other stack of the folder has a part of.

    Every sixteenth comes first: behind each is room, for a range that must grow.
    """
    from ipaddress import IPv4Network

    taken = [IPv4Network(one.vpc_cidr) for one in answers.claims if one.vpc_cidr]
    for second in (*range(16, 256, 16), *range(1, 256)):
        block = IPv4Network(f"10.{second}.0.0/16")
        if not any(block.overlaps(one) for one in taken):
            return str(block)
    return None


def deployer(answers: Answers) -> str | None:
    """Return whom the bootstrap makes for deploying (docs/bootstrap.md)."""
    whose = owner(answers)
    if whose is None:
        return None
    if answers.cloud is Cloud.AWS:
        return f"arn:aws:iam::{whose}:role/aigw-bootstrap/aigw-deploy"
    return f"serviceAccount:aigw-deploy@{whose}.iam.gserviceaccount.com"


def boundary(answers: Answers) -> str | None:
    """Return the policy that the bootstrap makes to bound every role."""
    whose = owner(answers)
    return whose and f"arn:aws:iam::{whose}:policy/aigw-bootstrap/aigw-boundary"


def secret(answers: Answers) -> str:
    """Return the name of the secret as the repository's own stacks have it."""
    return "aigw/huggingface" if answers.cloud is Cloud.AWS else "aigw-huggingface"


def left_out(_: Answers) -> str:
    """Return what leaves an answer out."""
    return NONE
