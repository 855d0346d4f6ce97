"""What a stack's config leaves open though it may be said.

Examples that were not replaced: the stack files of this repository name accounts, callers and
domains from documentation. They plan like any other; on a real `up` the cloud refuses them, so
these are warnings that say beforehand what to write where. Callers that nothing lets in. Secrets
that are missing stand in `stacks.config_key_findings`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from ipaddress import IPv4Network
from typing import Final

from components.kubernetes.images import unmirrored
from components.naming import service_account_id
from sizing.plans import Finding
from sizing.plans.workloads import ModelPlan
from sizing.versions import IMAGES
from sizing.words import Cloud, Environment, Severity, Verdict
from stacks.config_aws import AwsConfig
from stacks.config_clouds import OWNER_KEYS
from stacks.config_errors import PLATFORM
from stacks.config_gcp import GcpConfig
from stacks.config_key_findings import finding, key_findings
from stacks.config_model import StackConfig

EXAMPLE_ACCOUNTS: Final = frozenset(
    {"111122223333", "444455556666", "777788889999", "123456789012", "999999999999"}
)
"""Account ids that AWS' own documentation uses and nobody owns."""

EXAMPLE_PROJECT: Final = "example-"
"""What the ids of this repository's own example projects begin with."""

EXAMPLE_BLOCKS: Final = tuple(
    IPv4Network(block) for block in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
)
"""Blocks that RFC 5737 keeps for documentation; no caller ever comes from them."""

EXAMPLE_DOMAINS: Final = ("example.com", "example.net", "example.org", "example", "test", "invalid")
"""Names that RFC 2606 keeps for documentation; nobody can prove to own one."""

EXAMPLE_ZONE: Final = "EXAMPLE"
"""What hosted zone ids of AWS' documentation end with."""
_REFUSED: Final = {Cloud.AWS: "ECR takes no such upstream, and ", Cloud.GCP: ""}


def findings(
    config: StackConfig, models: Sequence[ModelPlan] = (), runs: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Return what the config leaves open: examples, no way in, secrets that are missing.

    Args:
        config: what is judged.
        models: the self-hosted models as they are planned; a gated one needs a token.
        runs: names of the workloads that are planned; what no pod runs is pulled by no node.
    """
    place = f"stacks/Pulumi.{config.stack}.yaml: {PLATFORM}"
    found = [*_examples(config, place)]
    if config.builds_apps:
        found += _deployer(config, place)
        found += _ingress(config, place)
        found += _outside(config, place)
        found += _unmirrored(config, runs, place)
        found += _registry_rights(config, place)
        found += _by_tag()
        found += key_findings(config, models, place)
    return tuple(found)


def _examples(config: StackConfig, place: str) -> Iterator[Finding]:
    yield from _example_owner(config, place)
    callers = () if config.ingress is None else config.ingress.allow_list
    for key, blocks, what in (
        ("cluster", config.cluster.allow_list, "the Kubernetes API"),
        ("ingress", callers, "the platform"),
    ):
        nobodys = [one for one in blocks if _is_example_block(one)]
        if nobodys:
            yield finding(
                "allow-list" if key == "cluster" else "callers",
                f"{place}.{key}.allow_list: {', '.join(nobodys)} lie in blocks kept for "
                f"documentation (RFC 5737); nobody reaches {what} from there",
                f"put your own egress addresses into {place}.{key}.allow_list",
            )
    ingress = config.ingress
    if ingress and (is_example_domain(ingress.domain) or ingress.zone_id.endswith(EXAMPLE_ZONE)):
        yield finding(
            "domain",
            f"{place}.ingress: {ingress.domain} in {ingress.zone_id} is an example of "
            "documentation; no certificate will be issued for it",
            f"put your own domain and its {_ZONE[config.cloud]} into {place}.ingress",
        )


def _example_owner(config: StackConfig, place: str) -> Iterator[Finding]:
    at = f"{place}.{OWNER_KEYS[config.cloud]}"
    if config.owner in EXAMPLE_ACCOUNTS:
        yield finding(
            "account-id",
            f"{at}: {config.owner} is an example account of AWS' documentation; "
            "the provider will refuse any real one",
            f"put the account's own 12 digits into {at} and into the ARNs below it",
        )
    elif config.owner.startswith(EXAMPLE_PROJECT):
        yield finding(
            "project",
            f"{at}: {config.owner} is the project of an example, and nobody's",
            f"put your own project into {at}, its number into {place}.project_number, and its "
            "service accounts below them",
        )


_ZONE: Final = {Cloud.AWS: "Route 53 hosted zone", Cloud.GCP: "managed zone of Cloud DNS"}
DEPLOYERS: Final = {Cloud.AWS: r".*/aigw-deploy", Cloud.GCP: r"serviceAccount:aigw-deploy@.*"}
"""Pattern of who is made for deploying, as administrators are named (docs/bootstrap.md)."""
_BOOTSTRAPS: Final = {
    Cloud.AWS: "the role of the bootstrap (aigw-deploy)",
    Cloud.GCP: "a service account for deploying (aigw-deploy@...)",
}


def _is_example_block(block: str) -> bool:
    return any(IPv4Network(block).subnet_of(example) for example in EXAMPLE_BLOCKS)


def is_example_domain(domain: str) -> bool:
    """Say whether a domain is one that documentation uses, or lies below one."""
    return any(domain == one or domain.endswith(f".{one}") for one in EXAMPLE_DOMAINS)


def _deployer(config: StackConfig, place: str) -> Iterator[Finding]:
    """Return what stands between `pulumi up` and the Kubernetes API: only administrators get in."""
    at, role = f"{place}.cluster.admin_principals", config.deployer
    known = config.cluster.admin_principals
    if role is not None and role not in known:
        yield finding(
            "deployer",
            f"{at}: found nobody that is {role}, which `pulumi up` runs as; the Kubernetes API "
            "would refuse it, and nothing in the cluster could be built",
            f"add {role} to {at}",
            severity=Severity.ERROR,
            verdict=Verdict.REFUTED,
        )
    elif role is None and not any(re.fullmatch(DEPLOYERS[config.cloud], one) for one in known):
        who = "ARN of the role" if isinstance(config, AwsConfig) else "service account"
        yield finding(
            "deployer",
            f"{at}: none of them is {_BOOTSTRAPS[config.cloud]}; the "
            "Kubernetes API refuses `pulumi up` unless it runs as one of them",
            f"add the {who} that runs `pulumi up` to {at}",
        )


def _ingress(config: StackConfig, place: str) -> Iterator[Finding]:
    if config.ingress is None:
        prod = config.environment is Environment.PROD
        gateway = f"{config.environment}-gateway"
        yield finding(
            "ingress",
            f"{place}.ingress: nothing is stated, so no load balancer is built and callers reach "
            f"the gateway by `kubectl port-forward --namespace {gateway} service/litellm 4000` "
            "alone",
            f"put domain and zone_id into {place}.ingress",
            severity=Severity.WARNING if prod else Severity.INFORMATION,
        )


def _outside(config: StackConfig, place: str) -> Iterator[Finding]:
    share = 1 - config.request().load.self_hosted_share
    if share > 0 and not config.models.external:
        yield finding(
            "outside-models",
            f"{place}.models.external: the load sends {share:.0%} of its requests to outside "
            "models, and none is named: callers find the self-hosted ones alone",
            f"name the outside models in {place}.models.external, or state "
            "shares.self_hosted: 1 in the workload",
            severity=Severity.INFORMATION,
            verdict=Verdict.UNPROVEN,
        )


def _by_tag() -> Iterator[Finding]:
    named = sorted({f"{one.repository}:{one.tag}" for one in IMAGES.values() if not one.digest})
    if named:
        yield finding(
            "image-digests",
            f"{', '.join(named)}: no source shows a digest, so that nodes pull what stands under "
            "the tag when they do",
            "look the digests up in their registries and write them into sizing/versions/images.py",
            severity=Severity.INFORMATION,
        )


def _unmirrored(config: StackConfig, runs: Collection[str], place: str) -> Iterator[Finding]:
    registry, stated = config.images.registry, config.services
    if not registry:
        return
    own = [one.image for one in (stated.application, stated.osmen_gateway) if one]
    if stated.agent_router:
        own += [stated.agent_router.image, stated.agent_router.controller_image]
    past = [
        *(IMAGES[name].repository for name in unmirrored(registry) if name in runs),
        *(one for one in own if not one.startswith(f"{registry}/")),
    ]
    if past:
        yield finding(
            "images",
            f"{place}.images.registry: {', '.join(past)} are pulled from where they are, past "
            f"{registry}: {_REFUSED[config.cloud]}a stack's own images are taken as they are "
            "written",
            "let nodes reach those registries; write a stack's own images with the registry's "
            "name before theirs",
            severity=Severity.INFORMATION,
        )


def _registry_rights(config: StackConfig, place: str) -> Iterator[Finding]:
    """Say whom the owner of another project's registry has to let in."""
    if not isinstance(config, GcpConfig) or not config.images.registry or config.own_repositories:
        return
    account = service_account_id(config.platform, "nodes")
    yield finding(
        "registry-rights",
        f"{place}.images.registry: {config.images.registry} is not of the stack's project and "
        "region: the stack gives no right there",
        f"let {account}@{config.project}.iam.gserviceaccount.com read its repositories "
        "(roles/artifactregistry.reader) before the first pod starts",
    )
