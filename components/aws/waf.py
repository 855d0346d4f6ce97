"""The firewall before the load balancer: addresses, rates and headers, never a prompt.

Prompts hold code, SQL, markup and URLs, so every managed rule that reads a body counts and none
blocks, whatever the path: models are asked under /v1, without it, and by MCP and A2A alike. What
blocks looks at the address, at how often it asks, at headers, paths, cookies and query strings.

AWS may add a rule to a managed group at any time: one that reads bodies blocks until it is named
here. The metric of its group shows what it stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, wafv2

from components.aws import stores
from components.base import PlatformComponent
from components.naming import PROJECT, partition
from sizing.plans.edge import IngressPlan

_WINDOW_SECONDS = 300
_REDACTED = ("authorization", "cookie", "x-api-key", "x-litellm-api-key")


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedGroup:
    """A group of rules that AWS maintains, and those of its rules that may only count."""

    name: str
    group: str
    priority: int
    counted: tuple[str, ...] = ()


# waf-managed-rules: 25, 200, 700 and 200 of the 1,500 capacity units that the base price holds
MANAGED = (
    ManagedGroup(name="reputation", group="AWSManagedRulesAmazonIpReputationList", priority=10),
    ManagedGroup(
        name="bad-inputs",
        group="AWSManagedRulesKnownBadInputsRuleSet",
        priority=20,
        counted=("JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"),
    ),
    ManagedGroup(
        name="core",
        group="AWSManagedRulesCommonRuleSet",
        priority=30,
        counted=(
            "CrossSiteScripting_BODY",
            "EC2MetaDataSSRF_BODY",
            "GenericLFI_BODY",
            "GenericRFI_BODY",
            "SizeRestrictions_BODY",
        ),
    ),
    ManagedGroup(
        name="sql",
        group="AWSManagedRulesSQLiRuleSet",
        priority=40,
        counted=("SQLiExtendedPatterns_BODY", "SQLi_BODY"),
    ),
)
_RATE_PRIORITY = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WafArgs:
    """What the firewall needs from its surroundings.

    Attributes:
        stack: name of the stack, part of the log group's name.
        load_balancer_arn: what it stands before.
    """

    plan: IngressPlan
    stack: str
    region: str
    account_id: str
    load_balancer_arn: pulumi.Input[str]
    logs_key_arn: pulumi.Input[str]
    tags: Mapping[str, str]


class Waf(PlatformComponent):
    """A regional web ACL with its log, before one load balancer.

    Every change of a rule is made in place; what it would have blocked is seen in the counted
    rules' metrics and in the log before any of them is made to block.
    """

    acl_arn: pulumi.Output[str]
    """The web ACL."""
    log_group_name: pulumi.Output[str]
    """Where it logs what it saw, without keys."""

    def __init__(
        self, name: str, args: WafArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aigw:aws:Waf", name, args.plan, opts)
        acl = wafv2.WebAcl(
            f"{name}-acl",
            scope="REGIONAL",
            description=f"{args.stack}: rate, reputation and headers block, bodies are counted",
            default_action=wafv2.WebAclDefaultActionArgs(
                allow=wafv2.WebAclDefaultActionAllowArgs()
            ),
            rules=[_rate(name, args.plan), *(_managed(name, one) for one in MANAGED)],
            visibility_config=wafv2.WebAclVisibilityConfigArgs(
                cloudwatch_metrics_enabled=True,
                metric_name=f"{name}-acl",
                # samples show whole requests, keys in their headers among them
                sampled_requests_enabled=False,
            ),
            tags=self.tags(args.tags, name),
            opts=self.child,
        )
        wafv2.WebAclAssociation(
            f"{name}-association",
            resource_arn=args.load_balancer_arn,
            web_acl_arn=acl.arn,
            opts=self.child,
        )
        log = self._log(name, args, acl)
        self.acl_arn, self.log_group_name = acl.arn, log.name
        self.register_outputs({"acl_arn": self.acl_arn, "log_group_name": self.log_group_name})

    def _log(self, name: str, args: WafArgs, acl: wafv2.WebAcl) -> cloudwatch.LogGroup:
        group = stores.log_group(
            self,
            f"{name}-log",
            # the service writes to groups of this prefix alone
            path=f"aws-waf-logs-{PROJECT}-{args.stack}",
            retention_days=args.plan.log_retention_days,
            key_arn=args.logs_key_arn,
            tags=args.tags,
        )
        # attached to the group: account-wide policies are ten in a region, for all stacks together
        allowed = cloudwatch.LogResourcePolicy(
            f"{name}-log-policy",
            resource_arn=group.arn,
            policy_document=_delivery(args, group.arn),
            opts=self.child,
        )
        wafv2.WebAclLoggingConfiguration(
            f"{name}-logging",
            resource_arn=acl.arn,
            log_destination_configs=[group.arn],
            redacted_fields=[
                wafv2.WebAclLoggingConfigurationRedactedFieldArgs(
                    single_header=(
                        wafv2.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs(name=header)
                    )
                )
                for header in _REDACTED
            ],
            opts=self.child_with(depends_on=[allowed]),
        )
        return group


def _seen(name: str, rule: str) -> wafv2.WebAclRuleVisibilityConfigArgs:
    return wafv2.WebAclRuleVisibilityConfigArgs(
        cloudwatch_metrics_enabled=True,
        metric_name=f"{name}-{rule}",
        sampled_requests_enabled=False,
    )


def _rate(name: str, plan: IngressPlan) -> wafv2.WebAclRuleArgs:
    return wafv2.WebAclRuleArgs(
        name="rate",
        priority=_RATE_PRIORITY,
        action=wafv2.WebAclRuleActionArgs(block=wafv2.WebAclRuleActionBlockArgs()),
        statement=wafv2.WebAclRuleStatementArgs(
            rate_based_statement=wafv2.WebAclRuleStatementRateBasedStatementArgs(
                limit=plan.waf_rate_limit,
                aggregate_key_type="IP",
                evaluation_window_sec=_WINDOW_SECONDS,
            )
        ),
        visibility_config=_seen(name, "rate"),
    )


def _managed(name: str, one: ManagedGroup) -> wafv2.WebAclRuleArgs:
    counts = [
        wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgs(
            name=rule,
            action_to_use=(
                wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseArgs(
                    count=wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseCountArgs()
                )
            ),
        )
        for rule in one.counted
    ]
    return wafv2.WebAclRuleArgs(
        name=one.name,
        priority=one.priority,
        override_action=wafv2.WebAclRuleOverrideActionArgs(
            none=wafv2.WebAclRuleOverrideActionNoneArgs()  # type: ignore[no-untyped-call]  # SDK
        ),
        statement=wafv2.WebAclRuleStatementArgs(
            managed_rule_group_statement=(
                wafv2.WebAclRuleStatementManagedRuleGroupStatementArgs(
                    vendor_name="AWS", name=one.group, rule_action_overrides=counts
                )
            )
        ),
        visibility_config=_seen(name, one.name),
    )


def _delivery(args: WafArgs, group_arn: pulumi.Output[str]) -> pulumi.Output[str]:
    source = f"arn:{partition(args.region)}:logs:{args.region}:{args.account_id}:*"
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "delivery.logs.amazonaws.com"},
                    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                    "Resource": pulumi.Output.concat(group_arn, ":*"),
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": args.account_id},
                        "ArnLike": {"aws:SourceArn": source},
                    },
                }
            ],
        }
    )
