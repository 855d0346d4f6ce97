"""Images through the account's own registry: it fills itself from the upstreams on the first pull.

Nodes then pull inside the region, without an upstream's limits, and a tag that disappears upstream
is still there. What is cached belongs to no program: a `destroy` takes the rules away and leaves
the repositories, which a later stack fills on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import ecr, iam

from components.aws.identity import IamSettings, Statement, policy_document, service_role
from components.base import PlatformComponent
from components.kubernetes.images import ECR_UPSTREAMS, UPSTREAMS
from components.naming import partition

# where an upstream answers under another name than images carry (ecr-pull-through)
_URLS = {"docker.io": "registry-1.docker.io"}
WITH_CREDENTIALS = frozenset({"docker.io", "ghcr.io"})
"""Upstreams that ECR reads with credentials alone (ecr-pull-through)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """An upstream, and the first part of its repositories' names in the account's registry."""

    name: str
    url: str
    needs_credentials: bool


UPSTREAM_RULES = tuple(
    Mirrored(
        name=UPSTREAMS[host],
        url=_URLS.get(host, host),
        needs_credentials=host in WITH_CREDENTIALS,
    )
    for host in sorted(ECR_UPSTREAMS)
)
"""One rule for each upstream of the platform's images that ECR supports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryArgs:
    """What the rules need from their surroundings.

    Attributes:
        credentials: ARNs of secrets by upstream ("docker-hub", "ghcr"); their names begin with
            "ecr-pullthroughcache/", which is all that ECR reads.
        node_role_name: the role of every node, which is allowed to fill the cache.
    """

    region: str
    account_id: str
    credentials: Mapping[str, str]
    node_role_name: pulumi.Input[str]
    iam: IamSettings
    tags: Mapping[str, str]


class Registry(PlatformComponent):
    """Pull-through rules and templates, and the nodes' right to fill what they lead to.

    A rule's name belongs to the account and region: one stack of them makes the rules, the
    others name the same registry. A change of an upstream's credentials is made in place.

    Raises:
        ValueError: an upstream lacks its credentials.
    """

    host: str
    """The registry, which images' names begin with."""
    ready: Sequence[pulumi.Resource]
    """What pods depend on whose images come through it."""

    def __init__(
        self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        lacking = [
            one.name
            for one in UPSTREAM_RULES
            if one.needs_credentials and one.name not in args.credentials
        ]
        if lacking:
            raise ValueError(
                f"no credentials for {', '.join(lacking)}, which ECR cannot do without"
            )
        super().__init__("aigw:aws:Registry", name, UPSTREAM_RULES, opts)
        repositories = repository_arns(args.region, args.account_id)
        creator = service_role(
            self,
            f"{name}-creator",
            service="ecr.amazonaws.com",
            iam_settings=args.iam,
            tags=args.tags,
            # a template may set tags only through a role
            statements=[
                Statement(
                    sid="CreateRepositories",
                    actions=["ecr:CreateRepository", "ecr:TagResource"],
                    resources=repositories,
                )
            ],
        )
        templates = {
            one.name: self._template(name, one, args, creator.role) for one in UPSTREAM_RULES
        }
        rules = [self._rule(name, one, args, templates[one.name]) for one in UPSTREAM_RULES]
        allowed = iam.RolePolicy(
            f"{name}-nodes",
            role=args.node_role_name,
            policy=policy_document(importer_statements(args.region, args.account_id)),
            opts=self.child,
        )
        self.host = registry_host(args.region, args.account_id)
        self.ready = (*rules, *creator.grants, allowed)
        self.register_outputs({"host": self.host})

    def _template(
        self, name: str, upstream: Mirrored, args: RegistryArgs, creator: iam.Role
    ) -> ecr.RepositoryCreationTemplate:
        return ecr.RepositoryCreationTemplate(
            f"{name}-{upstream.name}-template",
            prefix=upstream.name,
            applied_fors=["PULL_THROUGH_CACHE"],
            description=f"Images of {upstream.url}",
            custom_role_arn=creator.arn,
            # ECR looks daily whether a tag has moved upstream, and could not follow it; what the
            # platform pulls is pinned by digest. Pulled so, an image has no tag: no policy may
            # expire those without one.
            image_tag_mutability="MUTABLE",
            encryption_configurations=[
                ecr.RepositoryCreationTemplateEncryptionConfigurationArgs(encryption_type="AES256")
            ],
            resource_tags=self.tags(args.tags),
            opts=self.child,
        )

    def _rule(
        self,
        name: str,
        upstream: Mirrored,
        args: RegistryArgs,
        template: ecr.RepositoryCreationTemplate,
    ) -> ecr.PullThroughCacheRule:
        return ecr.PullThroughCacheRule(
            f"{name}-{upstream.name}",
            ecr_repository_prefix=upstream.name,
            upstream_registry_url=upstream.url,
            credential_arn=(
                args.credentials[upstream.name] if upstream.needs_credentials else None
            ),
            # a pull makes its repository by the template that stands by then
            opts=self.child_with(depends_on=[template]),
        )


def registry_host(region: str, account_id: str) -> str:
    """Return the name that the account's registry answers to."""
    suffix = ".cn" if partition(region) == "aws-cn" else ""
    return f"{account_id}.dkr.ecr.{region}.amazonaws.com{suffix}"


def repository_arns(region: str, account_id: str) -> list[str]:
    """Return every repository that a rule may lead to, by the patterns of their ARNs."""
    registry = f"arn:{partition(region)}:ecr:{region}:{account_id}:repository"
    return [f"{registry}/{one.name}/*" for one in UPSTREAM_RULES]


def importer_statements(region: str, account_id: str) -> list[Statement]:
    """Return what fills the cache: a pull of what is not there yet makes and fills a repository."""
    return [
        Statement(
            sid="FillCache",
            actions=["ecr:BatchImportUpstreamImage", "ecr:CreateRepository", "ecr:TagResource"],
            resources=repository_arns(region, account_id),
        )
    ]
