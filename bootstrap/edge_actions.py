"""The actions that the way in takes: certificate, records, load balancer, firewall, mirror."""

from __future__ import annotations

from typing import Final

EDGE: Final = {
    "acm": (
        "AddTagsToCertificate",
        "DeleteCertificate",
        "Describe*",
        "ListTagsForCertificate",
        "RemoveTagsFromCertificate",
        "RequestCertificate",
    ),
    "ecr": (
        "CreatePullThroughCacheRule",
        "CreateRepositoryCreationTemplate",
        "DeletePullThroughCacheRule",
        "DeleteRepositoryCreationTemplate",
        "Describe*",
        "UpdatePullThroughCacheRule",
        "UpdateRepositoryCreationTemplate",
    ),
    "elasticloadbalancing": (
        "AddTags",
        "CreateListener",
        "CreateLoadBalancer",
        "CreateRule",
        "CreateTargetGroup",
        "DeleteListener",
        "DeleteLoadBalancer",
        "DeleteRule",
        "DeleteTargetGroup",
        "Describe*",
        "ModifyListener*",
        "ModifyLoadBalancerAttributes",
        "ModifyRule",
        "ModifyTargetGroup*",
        "RemoveTags",
        "SetIpAddressType",
        "SetRulePriorities",
        "SetSecurityGroups",
        "SetSubnets",
        "SetWebAcl",
    ),
    "wafv2": (
        "AssociateWebACL",
        "CreateWebACL",
        "DeleteLoggingConfiguration",
        "DeleteWebACL",
        "DisassociateWebACL",
        "Get*",
        "List*",
        "PutLoggingConfiguration",
        "TagResource",
        "UntagResource",
        "UpdateWebACL",
    ),
}
RECORD_READS: Final = (
    "route53:GetChange",
    "route53:GetHostedZone",
    "route53:ListResourceRecordSets",
)
"""Route 53 is of no region, so that its zones and changes are named instead."""
RECORD_WRITES: Final = ("route53:ChangeResourceRecordSets",)
RECORD_TYPES: Final = ("A", "CNAME")
"""Names of the load balancer, and proofs for its certificate: no other record is touched."""
