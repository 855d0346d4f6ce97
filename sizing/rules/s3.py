"""What S3 refuses of buckets, and what the provider no longer takes on them."""

from __future__ import annotations

from sizing.rules.conditions import among, at_most_one, every, matches, refused
from sizing.rules.rule import Rule

BUCKET = ("aws:s3/bucket:Bucket",)
OWNERSHIP = ("aws:s3/bucketOwnershipControls:BucketOwnershipControls",)
VERSIONING = ("aws:s3/bucketVersioning:BucketVersioning",)

MOVED = (
    *("acl", "grants", "versioning", "serverSideEncryptionConfiguration", "lifecycleRules"),
    *("logging", "corsRules", "policy", "website", "replicationConfiguration"),
)
"""Arguments that have become resources of their own (pulumi-aws s3.Bucket)."""

RULES = (
    Rule(
        id="s3.own-resources",
        types=BUCKET,
        property="versioning",
        statement="Versioning, encryption, lifecycle, policy and the like are own resources.",
        source="pulumi-aws",
        check=refused(*MOVED),
        passing={"forceDestroy": True},
        failing={"versioning": {"enabled": True}},
    ),
    Rule(
        id="s3.name",
        types=BUCKET,
        property="bucket",
        statement="A name has 3 to 63 lower-case characters; a prefix at most 37; not both.",
        source="pulumi-aws",
        check=every(
            at_most_one("bucket", "bucketPrefix"),
            matches("bucket", r"[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]"),
            matches("bucketPrefix", r"[a-z0-9][-.a-z0-9]{0,36}"),
        ),
        passing={"bucketPrefix": "prod-large-uploads-"},
        failing={"bucketPrefix": "prod-large-" + "u" * 30},
    ),
    Rule(
        id="s3.ownership",
        types=OWNERSHIP,
        property="rule.objectOwnership",
        statement="Objects belong to BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter.",
        source="cfn-lint-schemas",
        check=among(
            "rule.objectOwnership", ("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter")
        ),
        passing={"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        failing={"rule": {"objectOwnership": "BucketOwner"}},
    ),
    Rule(
        id="s3.versioning-status",
        types=VERSIONING,
        property="versioningConfiguration.status",
        statement="Versioning is Enabled, Suspended or Disabled.",
        source="pulumi-aws",
        check=among("versioningConfiguration.status", ("Enabled", "Suspended", "Disabled")),
        passing={"versioningConfiguration": {"status": "Enabled"}},
        failing={"versioningConfiguration": {"status": True}},
    ),
)
