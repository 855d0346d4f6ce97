"""What keeps and reads traces and log lines may do on AWS: sign requests to the search domain.

What they may do there is the domain's own to say (`components.kubernetes.search_rules`).
"""

from __future__ import annotations

import pulumi

from components.aws.identity import Statement

# IAM's names of requests: OpenSearch's clients write by POST and PUT, and look by GET and HEAD.
WRITES = tuple(f"es:ESHttp{verb}" for verb in ("Get", "Head", "Post", "Put"))
READS = tuple(f"es:ESHttp{verb}" for verb in ("Get", "Head", "Post"))


def writer_statements(domain_arn: pulumi.Input[str]) -> list[Statement]:
    """Return what writes to the domain; nothing there is deleted by it."""
    return [_requests("WriteSearch", WRITES, domain_arn)]


def reader_statements(domain_arn: pulumi.Input[str]) -> list[Statement]:
    """Return what reads from the domain; searches are sent by POST."""
    return [_requests("ReadSearch", READS, domain_arn)]


def _requests(sid: str, actions: tuple[str, ...], domain_arn: pulumi.Input[str]) -> Statement:
    return Statement(
        sid=sid, actions=list(actions), resources=[pulumi.Output.concat(domain_arn, "/*")]
    )
