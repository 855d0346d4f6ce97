"""What Cloud DNS refuses of zones and records."""

from __future__ import annotations

from sizing.rules.conditions import (
    among,
    counts,
    equals,
    every,
    exactly_one,
    is_set,
    matches,
    needs,
    when,
)
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import absent

ZONE = ("gcp:dns/managedZone:ManagedZone",)
RECORD = ("gcp:dns/recordSet:RecordSet",)

WHOLE = r".+\."
"""A name that ends with a dot (terraform-provider-google, validateRecordNameTrailingDot)."""


def _seen(inputs: Inputs) -> str | None:
    paths = [f"privateVisibilityConfig.{one}" for one in ("gkeClusters", "networks")]
    return f"neither {' nor '.join(paths)} set" if all(absent(inputs, p) for p in paths) else None


RULES = (
    Rule(
        id="gcp.dns.zone-name",
        types=ZONE,
        property="dnsName",
        statement="A zone's name ends with a dot.",
        source="pulumi-gcp",
        check=matches("dnsName", WHOLE),
        passing={"dnsName": "googleapis.com."},
        failing={"dnsName": "googleapis.com"},
    ),
    Rule(
        id="gcp.dns.visibility",
        types=ZONE,
        property="privateVisibilityConfig",
        statement="A private zone is seen from networks or clusters.",
        source="pulumi-gcp",
        check=every(
            among("visibility", ("private", "public")),
            when(is_set("privateVisibilityConfig"), _seen),
        ),
        passing={
            "visibility": "private",
            "privateVisibilityConfig": {"networks": [{"networkUrl": "vpc"}]},
        },
        failing={"visibility": "private", "privateVisibilityConfig": {"gkeClusters": None}},
    ),
    Rule(
        id="gcp.dns.record-name",
        types=RECORD,
        property="name",
        statement="A record's name ends with a dot.",
        source="terraform-provider-google",
        check=matches("name", WHOLE),
        passing={"name": "*.gcr.io.", "rrdatas": ["gcr.io."]},
        failing={"name": "*.gcr.io", "rrdatas": ["gcr.io."]},
    ),
    Rule(
        id="gcp.dns.values",
        types=RECORD,
        property="rrdatas",
        statement="A record has values, or a policy that chooses them; it has a type.",
        source="terraform-provider-google",
        check=every(exactly_one("rrdatas", "routingPolicy"), needs("type")),
        passing={"type": "A", "rrdatas": ["199.36.153.8"]},
        failing={"type": "A"},
    ),
    Rule(
        id="gcp.dns.one-canonical-name",
        types=RECORD,
        property="rrdatas",
        statement="A CNAME leads to one name.",
        source="terraform-provider-google",
        check=when(equals("type", "CNAME"), counts("rrdatas", 1, 1)),
        passing={"type": "CNAME", "rrdatas": ["gcr.io."]},
        failing={"type": "CNAME", "rrdatas": ["gcr.io.", "pkg.dev."]},
    ),
)
