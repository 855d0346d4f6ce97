"""OpenSearch inside the VPC, with a role of its own as the administrator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, opensearch

from components.aws import stores
from components.aws.identity import Granted, IamSettings, Statement, pod_identity_role
from components.base import PlatformComponent
from components.naming import partition, store_name
from sizing.plans import SearchPlan

PORT = 443
_NAME_LENGTH = 28
# the newest general policy: TLS 1.2 and later, forward secrecy only
_TLS_POLICY = "Policy-Min-TLS-1-2-PFS-2023-10"
_LOGS = {
    "application": "ES_APPLICATION_LOGS",
    "audit": "AUDIT_LOGS",
    "index-slow": "INDEX_SLOW_LOGS",
    "search-slow": "SEARCH_SLOW_LOGS",
}
REQUESTS = tuple(f"es:ESHttp{verb}" for verb in ("Delete", "Get", "Head", "Patch", "Post", "Put"))
"""What IAM calls the requests of OpenSearch's own interface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchArgs:
    """What the domain needs from its surroundings; how large it is stands in `plan`.

    Attributes:
        stack: name of the stack, part of the domain's and the log groups' names.
        subnet_ids: isolated subnets by zone id; the plan's first zones are used.
        client_security_group_ids: who may connect, by name.
        administrator: "<namespace>/<service account>" that may assume the administrator's role
            and gives all others their rights.
    """

    plan: SearchPlan
    stack: str
    region: str
    account_id: str
    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    client_security_group_ids: Mapping[str, pulumi.Input[str]]
    administrator: str
    data_key_arn: pulumi.Input[str]
    logs_key_arn: pulumi.Input[str]
    iam: IamSettings
    tags: Mapping[str, str]
    protect: bool


class Search(PlatformComponent):
    """A domain with fine-grained access; signed requests only, no password anywhere.

    Nodes and volumes change in place, by a copy of the domain inside the service; switching
    encryption or fine-grained access off would replace it, so no plan can.
    """

    endpoint: pulumi.Output[str]
    """Host to connect to, HTTPS only."""
    domain_arn: pulumi.Output[str]
    """ARN that an application's policy names."""
    admin_role_arn: pulumi.Output[str]
    """Role of the administrator."""
    administrator: Granted
    """The same with its rights, to be bound to a service account."""
    security_group_id: pulumi.Output[str]
    """Group of the domain, for rules that name it."""

    def __init__(
        self, name: str, args: SearchArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:Search", name, args.plan, opts)
        domain_name = store_name(args.stack, name, _NAME_LENGTH)
        # known beforehand, so that role, logs and access policy need no second pass
        arn = (
            f"arn:{partition(args.region)}:es:{args.region}:{args.account_id}:domain/{domain_name}"
        )
        access = stores.closed_group(
            self,
            name,
            vpc_id=args.vpc_id,
            port=PORT,
            clients=args.client_security_group_ids,
            tags=args.tags,
        )
        administrator = self._administrator(name, args, arn)
        logs = self._log_groups(name, args, domain_name)
        permissions = self._log_permissions(name, args, logs, arn)
        domain = opensearch.Domain(
            f"{name}-domain",
            domain_name=domain_name,
            engine_version=args.plan.engine_version,
            cluster_config=_nodes(args.plan),
            ebs_options=_volumes(args.plan),
            vpc_options=opensearch.DomainVpcOptionsArgs(
                # without zone awareness exactly one subnet is accepted
                subnet_ids=list(args.subnet_ids.values())[: args.plan.zone_count],
                security_group_ids=[access.id],
            ),
            access_policies=_access_policy(args, arn),
            advanced_security_options=_fine_grained(administrator),
            encrypt_at_rest=opensearch.DomainEncryptAtRestArgs(
                enabled=True, kms_key_id=args.data_key_arn
            ),
            node_to_node_encryption=opensearch.DomainNodeToNodeEncryptionArgs(enabled=True),
            domain_endpoint_options=opensearch.DomainDomainEndpointOptionsArgs(
                enforce_https=True, tls_security_policy=_TLS_POLICY
            ),
            # the plan pins the version
            software_update_options=opensearch.DomainSoftwareUpdateOptionsArgs(
                auto_software_update_enabled=False
            ),
            log_publishing_options=[
                opensearch.DomainLogPublishingOptionArgs(
                    log_type=_LOGS[kind], cloudwatch_log_group_arn=group.arn, enabled=True
                )
                for kind, group in logs.items()
            ],
            tags=self.tags(args.tags, domain_name),
            # the service tries to write each log before it accepts the domain
            opts=self.child_with(protect=args.protect, depends_on=permissions),
        )
        self.endpoint, self.domain_arn = domain.endpoint, domain.arn
        self.admin_role_arn, self.security_group_id = administrator.arn, access.id
        self.administrator = administrator
        self.register_outputs(
            {
                "endpoint": self.endpoint,
                "domain_arn": self.domain_arn,
                "admin_role_arn": self.admin_role_arn,
                "security_group_id": self.security_group_id,
            }
        )

    def _administrator(self, name: str, args: SearchArgs, arn: str) -> Granted:
        namespace, _, service_account = args.administrator.partition("/")
        return pod_identity_role(
            self,
            f"{name}-administrator",
            namespace=namespace,
            service_account=service_account,
            iam_settings=args.iam,
            tags=args.tags,
            statements=[
                Statement(sid="Requests", actions=REQUESTS, resources=[f"{arn}/*"]),
            ],
        )

    def _log_groups(
        self, name: str, args: SearchArgs, domain_name: str
    ) -> dict[str, cloudwatch.LogGroup]:
        return {
            kind: stores.log_group(
                self,
                f"{name}-{kind}-log",
                path=f"/aws/opensearch/{domain_name}/{kind}",
                retention_days=args.plan.log_retention_days,
                key_arn=args.logs_key_arn,
                tags=args.tags,
            )
            for kind in _LOGS
        }

    def _log_permissions(
        self, name: str, args: SearchArgs, groups: Mapping[str, cloudwatch.LogGroup], arn: str
    ) -> list[cloudwatch.LogResourcePolicy]:
        # attached to the group: account-wide policies are ten in a region, for all stacks together
        return [
            cloudwatch.LogResourcePolicy(
                f"{name}-{kind}-log-policy",
                resource_arn=group.arn,
                policy_document=_log_policy(args, group.arn, arn),
                opts=self.child,
            )
            for kind, group in groups.items()
        ]


def _nodes(plan: SearchPlan) -> opensearch.DomainClusterConfigArgs:
    spread, masters = plan.zone_count > 1, plan.master_count > 0
    return opensearch.DomainClusterConfigArgs(
        instance_type=plan.instance_type,
        instance_count=plan.instance_count,
        zone_awareness_enabled=spread,
        zone_awareness_config=(
            opensearch.DomainClusterConfigZoneAwarenessConfigArgs(
                availability_zone_count=plan.zone_count
            )
            if spread
            else None
        ),
        multi_az_with_standby_enabled=False,
        dedicated_master_enabled=masters,
        dedicated_master_type=plan.master_type if masters else None,
        dedicated_master_count=plan.master_count if masters else None,
    )


def _volumes(plan: SearchPlan) -> opensearch.DomainEbsOptionsArgs:
    return opensearch.DomainEbsOptionsArgs(
        ebs_enabled=True,
        volume_type="gp3",
        volume_size=plan.volume_gib,
        iops=plan.volume_iops,
        throughput=plan.volume_throughput,
    )


def _fine_grained(administrator: Granted) -> opensearch.DomainAdvancedSecurityOptionsArgs:
    return opensearch.DomainAdvancedSecurityOptionsArgs(
        enabled=True,
        anonymous_auth_enabled=False,
        # a role and the internal user database exclude each other
        internal_user_database_enabled=False,
        master_user_options=opensearch.DomainAdvancedSecurityOptionsMasterUserOptionsArgs(
            master_user_arn=administrator.arn
        ),
    )


def _access_policy(args: SearchArgs, arn: str) -> pulumi.Output[str]:
    """Only signed requests of this account; its roles still need a policy and a mapped role."""
    account = f"arn:{partition(args.region)}:iam::{args.account_id}:root"
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": account},
                    "Action": list(REQUESTS),
                    "Resource": f"{arn}/*",
                }
            ],
        }
    )


def _log_policy(args: SearchArgs, group_arn: pulumi.Output[str], arn: str) -> pulumi.Output[str]:
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "es.amazonaws.com"},
                    # the domain is refused when one of the three is missing
                    "Action": [
                        "logs:CreateLogStream",
                        "logs:PutLogEvents",
                        "logs:PutLogEventsBatch",
                    ],
                    "Resource": pulumi.Output.concat(group_arn, ":*"),
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": args.account_id},
                        "ArnLike": {"aws:SourceArn": arn},
                    },
                }
            ],
        }
    )
