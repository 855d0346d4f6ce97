"""What must hold of every resource of every stack; each returns the URNs that break it, and how.

A predicate sees what the engine would see: inputs in wire form with unknown values, dependencies,
parents, protection. Links between resources are read from property dependencies, because the
values themselves are unknown before `up`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from preview.offline.capture import Resource
from sizing.model import Json

AWS = "aws:"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"
CLUSTER = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"

ENCRYPTION: Mapping[str, tuple[str, ...]] = {
    "aws:rds/instance:Instance": ("storageEncrypted", "kmsKeyId", "masterUserSecretKmsKeyId"),
    "aws:rds/cluster:Cluster": ("storageEncrypted", "kmsKeyId", "masterUserSecretKmsKeyId"),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "atRestEncryptionEnabled",
        "transitEncryptionEnabled",
        "kmsKeyId",
        "authToken",
    ),
    "aws:efs/fileSystem:FileSystem": ("encrypted", "kmsKeyId"),
    "aws:opensearch/domain:Domain": (
        "encryptAtRest.enabled",
        "encryptAtRest.kmsKeyId",
        "nodeToNodeEncryption.enabled",
        "domainEndpointOptions.enforceHttps",
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": (
        "blockDeviceMappings.0.ebs.encrypted",
        "blockDeviceMappings.0.ebs.kmsKeyId",
    ),
    CLUSTER: ("encryptionConfig.provider.keyArn",),
    LOG_GROUP: ("kmsKeyId",),
    "aws:secretsmanager/secret:Secret": ("kmsKeyId",),
    "aws:backup/vault:Vault": ("kmsKeyArn",),
}
"""Properties that must be set and not false, by type."""

STATEFUL = frozenset(
    {
        CLUSTER,
        KEY,
        BUCKET,
        "aws:rds/instance:Instance",
        "aws:rds/cluster:Cluster",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "aws:efs/fileSystem:FileSystem",
        "aws:opensearch/domain:Domain",
        "aws:secretsmanager/secret:Secret",
        "aws:backup/vault:Vault",
    }
)

KEY_SERVICES: Mapping[str, str] = {
    "aws:rds/instance:Instance": "rds.",
    "aws:rds/cluster:Cluster": "rds.",
    "aws:elasticache/replicationGroup:ReplicationGroup": "elasticache.",
    "aws:efs/fileSystem:FileSystem": "elasticfilesystem.",
    "aws:opensearch/domain:Domain": "es.",
    "aws:secretsmanager/secret:Secret": "secretsmanager.",
    "aws:backup/vault:Vault": "backup.",
    LOG_GROUP: "logs.",
    "aws:ec2/launchTemplate:LaunchTemplate": "AWSServiceRoleForAutoScaling",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": "s3.",
    CLUSTER: "kms:CreateGrant",
}
"""What a key's policy must say for a user of the key, by the user's type."""

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
WEB_PORTS = frozenset({80, 443})
LOOKS = ("Describe", "GetInstanceTypesFromInstanceRequirements")
"""Actions that IAM knows no narrower resource for (service authorization reference)."""
TAGS = frozenset({"environment", "tier", "component", "cost-centre"})
ANYWHERE = frozenset({"0.0.0.0/0", "::/0"})


def at(inputs: Json, path: str) -> Json:
    """Return the value at a dotted path, None where there is none."""
    value = inputs
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            return None
    return value


def of_balancers(resources: Sequence[Resource], property_: str, *, public: bool) -> frozenset[str]:
    """Return what the load balancers refer to in a property; `public` leaves internal ones out."""
    return frozenset(
        urn
        for one in resources
        if one.type == BALANCER and not (public and one.inputs.get("internal"))
        for urn in one.property_dependencies.get(property_, ())
    )


def balancer_logs(resources: Sequence[Resource]) -> frozenset[str]:
    """Return the buckets of balancers' logs: Amazon's own key is the only one that ELB takes."""
    return of_balancers(resources, "accessLogs", public=False)


def unencrypted(resources: Sequence[Resource]) -> Iterator[str]:
    """Yield each store, disk, log and secret that is not encrypted with a key of the stack."""
    for resource in resources:
        for path in ENCRYPTION.get(resource.type, ()):
            if at(dict(resource.inputs), path) in (None, False, ""):
                yield f"{resource.urn}: {path}"
    logs = balancer_logs(resources)
    encrypted = {
        urn
        for resource in resources
        if "ServerSideEncryption" in resource.type
        for urn in resource.property_dependencies.get("bucket", ())
        if ("AES256" if urn in logs else "aws:kms") in json.dumps(dict(resource.inputs))
    }
    for bucket in resources:
        if bucket.type == BUCKET and bucket.urn not in encrypted:
            yield f"{bucket.urn}: no aws:kms encryption"


def public(resources: Sequence[Resource]) -> Iterator[str]:
    """Yield whatever the internet can reach without being on a list."""
    closed = {
        urn
        for resource in resources
        if resource.type == "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
        and all(
            resource.inputs.get(key) is True
            for key in (
                "blockPublicAcls",
                "blockPublicPolicy",
                "ignorePublicAcls",
                "restrictPublicBuckets",
            )
        )
        for urn in resource.property_dependencies.get("bucket", ())
    }
    doors = of_balancers(resources, "securityGroups", public=True)
    for resource in resources:
        inputs = dict(resource.inputs)
        if resource.type == BUCKET and resource.urn not in closed:
            yield f"{resource.urn}: public access is not blocked"
        if inputs.get("publiclyAccessible") is True or inputs.get("mapPublicIpOnLaunch") is True:
            yield f"{resource.urn}: public address"
        if resource.type == CLUSTER and at(inputs, "vpcConfig.endpointPublicAccess") is True:
            ranges = at(inputs, "vpcConfig.publicAccessCidrs")
            if not isinstance(ranges, list) or not ranges or ANYWHERE & set(map(str, ranges)):
                yield f"{resource.urn}: open Kubernetes API"
        if "IngressRule" in resource.type and _anywhere(resource) and not _door(resource, doors):
            yield f"{resource.urn}: open to everyone"
        if resource.type == "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup" and (
            inputs.get("ingress") or inputs.get("egress")
        ):
            yield f"{resource.urn}: the default group lets traffic through"
        if resource.type == "aws:opensearch/domain:Domain" and "vpcOptions" not in inputs:
            yield f"{resource.urn}: outside the VPC"


def _anywhere(rule: Resource) -> bool:
    return bool(ANYWHERE & {str(rule.inputs.get(one)) for one in ("cidrIpv4", "cidrIpv6")})


def _door(rule: Resource, doors: frozenset[str]) -> bool:
    """Say whether a rule opens a web port of a public load balancer, and no other."""
    ports = {rule.inputs.get("fromPort"), rule.inputs.get("toPort")}
    groups = rule.property_dependencies.get("securityGroupId", ())
    return len(ports) == 1 and ports <= WEB_PORTS and bool(groups) and doors.issuperset(groups)


def unparented(resources: Sequence[Resource]) -> Iterator[str]:
    """Yield each cloud resource that belongs to no component."""
    components = {
        resource.urn
        for resource in resources
        if not resource.custom and resource.type != "pulumi:pulumi:Stack"
    }
    for resource in resources:
        # providers, and the stack of a guest's host
        ours = resource.custom and not resource.type.startswith("pulumi:")
        if ours and resource.parent not in components:
            yield resource.urn


def untagged(resources: Sequence[Resource], taggable: frozenset[str]) -> Iterator[str]:
    """Yield each taggable resource without the four tags that bills and alarms group by."""
    for resource in resources:
        if resource.type in taggable:
            tags = resource.inputs.get("tags")
            missing = TAGS - set(tags if isinstance(tags, dict) else {})
            if missing:
                yield f"{resource.urn}: {', '.join(sorted(missing))}"


def unprotected(resources: Sequence[Resource]) -> Iterator[str]:
    """Yield each resource with data in it that `pulumi destroy` would take."""
    return (r.urn for r in resources if r.type in STATEFUL and not r.protect)


def unreachable_keys(resources: Sequence[Resource]) -> Iterator[str]:
    """Yield each user of a key whose policy does not let the user's service in."""
    policies = {r.urn: str(r.inputs.get("policy")) for r in resources if r.type == KEY}
    logs = balancer_logs(resources)
    for resource in resources:
        service = KEY_SERVICES.get(resource.type)
        if service is None or logs.intersection(resource.property_dependencies.get("bucket", ())):
            continue
        keys = {
            urn
            for property_, urns in resource.property_dependencies.items()
            for urn in urns
            if urn in policies and property_ not in {"policy", "tags"}
        }
        if not keys:
            yield f"{resource.urn}: uses no key of the stack"
        for key in sorted(keys):
            if service not in policies[key]:
                yield f"{resource.urn}: {key.rpartition('::')[2]} does not let {service} in"


def clear_secrets(shown: str, secrets: frozenset[str]) -> Iterator[str]:
    """Yield each secret value that can be read in what is printed, stored or exported."""
    return (secret[:3] + "..." for secret in sorted(secrets) if len(secret) > 3 and secret in shown)


def statements(resource: Resource) -> Iterator[Mapping[str, Json]]:
    """Yield the Allow statements of a policy that an identity carries."""
    if resource.type not in {"aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy"}:
        return
    text = resource.inputs.get("policy")
    if not isinstance(text, str) or not text.startswith("{"):
        return
    for statement in json.loads(text)["Statement"]:
        if statement["Effect"] == "Allow":
            yield statement


def _looks(action: str) -> bool:
    return action.partition(":")[2].startswith(LOOKS)


def too_wide(resources: Sequence[Resource]) -> Iterator[str]:
    """Yield each identity policy that allows a pattern of actions, or everything on anything."""
    for resource in resources:
        for statement in statements(resource):
            actions = statement["Action"]
            named = actions if isinstance(actions, list) else [actions]
            if any(str(action).endswith("*") for action in named):
                yield f"{resource.urn}: {named}"
            places = statement["Resource"]
            anything = places == "*" or (isinstance(places, list) and "*" in places)
            if anything and not all(_looks(str(action)) for action in named):
                yield f"{resource.urn}: any resource"
        if resource.type == "aws:iam/rolePolicyAttachment:RolePolicyAttachment":
            policy = str(resource.inputs.get("policyArn"))
            if policy.endswith(("AdministratorAccess", "FullAccess", "PowerUserAccess")):
                yield f"{resource.urn}: {policy}"
