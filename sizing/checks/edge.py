"""The way in, and where DocumentDB differs from the replica set that document 000 asks for."""

from __future__ import annotations

from sizing.capacity.network import message
from sizing.catalog import UnknownNameError, price
from sizing.checks.verdicts import Amount, Subject, finding, limit
from sizing.documents.cluster import (
    DATABASE_DISK,
    MONGODB_NEXT_VERSION,
    MONGODB_VERSION,
    REPLICA_SET_IOPS,
    REPLICA_SET_NODE,
    REPLICA_SET_NODES,
)
from sizing.model import Figure
from sizing.planning.edge import DOCUMENTDB, DRAIN, REQUEST_TIMEOUT, WAF_WINDOW_SECONDS
from sizing.plans import Finding
from sizing.plans.edge import DocumentDatabasePlan, IngressPlan
from sizing.units import DAYS_PER_MONTH, GIGA, MEGA, SECONDS_PER_DAY
from sizing.words import Cloud, Kind, Verdict

INGRESS = "ingress"
DOCUMENTS = "document_database"
WAF_BODY = Figure(
    value=8192,
    unit="bytes of a body that the firewall reads before a load balancer",
    source="waf-body-limit",
    date="2026-11-21",
    kind=Kind.VENDOR,
)
_RATES = {Cloud.AWS: "waf-managed-rules", Cloud.GCP: "armor-rate-limits"}
SURVIVING = 2  # instances of which one may be lost. Source: document-000 asks for three.


def check_edge(
    subject: Subject, ingress: IngressPlan, documents: DocumentDatabasePlan | None
) -> list[Finding]:
    """Return the findings of the way in, and of the document database where there is one."""
    found = [_silence(subject, ingress), _drain(subject, ingress)]
    if ingress.waf:
        found += [_rate(subject, ingress), _inspected(subject)]
    if documents is not None:
        found += [
            _node(subject, documents),
            _operations(subject, documents),
            _disk(subject),
            _version(subject),
            _survival(subject, documents),
            _price(subject, documents),
        ]
    return found


def _silence(subject: Subject, plan: IngressPlan) -> Finding:
    longest, idle = int(REQUEST_TIMEOUT), plan.idle_timeout_seconds
    return finding(
        subject,
        INGRESS,
        "silence",
        limit(longest, idle),
        f"{_ends(subject, idle)}, and the proxy waits at most {longest} s for a model",
        amount=Amount(demand=longest, capacity=idle, unit="s"),
        fix="raise the idle timeout above the proxy's request_timeout",
        source=REQUEST_TIMEOUT.source,
    )


def _ends(subject: Subject, seconds: int) -> str:
    """Return when the balancer gives up: AWS' counts silence, Google's the whole answer."""
    if subject.plan.request.cloud is Cloud.GCP:
        return f"the balancer ends an answer after {seconds} s, silent or not"
    return f"the balancer ends a connection after {seconds} s of silence"


def _drain(subject: Subject, plan: IngressPlan) -> Finding:
    drain, delay = int(DRAIN), plan.deregistration_delay_seconds
    return finding(
        subject,
        INGRESS,
        "drain",
        limit(drain, delay),
        f"a leaving pod keeps its connections for {delay} s and needs {drain} s",
        amount=Amount(demand=drain, capacity=delay, unit="s"),
        fix="raise the deregistration delay to the pods' grace period",
        source=DRAIN.source,
    )


def _rate(subject: Subject, plan: IngressPlan) -> Finding:
    peak = round(subject.setting.load.requests_per_second_peak * WAF_WINDOW_SECONDS, 1)
    return finding(
        subject,
        INGRESS,
        "address-rate",
        limit(peak, plan.waf_rate_limit),
        f"one address may send {plan.waf_rate_limit} requests in five minutes, the whole peak is "
        f"{peak:g}",
        amount=Amount(demand=peak, capacity=plan.waf_rate_limit, unit="requests in 5 minutes"),
        fix="raise the rate above the peak, as an office may come from one address",
        source=_RATES[subject.plan.request.cloud],
    )


def _inspected(subject: Subject) -> Finding:
    prompt = round(message(subject.setting.load).prompt_bytes)
    if subject.plan.request.cloud is Cloud.GCP:
        return _beginning(subject, prompt)
    read = int(WAF_BODY)
    whole = prompt <= read
    return finding(
        subject,
        INGRESS,
        "inspected-body",
        Verdict.HOLDS if whole else Verdict.UNPROVEN,
        f"the firewall reads the first {read} bytes of a body, an average request has {prompt}; "
        "its rules on bodies count and never block, as prompts hold code, SQL and markup",
        amount=Amount(demand=prompt, capacity=read, unit="bytes"),
        fix="let guardrails of the gateway judge prompts; a load balancer's limit cannot be raised",
        source=WAF_BODY.source,
    )


def _beginning(subject: Subject, prompt: int) -> Finding:
    """Say what Cloud Armor reads of a body: that is set by a beta, and not here."""
    return finding(
        subject,
        INGRESS,
        "inspected-body",
        Verdict.UNPROVEN,
        "Cloud Armor reads the beginning of a body, and how much a regional policy sets in "
        f"Google's beta alone; an average request has {prompt} bytes. Its rules on bodies are "
        "looked at and never block, as prompts hold code, SQL and markup",
        amount=Amount(demand=prompt, capacity=None, unit="bytes"),
        fix="let guardrails of the gateway judge prompts; a longer prompt is never read whole",
        source="pulumi-gcp",
    )


def _node(subject: Subject, plan: DocumentDatabasePlan) -> Finding:
    asked, have = REPLICA_SET_NODE.memory.value / GIGA, plan.memory_bytes / GIGA
    return finding(
        subject,
        DOCUMENTS,
        "memory",
        limit(asked, have),
        f"document 000 asks {asked:g} GB a node; {plan.instance_class} has {have:.1f} GB, "
        "DocumentDB sells none so small",
        amount=Amount(demand=asked, capacity=round(have, 1), unit="GB a node"),
        fix="choose a larger class",
        source="cfn-lint",
    )


def _operations(subject: Subject, plan: DocumentDatabasePlan) -> Finding:
    asked = REPLICA_SET_IOPS.value
    requests = asked * SECONDS_PER_DAY * DAYS_PER_MONTH / MEGA
    each = price("docdb.io.million", subject.plan.request.region)
    billed = plan.storage_type == "standard"
    cost = f", {requests * each.value:,.0f} USD a month if made without a pause" if each else ""
    return finding(
        subject,
        DOCUMENTS,
        "iops",
        Verdict.UNPROVEN,
        f"document 000 asks {asked:,g} IOPS; DocumentDB sells and promises none"
        + (f": they are billed by the million{cost}" if billed else ""),
        amount=Amount(demand=asked, capacity=None, unit="IOPS"),
        fix="measure VolumeReadIOPs and VolumeWriteIOPs; storage of type iopt1 bills no I/O",
        source="usage-docdb",
    )


def _disk(subject: Subject) -> Finding:
    asked = DATABASE_DISK.value / GIGA
    return finding(
        subject,
        DOCUMENTS,
        "storage",
        Verdict.NOT_APPLICABLE,
        f"document 000 asks {asked:g} GB; DocumentDB's storage is shared by its nodes, grows by "
        "itself and takes no size",
        amount=Amount(demand=asked, capacity=None, unit="GB"),
        source="terraform-provider-aws",
    )


def _version(subject: Subject) -> Finding:
    asked = f'"{MONGODB_VERSION.written}" {MONGODB_NEXT_VERSION.written}'
    return finding(
        subject,
        DOCUMENTS,
        "version",
        Verdict.UNPROVEN,
        f"document 000 asks {asked}; DocumentDB {DOCUMENTDB.version.value} speaks MongoDB 8.0's "
        "protocol and serves applications of 6.0 and 7.0, but it is not MongoDB",
        fix="run the application's own tests against DocumentDB, or keep PostgreSQL",
        source=DOCUMENTDB.version.source,
    )


def _survival(subject: Subject, plan: DocumentDatabasePlan) -> Finding:
    if subject.setting.is_dev:
        verdict, message_ = Verdict.NOT_APPLICABLE, "dev may stand still while a zone is away"
    else:
        verdict = limit(SURVIVING, plan.instances)
        message_ = (
            f"{plan.instances} nodes where document 000 asks {REPLICA_SET_NODES.value:g}; the "
            "storage itself stands in three zones"
        )
    return finding(
        subject,
        DOCUMENTS,
        "zone-loss",
        verdict,
        message_,
        amount=Amount(demand=SURVIVING, capacity=plan.instances, unit="nodes"),
        fix="plan three nodes",
        source="document-000",
    )


def _price(subject: Subject, plan: DocumentDatabasePlan) -> Finding:
    region = subject.plan.request.region
    try:
        figure = price(f"docdb.{plan.instance_class}.hour", region)
    except UnknownNameError:
        figure = None
    return finding(
        subject,
        DOCUMENTS,
        "price",
        Verdict.UNPROVEN if figure is None else Verdict.HOLDS,
        f"no source shows the price of {plan.instance_class} in {region}; the bill is incomplete"
        if figure is None
        else f"{plan.instance_class} costs {figure.value} USD an hour in {region}",
        fix="look the price up, or choose a region that the catalogue prices",
        source="sizing-decisions" if figure is None else figure.source,
    )
