"""What ElastiCache refuses of replication groups, users and groups of users."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    at_most_one,
    avoids,
    between,
    counts,
    equals,
    every,
    is_set,
    is_true,
    matches,
    needs,
    refused,
    when,
)
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import number, read, text
from sizing.rules.windows import apart, lasts

GROUP = ("aws:elasticache/replicationGroup:ReplicationGroup",)

SECRET_FORM = r"[A-Za-z0-9!&#$^<>-]{16,128}"
"""Of tokens and of users' passwords (elasticache-api, cdk-preflight pf-elasticache-auth-token)."""
WINDOW_MINUTES = 60
FAILOVER_NODES = 2


def _shards(inputs: Inputs) -> str | None:
    if (number(inputs, "numNodeGroups") or 0) <= 1:
        return None
    return every(is_true("automaticFailoverEnabled"), needs("parameterGroupName"))(inputs)


def _failover(inputs: Inputs) -> str | None:
    if read(inputs, "automaticFailoverEnabled") is not True:
        return None
    nodes = number(inputs, "numCacheClusters")
    if nodes is not None and nodes < FAILOVER_NODES:
        return f"failover with {nodes:g} node"
    shards, mode = number(inputs, "numNodeGroups"), read(inputs, "clusterMode")
    if shards == 1 and mode in (None, "disabled"):
        return between("replicasPerNodeGroup", 1, None)(inputs)
    return None


def _tiering(inputs: Inputs) -> str | None:
    node = text(inputs, "nodeType")
    if node is None:
        return None
    tiered, on = ".r6gd." in node, read(inputs, "dataTieringEnabled")
    if tiered and on in (None, False):
        return f"{node} without dataTieringEnabled"
    return f"{node} with dataTieringEnabled" if not tiered and on is True else None


RULES = (
    Rule(
        id="elasticache.shape",
        types=GROUP,
        property="numCacheClusters",
        statement="A group is counted in nodes, or in shards and replicas, never both.",
        source="terraform-provider-aws",
        check=every(
            at_most_one("numCacheClusters", "numNodeGroups"),
            at_most_one("numCacheClusters", "replicasPerNodeGroup"),
        ),
        passing={"numNodeGroups": 3, "replicasPerNodeGroup": 1},
        failing={"numCacheClusters": 2, "replicasPerNodeGroup": 1},
    ),
    Rule(
        id="elasticache.counts",
        types=GROUP,
        property="replicasPerNodeGroup",
        statement="A group has 1 to 6 nodes, or 0 to 5 replicas a shard.",
        source="elasticache-api",
        check=every(between("numCacheClusters", 1, 6), between("replicasPerNodeGroup", 0, 5)),
        passing={"numCacheClusters": 6},
        failing={"numNodeGroups": 3, "replicasPerNodeGroup": 6},
    ),
    Rule(
        id="elasticache.shards",
        types=GROUP,
        property="numNodeGroups",
        statement="Several shards need failover and a parameter group with cluster mode.",
        source="terraform-provider-aws",
        check=_shards,
        passing={
            "numNodeGroups": 3,
            "automaticFailoverEnabled": True,
            "parameterGroupName": "cache",
        },
        failing={"numNodeGroups": 3, "parameterGroupName": "cache"},
    ),
    Rule(
        id="elasticache.failover-nodes",
        types=GROUP,
        property="automaticFailoverEnabled",
        statement="Failover needs a second node.",
        source="elasticache-api",
        check=_failover,
        passing={"automaticFailoverEnabled": True, "numCacheClusters": 2},
        failing={"automaticFailoverEnabled": True, "numCacheClusters": 1},
    ),
    Rule(
        id="elasticache.multi-az",
        types=GROUP,
        property="multiAzEnabled",
        statement="Several zones need failover.",
        source="terraform-provider-aws",
        check=when(equals("multiAzEnabled", True), is_true("automaticFailoverEnabled")),
        passing={"multiAzEnabled": True, "automaticFailoverEnabled": True},
        failing={"multiAzEnabled": True},
    ),
    Rule(
        id="elasticache.required",
        types=GROUP,
        property="nodeType",
        statement="A group names its node type.",
        source="elasticache-api",
        check=when(
            lambda inputs: (
                None if read(inputs, "globalReplicationGroupId") is None else "a secondary"
            ),
            needs("nodeType"),
        ),
        passing={"nodeType": "cache.r7g.large"},
        failing={},
    ),
    Rule(
        id="elasticache.data-tiering",
        types=GROUP,
        property="dataTieringEnabled",
        statement="r6gd needs data tiering, and nothing else takes it.",
        source="elasticache-api",
        check=_tiering,
        passing={"nodeType": "cache.r6gd.xlarge", "dataTieringEnabled": True},
        failing={"nodeType": "cache.r6gd.xlarge"},
    ),
    Rule(
        id="elasticache.engine",
        types=GROUP,
        property="engine",
        statement="A replication group runs redis or valkey.",
        source="elasticache-api",
        check=among("engine", ("redis", "valkey")),
        passing={"engine": "valkey"},
        failing={"engine": "memcached"},
    ),
    Rule(
        id="elasticache.cluster-mode",
        types=GROUP,
        property="clusterMode",
        statement="Cluster mode is disabled, compatible or enabled.",
        source="elasticache-api",
        check=among("clusterMode", ("disabled", "compatible", "enabled")),
        passing={"clusterMode": "disabled"},
        failing={"clusterMode": "off"},
    ),
    Rule(
        id="elasticache.name",
        types=GROUP,
        property="replicationGroupId",
        statement="An id has at most 40 characters, a letter first, no double or last hyphen.",
        source="elasticache-api",
        check=every(
            matches("replicationGroupId", r"[A-Za-z]([A-Za-z0-9-]{0,38}[A-Za-z0-9])?"),
            avoids("replicationGroupId", "--"),
        ),
        passing={"replicationGroupId": "prod-large-cache"},
        failing={"replicationGroupId": "prod--cache"},
    ),
    Rule(
        id="elasticache.port",
        types=GROUP,
        property="port",
        statement="Port 8005 is the service's own.",
        source="cdk-preflight",
        check=every(between("port", 1, 65535), when(equals("port", 8005), refused("port"))),
        passing={"port": 6379},
        failing={"port": 8005},
    ),
    Rule(
        id="elasticache.snapshots",
        types=GROUP,
        property="snapshotRetentionLimit",
        statement="Snapshots are kept for at most 35 days.",
        source="elasticache-api",
        check=between("snapshotRetentionLimit", 0, 35),
        passing={"snapshotRetentionLimit": 7},
        failing={"snapshotRetentionLimit": 36},
    ),
    Rule(
        id="elasticache.windows",
        types=GROUP,
        property="snapshotWindow",
        statement="Windows last an hour or longer, and snapshots are not in maintenance's.",
        source="elasticache-api",
        check=every(
            lasts("snapshotWindow", WINDOW_MINUTES),
            lasts("maintenanceWindow", WINDOW_MINUTES),
            apart("snapshotWindow", "maintenanceWindow"),
        ),
        passing={"snapshotWindow": "03:00-04:00", "maintenanceWindow": "sun:05:00-sun:06:00"},
        failing={"snapshotWindow": "03:00-03:30"},
    ),
    Rule(
        id="elasticache.one-access",
        types=GROUP,
        property="authToken",
        statement="A group has a token or users, not both, and needs TLS and subnets for either.",
        source="elasticache-api",
        check=every(
            at_most_one("authToken", "userGroupIds"),
            when(
                is_set("authToken"),
                every(is_true("transitEncryptionEnabled"), needs("subnetGroupName")),
            ),
            when(
                is_set("userGroupIds"),
                every(is_true("transitEncryptionEnabled"), needs("subnetGroupName")),
            ),
            counts("userGroupIds", None, 1),
        ),
        passing={
            "userGroupIds": ["gateway"],
            "transitEncryptionEnabled": True,
            "subnetGroupName": "isolated",
        },
        failing={"userGroupIds": ["gateway"], "subnetGroupName": "isolated"},
    ),
    Rule(
        id="elasticache.token-form",
        types=GROUP,
        property="authToken",
        statement="A token has 16 to 128 characters; of the special ones only ! & # $ ^ < > -.",
        source="elasticache-api",
        check=matches("authToken", SECRET_FORM, secret=True),
        passing={"authToken": "correct-horse-battery"},
        failing={"authToken": "correct horse @ battery"},
    ),
    Rule(
        id="elasticache.token-strategy",
        types=GROUP,
        property="authTokenUpdateStrategy",
        statement="The strategy DELETE takes no token, the others need one.",
        source="terraform-provider-aws",
        check=every(
            among("authTokenUpdateStrategy", ("SET", "ROTATE", "DELETE")),
            when(equals("authTokenUpdateStrategy", "DELETE"), refused("authToken")),
        ),
        passing={"authTokenUpdateStrategy": "ROTATE", "authToken": "correct-horse-battery"},
        failing={"authTokenUpdateStrategy": "DELETE", "authToken": "correct-horse-battery"},
    ),
    Rule(
        id="elasticache.key",
        types=GROUP,
        property="kmsKeyId",
        statement="A key needs encryption at rest.",
        source="elasticache-api",
        check=when(is_set("kmsKeyId"), is_true("atRestEncryptionEnabled")),
        passing={"kmsKeyId": "arn:aws:kms:k", "atRestEncryptionEnabled": True},
        failing={"kmsKeyId": "arn:aws:kms:k"},
    ),
    Rule(
        id="elasticache.valkey-tls",
        types=GROUP,
        property="transitEncryptionEnabled",
        statement="With valkey, encryption in transit is said, not left to a default.",
        source="terraform-provider-aws",
        check=when(equals("engine", "valkey"), needs("transitEncryptionEnabled")),
        passing={"engine": "valkey", "transitEncryptionEnabled": True},
        failing={"engine": "valkey"},
    ),
    Rule(
        id="elasticache.logs",
        types=GROUP,
        property="logDeliveryConfigurations",
        statement="A group delivers at most two logs.",
        source="pulumi-aws",
        check=counts("logDeliveryConfigurations", None, 2),
        passing={"logDeliveryConfigurations": [{"logType": "slow-log"}]},
        failing={"logDeliveryConfigurations": [{"logType": "slow-log"}] * 3},
    ),
)
