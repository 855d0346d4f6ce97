"""What ACM and Route 53 refuse of certificates and records."""

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
    refused,
    when,
)
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import items

CERTIFICATE = ("aws:acm/certificate:Certificate",)
RECORD = ("aws:route53/record:Record",)

SUBJECT = r".{1,64}(?<!\.)"
"""A certificate's first name: at most 64 characters, no dot at its end (cdk-preflight)."""
OTHER_LENGTH = 253
"""Characters of each further name (terraform-provider-aws)."""
TYPES = (
    *("A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF"),
    *("SRV", "SSHFP", "SVCB", "TLSA", "TXT"),
)
"""Records that Route 53 keeps (terraform-provider-aws)."""


def _others(inputs: Inputs) -> str | None:
    for name in items(inputs, "subjectAlternativeNames") or []:
        if isinstance(name, str) and (not 0 < len(name) <= OTHER_LENGTH or name.endswith(".")):
            return f"subjectAlternativeNames has {name!r}"
    return None


RULES = (
    Rule(
        id="acm.subject",
        types=CERTIFICATE,
        property="domainName",
        statement="A certificate's first name has at most 64 characters and no dot at its end.",
        source="cdk-preflight",
        check=matches("domainName", SUBJECT),
        passing={"domainName": "api." + "a" * 56 + ".com"},
        failing={"domainName": "api." + "a" * 57 + ".com"},
    ),
    Rule(
        id="acm.other-names",
        types=CERTIFICATE,
        property="subjectAlternativeNames",
        statement="Every further name has at most 253 characters and no dot at its end.",
        source="terraform-provider-aws",
        check=_others,
        passing={"subjectAlternativeNames": ["mcp.example.com"]},
        failing={"subjectAlternativeNames": ["mcp.example.com."]},
    ),
    Rule(
        id="acm.validation",
        types=CERTIFICATE,
        property="validationMethod",
        statement="A certificate that is asked for is proven by DNS, e-mail or HTTP.",
        source="terraform-provider-aws",
        check=when(
            is_set("domainName"),
            every(
                exactly_one("validationMethod", "certificateAuthorityArn"),
                among("validationMethod", ("DNS", "EMAIL", "HTTP")),
            ),
        ),
        passing={"domainName": "api.example.com", "validationMethod": "DNS"},
        failing={"domainName": "api.example.com"},
    ),
    Rule(
        id="route53.alias-or-records",
        types=RECORD,
        property="records",
        statement="A record is an alias, or has values; an alias has no time to live of its own.",
        source="terraform-provider-aws",
        check=every(
            exactly_one("aliases", "records"),
            counts("aliases", 1, 1),
            when(is_set("aliases"), refused("ttl")),
            when(is_set("records"), needs("ttl")),
        ),
        passing={"records": ["_value.acm-validations.aws."], "ttl": 300},
        failing={"records": ["_value.acm-validations.aws."]},
    ),
    Rule(
        id="route53.type",
        types=RECORD,
        property="type",
        statement="A record has one of the types that Route 53 keeps.",
        source="terraform-provider-aws",
        check=among("type", TYPES),
        passing={"type": "CNAME"},
        failing={"type": ""},
    ),
    Rule(
        id="route53.one-canonical-name",
        types=RECORD,
        property="records",
        statement="A CNAME leads to one name.",
        source="cdk-preflight",
        check=when(equals("type", "CNAME"), counts("records", 1, 1)),
        passing={"type": "CNAME", "records": ["a.example.com"]},
        failing={"type": "CNAME", "records": ["a.example.com", "b.example.com"]},
    ),
)
