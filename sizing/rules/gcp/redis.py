"""What Memorystore refuses of Redis instances and clusters."""

from __future__ import annotations

from sizing.rules.conditions import among, between, counts, each, equals, every, matches, when
from sizing.rules.gcp.places import key_in_region
from sizing.rules.rule import Rule

INSTANCE = ("gcp:redis/instance:Instance",)
CLUSTER = ("gcp:redis/cluster:Cluster",)
BOTH = (*INSTANCE, *CLUSTER)

NAME = r"[a-z][a-z0-9-]{0,39}[a-z0-9]"
CLUSTER_NAME = r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
READ_REPLICAS_MOST = 5
TIERS = ("BASIC", "STANDARD_HA")
TLS_MODES = ("SERVER_AUTHENTICATION", "DISABLED")
CLUSTER_TLS_MODES = (
    "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION",
    "TRANSIT_ENCRYPTION_MODE_DISABLED",
)
SIGN_IN_MODES = ("AUTH_MODE_IAM_AUTH", "AUTH_MODE_DISABLED")
NODE_TYPES = (
    *("REDIS_SHARED_CORE_NANO", "REDIS_STANDARD_SMALL", "REDIS_STANDARD_LARGE"),
    *("REDIS_HIGHCPU_MEDIUM", "REDIS_HIGHMEM_MEDIUM"),
    *("REDIS_HIGHMEM_XLARGE", "REDIS_HIGHMEM_2XLARGE"),
)
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
PERIODS = ("ONE_HOUR", "SIX_HOURS", "TWELVE_HOURS", "TWENTY_FOUR_HOURS")
_WINDOWS = "maintenancePolicy.weeklyMaintenanceWindows"

RULES = (
    Rule(
        id="gcp.redis.name",
        types=INSTANCE,
        property="name",
        statement="An instance is named in lower case, with digits and -, by 2 to 41 characters.",
        source="terraform-provider-google",
        check=matches("name", NAME),
        passing={"name": "aigw-prod-large-cache-state"},
        failing={"name": "aigw-prod-large-cache-"},
    ),
    Rule(
        id="gcp.redis.cluster-name",
        types=CLUSTER,
        property="name",
        statement="A cluster is named in lower case, with digits and -, by at most 63 characters.",
        source="memorystore-cluster-auth",
        check=matches("name", CLUSTER_NAME),
        passing={"name": "aigw-prod-large-cache"},
        failing={"name": "Cache"},
    ),
    Rule(
        id="gcp.redis.tier",
        types=INSTANCE,
        property="tier",
        statement="An instance is BASIC or STANDARD_HA.",
        source="terraform-provider-google",
        check=among("tier", TIERS, absent_is="BASIC"),
        passing={"tier": "STANDARD_HA"},
        failing={"tier": "CLUSTER"},
    ),
    Rule(
        id="gcp.redis.replicas",
        types=INSTANCE,
        property="replicaCount",
        statement="BASIC has no replica, STANDARD_HA one, or up to 5 that may be read from.",
        source="pulumi-gcp",
        check=every(
            when(equals("tier", "BASIC", None), between("replicaCount", 0, 0)),
            when(
                equals("tier", "STANDARD_HA"),
                every(
                    between("replicaCount", 1, READ_REPLICAS_MOST),
                    when(
                        equals("readReplicasMode", "READ_REPLICAS_DISABLED", None),
                        between("replicaCount", 1, 1),
                    ),
                ),
            ),
        ),
        passing={"tier": "STANDARD_HA", "replicaCount": 1},
        failing={"tier": "BASIC", "replicaCount": 1},
    ),
    Rule(
        id="gcp.redis.tls",
        types=BOTH,
        property="transitEncryptionMode",
        statement="TLS is on, with the server proving itself, or off.",
        source="terraform-provider-google",
        check=among(
            "transitEncryptionMode", (*TLS_MODES, *CLUSTER_TLS_MODES), absent_is="DISABLED"
        ),
        passing={"transitEncryptionMode": "SERVER_AUTHENTICATION"},
        failing={"transitEncryptionMode": "ENABLED"},
    ),
    Rule(
        id="gcp.redis.cluster-sign-in",
        types=CLUSTER,
        property="authorizationMode",
        statement="Clients of a cluster sign in by IAM or not at all.",
        source="terraform-provider-google",
        check=among("authorizationMode", SIGN_IN_MODES, absent_is="AUTH_MODE_DISABLED"),
        passing={"authorizationMode": "AUTH_MODE_IAM_AUTH"},
        failing={"authorizationMode": "AUTH_MODE_TOKEN_AUTH"},
    ),
    Rule(
        id="gcp.redis.node-type",
        types=CLUSTER,
        property="nodeType",
        statement="A cluster's nodes are of one of seven types.",
        source="terraform-provider-google",
        check=among("nodeType", NODE_TYPES, absent_is="REDIS_HIGHMEM_MEDIUM"),
        passing={"nodeType": "REDIS_STANDARD_SMALL"},
        failing={"nodeType": "redis-standard-small"},
    ),
    Rule(
        id="gcp.redis.cluster-network",
        types=CLUSTER,
        property="pscConfigs",
        statement="A cluster is reached from one network.",
        source="pulumi-gcp",
        check=counts("pscConfigs", 1, 1),
        passing={"pscConfigs": [{"network": "projects/p/global/networks/n"}]},
        failing={"pscConfigs": []},
    ),
    Rule(
        id="gcp.redis.window",
        types=BOTH,
        property=_WINDOWS,
        statement="Maintenance has one window a week, by the English name of its day.",
        source="pulumi-gcp",
        check=every(
            counts(_WINDOWS, 1, 1),
            each(
                _WINDOWS, every(among("day", DAYS, absent_is=""), between("startTime.hours", 0, 23))
            ),
        ),
        passing={
            "maintenancePolicy": {
                "weeklyMaintenanceWindows": [{"day": "SUNDAY", "startTime": {"hours": 6}}]
            }
        },
        failing={
            "maintenancePolicy": {
                "weeklyMaintenanceWindows": [{"day": "sun", "startTime": {"hours": 6}}]
            }
        },
    ),
    Rule(
        id="gcp.redis.snapshots",
        types=BOTH,
        property="persistenceConfig",
        statement="Snapshots are taken every 1, 6, 12 or 24 hours.",
        source="pulumi-gcp",
        check=every(
            among("persistenceConfig.rdbSnapshotPeriod", PERIODS, absent_is=PERIODS[0]),
            among("persistenceConfig.rdbConfig.rdbSnapshotPeriod", PERIODS, absent_is=PERIODS[0]),
        ),
        passing={"persistenceConfig": {"persistenceMode": "RDB", "rdbSnapshotPeriod": "ONE_HOUR"}},
        failing={"persistenceConfig": {"persistenceMode": "RDB", "rdbSnapshotPeriod": "5m"}},
    ),
    Rule(
        id="gcp.redis.key-region",
        types=BOTH,
        property="customerManagedKey",
        statement="The key is in the store's region.",
        source="pulumi-gcp",
        check=every(
            key_in_region("customerManagedKey", "region"), key_in_region("kmsKey", "region")
        ),
        passing={
            "region": "us-central1",
            "customerManagedKey": "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k",
        },
        failing={
            "region": "us-east4",
            "kmsKey": "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k",
        },
    ),
)
