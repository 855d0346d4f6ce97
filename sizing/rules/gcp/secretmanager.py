"""What Secret Manager refuses of secrets and their versions."""

from __future__ import annotations

from sizing.rules.conditions import at_most_one, each, every, exactly_one, matches, needs
from sizing.rules.rule import Rule

SECRET = ("gcp:secretmanager/secret:Secret",)
VERSION = ("gcp:secretmanager/secretVersion:SecretVersion",)
_REPLICAS = "replication.userManaged.replicas"

RULES = (
    Rule(
        id="gcp.secretmanager.name",
        types=SECRET,
        property="secretId",
        statement="A secret is named by letters, digits, - and _, at most 255.",
        source="secret-manager-names",
        check=matches("secretId", r"[a-zA-Z0-9_-]{1,255}"),
        passing={"secretId": "aigw-prod-large-litellm"},
        failing={"secretId": "aigw/prod-large/litellm"},
    ),
    Rule(
        id="gcp.secretmanager.replication",
        types=SECRET,
        property="replication",
        statement="Google chooses where a secret is kept, or the replicas are listed; not both.",
        source="terraform-provider-google",
        check=every(
            exactly_one("replication.auto", "replication.userManaged"),
            each(_REPLICAS, needs("location")),
        ),
        passing={"replication": {"userManaged": {"replicas": [{"location": "us-central1"}]}}},
        failing={"replication": {}},
    ),
    Rule(
        id="gcp.secretmanager.end",
        types=SECRET,
        property="ttl",
        statement="A secret ends at a time or after a while, not both.",
        source="pulumi-gcp",
        check=at_most_one("expireTime", "ttl"),
        passing={"ttl": "86400s"},
        failing={"ttl": "86400s", "expireTime": "2027-01-01T00:00:00Z"},
    ),
    Rule(
        id="gcp.secretmanager.value",
        types=VERSION,
        property="secretData",
        statement="A value is written once: kept in the state, or write-only.",
        source="pulumi-gcp",
        check=at_most_one("secretData", "secretDataWo"),
        passing={"secretData": "x"},
        failing={"secretData": "x", "secretDataWo": "x"},
    ),
)
