"""What EKS refuses of clusters, access, Pod Identity and add-ons."""

from __future__ import annotations

import ipaddress

from sizing.rules.conditions import (
    among,
    counts,
    each,
    equals,
    every,
    is_set,
    matches,
    needs,
    refused,
    when,
)
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import UNKNOWN_TEXT, items, read, text

CLUSTER = ("aws:eks/cluster:Cluster",)
ADDON = ("aws:eks/addon:Addon",)
ENTRY = ("aws:eks/accessEntry:AccessEntry",)
POLICY = ("aws:eks/accessPolicyAssociation:AccessPolicyAssociation",)
POD_IDENTITY = ("aws:eks/podIdentityAssociation:PodIdentityAssociation",)

REFUSED_ZONE_IDS = ("use1-az3", "usw1-az2", "cac1-az3")
"""Zones where EKS places no control plane (eks-network-requirements); nodes may stand there."""
MINOR = r"1\.\d{1,3}"
DNS_LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
DNS_NAME = rf"{DNS_LABEL}(\.{DNS_LABEL})*"
PRIVATE_BLOCKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
SERVICE_PREFIXES = range(12, 25)
"""Prefix lengths of a service range (eks-api KubernetesNetworkConfigRequest)."""
AUTO_MODE = (
    "computeConfig.enabled",
    "kubernetesNetworkConfig.elasticLoadBalancing.enabled",
    "storageConfig.blockStorage.enabled",
)


def _callers_listed(inputs: Inputs) -> str | None:
    if read(inputs, "vpcConfig.endpointPublicAccess") not in (None, True):
        return None
    if read(inputs, "vpcConfig.publicAccessCidrs") in (None, []):
        return "no publicAccessCidrs: EKS takes 0.0.0.0/0"
    cidrs = items(inputs, "vpcConfig.publicAccessCidrs") or []
    return "publicAccessCidrs holds 0.0.0.0/0" if "0.0.0.0/0" in cidrs else None


def _reachable(inputs: Inputs) -> str | None:
    public = read(inputs, "vpcConfig.endpointPublicAccess")
    private = read(inputs, "vpcConfig.endpointPrivateAccess")
    return "both endpoints off" if public is False and private in (None, False) else None


def _only_secrets(inputs: Inputs) -> str | None:
    resources = items(inputs, "encryptionConfig.resources") or []
    others = [one for one in resources if one not in ("secrets", UNKNOWN_TEXT)]
    return f"resources hold {others[0]}" if others else None


def _service_range(inputs: Inputs) -> str | None:
    cidr = text(inputs, "kubernetesNetworkConfig.serviceIpv4Cidr")
    if cidr is None:
        return None
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError as error:
        return str(error)
    private = any(network.subnet_of(ipaddress.IPv4Network(block)) for block in PRIVATE_BLOCKS)
    if private and network.prefixlen in SERVICE_PREFIXES:
        return None
    return f"serviceIpv4Cidr is {cidr}"


def _auto_mode(inputs: Inputs) -> str | None:
    switches = [read(inputs, path) for path in AUTO_MODE]
    on = [path for path, value in zip(AUTO_MODE, switches, strict=True) if value is True]
    off = [path for path, value in zip(AUTO_MODE, switches, strict=True) if value in (None, False)]
    if on and off:
        return f"{', '.join(on)} on, {', '.join(off)} off"
    if on and read(inputs, "bootstrapSelfManagedAddons") in (None, True):
        return "bootstrapSelfManagedAddons not false"
    return None


RULES = (
    Rule(
        id="eks.public-endpoint-callers",
        types=CLUSTER,
        property="vpcConfig.publicAccessCidrs",
        statement="A public endpoint lists its callers; EKS' default is the whole internet.",
        source="eks-cluster-endpoint",
        check=_callers_listed,
        passing={
            "vpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": ["203.0.113.0/24"]}
        },
        failing={"vpcConfig": {"endpointPublicAccess": True}},
    ),
    Rule(
        id="eks.endpoint-reachable",
        types=CLUSTER,
        property="vpcConfig.endpointPrivateAccess",
        statement="A cluster has a public endpoint, a private one, or both.",
        source="eks-cluster-endpoint",
        check=_reachable,
        passing={"vpcConfig": {"endpointPublicAccess": False, "endpointPrivateAccess": True}},
        failing={"vpcConfig": {"endpointPublicAccess": False}},
    ),
    Rule(
        id="eks.authentication-mode",
        types=CLUSTER,
        property="accessConfig.authenticationMode",
        statement="Access entries work in mode API or API_AND_CONFIG_MAP only, not in the default.",
        source="eks-api",
        check=among(
            "accessConfig.authenticationMode",
            ("API", "API_AND_CONFIG_MAP"),
            absent_is="CONFIG_MAP",
        ),
        passing={"accessConfig": {"authenticationMode": "API"}},
        failing={},
    ),
    Rule(
        id="eks.version-minor",
        types=CLUSTER,
        property="version",
        statement='A version is the bare minor ("1.35").',
        source="cdk-preflight",
        check=matches("version", MINOR),
        passing={"version": "1.35"},
        failing={"version": "1.35.0"},
    ),
    Rule(
        id="eks.support-type",
        types=CLUSTER,
        property="upgradePolicy.supportType",
        statement="The support type is STANDARD or EXTENDED.",
        source="pulumi-aws",
        check=among("upgradePolicy.supportType", ("STANDARD", "EXTENDED")),
        passing={"upgradePolicy": {"supportType": "STANDARD"}},
        failing={"upgradePolicy": {"supportType": "standard"}},
    ),
    Rule(
        id="eks.encryption-resources",
        types=CLUSTER,
        property="encryptionConfig.resources",
        statement="Only secrets can be encrypted with a key of one's own.",
        source="cdk-preflight",
        check=when(
            is_set("encryptionConfig"),
            every(counts("encryptionConfig.resources", 1, 1), _only_secrets),
        ),
        passing={"encryptionConfig": {"resources": ["secrets"]}},
        failing={"encryptionConfig": {"resources": ["configmaps"]}},
    ),
    Rule(
        id="eks.service-cidr",
        types=CLUSTER,
        property="kubernetesNetworkConfig.serviceIpv4Cidr",
        statement="The service range is private and between /24 and /12.",
        source="eks-api",
        check=_service_range,
        passing={"kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.20.0.0/16"}},
        failing={"kubernetesNetworkConfig": {"serviceIpv4Cidr": "100.64.0.0/16"}},
    ),
    Rule(
        id="eks.subnets-in-two-zones",
        types=CLUSTER,
        property="vpcConfig.subnetIds",
        statement="A cluster's subnets stand in at least two zones.",
        source="eks-network-requirements",
        check=counts("vpcConfig.subnetIds", 2, None),
        passing={"vpcConfig": {"subnetIds": ["subnet-a", "subnet-b"]}},
        failing={"vpcConfig": {"subnetIds": ["subnet-a"]}},
    ),
    Rule(
        id="eks.auto-mode",
        types=CLUSTER,
        property="computeConfig.enabled",
        statement="Auto Mode's three switches agree, and it takes no self-managed add-ons.",
        source="terraform-provider-aws",
        check=_auto_mode,
        passing={"bootstrapSelfManagedAddons": False},
        failing={"computeConfig": {"enabled": True}, "bootstrapSelfManagedAddons": False},
    ),
    Rule(
        id="eks.entry-type",
        types=ENTRY,
        property="type",
        statement="Only entries of type STANDARD take groups or a user name.",
        source="eks-api",
        check=when(
            equals("type", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "EC2"),
            refused("kubernetesGroups", "userName"),
        ),
        passing={"type": "STANDARD", "kubernetesGroups": ["viewers"]},
        failing={"type": "EC2_LINUX", "kubernetesGroups": ["viewers"]},
    ),
    Rule(
        id="eks.entry-principal",
        types=(*ENTRY, *POLICY),
        property="principalArn",
        statement="A principal is an IAM role or user, not a session of one.",
        source="cdk-preflight",
        check=matches("principalArn", r"arn:aws[-a-z]*:iam::\d{12}:(role|user)/.+"),
        passing={"principalArn": "arn:aws:iam::111122223333:role/deploy"},
        failing={"principalArn": "arn:aws:sts::111122223333:assumed-role/deploy/me"},
    ),
    Rule(
        id="eks.access-policy",
        types=POLICY,
        property="policyArn",
        statement="An access policy is one of EKS' own, not one of IAM.",
        source="eks-access-entries",
        check=matches("policyArn", r"arn:aws[-a-z]*:eks::aws:cluster-access-policy/Amazon\w+"),
        passing={"policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"},
        failing={"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
    ),
    Rule(
        id="eks.access-scope",
        types=POLICY,
        property="accessScope.type",
        statement="The scope is the cluster, or namespaces that are named.",
        source="eks-access-entries",
        check=every(
            among("accessScope.type", ("cluster", "namespace")),
            when(
                equals("accessScope.type", "namespace"),
                every(needs("accessScope.namespaces"), counts("accessScope.namespaces", 1, None)),
            ),
        ),
        passing={"accessScope": {"type": "namespace", "namespaces": ["gateway"]}},
        failing={"accessScope": {"type": "namespace"}},
    ),
    Rule(
        id="eks.pod-identity-names",
        types=POD_IDENTITY,
        property="serviceAccount",
        statement="Namespace and service account are lower-case DNS names.",
        source="cdk-preflight",
        check=every(matches("namespace", DNS_LABEL), matches("serviceAccount", DNS_NAME)),
        passing={"namespace": "kube-system", "serviceAccount": "ebs-csi-controller-sa"},
        failing={"namespace": "kube-system", "serviceAccount": "EBS_CSI"},
    ),
    Rule(
        id="eks.pod-identity-policy",
        types=POD_IDENTITY,
        property="disableSessionTags",
        statement="A session policy needs session tags switched off.",
        source="pulumi-aws",
        check=when(
            is_set("policy"),
            lambda inputs: (
                "disableSessionTags is not true"
                if read(inputs, "disableSessionTags") in (None, False)
                else None
            ),
        ),
        passing={"policy": "{}", "disableSessionTags": True},
        failing={"policy": "{}"},
    ),
    Rule(
        id="eks.addon-version",
        types=ADDON,
        property="addonVersion",
        statement="An add-on's version has the form vX.Y.Z-eksbuild.N.",
        source="cdk-preflight",
        check=matches("addonVersion", r"v\d+\.\d+\.\d+-eksbuild\.\d+"),
        passing={"addonVersion": "v1.12.4-eksbuild.1"},
        failing={"addonVersion": "1.12.4"},
    ),
    Rule(
        id="eks.addon-conflicts-on-create",
        types=ADDON,
        property="resolveConflictsOnCreate",
        statement="On creation conflicts end with NONE or OVERWRITE; PRESERVE is for updates.",
        source="pulumi-aws",
        check=among("resolveConflictsOnCreate", ("NONE", "OVERWRITE")),
        passing={"resolveConflictsOnCreate": "OVERWRITE"},
        failing={"resolveConflictsOnCreate": "PRESERVE"},
    ),
    Rule(
        id="eks.addon-conflicts-on-update",
        types=ADDON,
        property="resolveConflictsOnUpdate",
        statement="On updates conflicts end with NONE, OVERWRITE or PRESERVE.",
        source="pulumi-aws",
        check=among("resolveConflictsOnUpdate", ("NONE", "OVERWRITE", "PRESERVE")),
        passing={"resolveConflictsOnUpdate": "PRESERVE"},
        failing={"resolveConflictsOnUpdate": "KEEP"},
    ),
    Rule(
        id="eks.addon-pod-identity",
        types=ADDON,
        property="podIdentityAssociations",
        statement="An add-on's Pod Identity names both the role and a valid service account.",
        source="pulumi-aws",
        check=each(
            "podIdentityAssociations",
            every(needs("roleArn", "serviceAccount"), matches("serviceAccount", DNS_NAME)),
        ),
        passing={
            "podIdentityAssociations": [
                {"roleArn": "arn:aws:iam::111122223333:role/cni", "serviceAccount": "aws-node"}
            ]
        },
        failing={"podIdentityAssociations": [{"serviceAccount": "aws-node"}]},
    ),
)
