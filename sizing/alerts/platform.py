"""Alerts of what the platform stands on: its secrets, and that which watches everything else."""

from __future__ import annotations

from sizing.alerts import lines
from sizing.alerts.lines import MIXIN
from sizing.alerts.model import AlertPlan, Facts, Shown, number
from sizing.alerts.words import WATCHDOG
from sizing.alerts.workloads import watched
from sizing.capacity.prometheus import BYTES_A_SAMPLE, SCRAPE_SECONDS
from sizing.planning.tracing import COLLECTOR
from sizing.plans import PlatformPlan, ServicePlan
from sizing.units import GIB, SECONDS_PER_DAY

SECRETS = "secrets"
MONITORING = "monitoring"
SERVER = "prometheus"
REFRESH_HOURS = 1  # components.kubernetes.secrets: every secret is read again hourly
# kube-prometheus, TargetDown: more than a tenth of a job's targets.
TARGETS_LOST = 0.1


def secrets(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    """Return the alerts of secrets and of the store that hands them out."""
    spaces = watched(plan)
    made = [
        AlertPlan(
            name="SecretNotSynced",
            family=SECRETS,
            summary="{{ $labels.namespace }}/{{ $labels.name }} is not like its source",
            query="max by (namespace, name) (externalsecret_status_condition"
            f'{{condition="Ready",status="False",namespace=~"{spaces}"}})',
            lines=lines.warning(0),
            shown=Shown.COUNT,
            planned="every secret is read again hourly",
            source=lines.DECIDED,
        ),
        AlertPlan(
            name="SecretStale",
            family=SECRETS,
            summary="{{ $labels.namespace }}/{{ $labels.name }} has not been read for two hours",
            query="sum by (namespace, name) (increase("
            f'externalsecret_sync_calls_total{{namespace=~"{spaces}"}}'
            f"[{(1 + REFRESH_HOURS) * REFRESH_HOURS}h]))",
            sign="<",
            lines=lines.warning(1),
            shown=Shown.COUNT,
            planned="every secret is read again hourly; the database's password changes weekly",
            source=lines.DECIDED,
        ),
    ]
    vault = any(one.name == "vault" for one in plan.services)
    return (*made, *(_vault() if vault else ()))


def _vault() -> tuple[AlertPlan, ...]:
    return (
        AlertPlan(
            name="VaultSealed",
            family=SECRETS,
            summary="{{ $labels.pod }} of Vault is sealed",
            query="min by (pod) (vault_core_unsealed)",
            sign="<",
            lines=lines.critical(1),
            shown=Shown.COUNT,
            planned="every member is unsealed by the cloud's key",
            source=lines.DECIDED,
        ),
        AlertPlan(
            name="VaultWithoutLeader",
            family=SECRETS,
            summary="no member of Vault is active",
            query="sum(vault_core_active)",
            sign="<",
            lines=lines.critical(1),
            shown=Shown.COUNT,
            planned="one of its members leads",
            source=lines.DECIDED,
        ),
        AlertPlan(
            name="VaultAuditFailing",
            family=SECRETS,
            summary="Vault cannot write its audit log, and then answers nothing",
            query="sum(increase(vault_audit_log_request_failure[15m]) "
            "+ increase(vault_audit_log_response_failure[15m]))",
            lines=lines.critical(0, minutes=0),
            shown=Shown.COUNT,
            planned="every request is written down before it is answered",
            source=lines.DECIDED,
        ),
    )


def monitoring(plan: PlatformPlan, facts: Facts) -> tuple[AlertPlan, ...]:
    """Return the alerts of Prometheus and of what carries its word."""
    return (
        _watchdog(),
        targets(),
        *_prometheus(plan, facts),
        *_word(),
        *_objects(plan),
        *_traces(plan),
    )


def _watchdog() -> AlertPlan:
    return AlertPlan(
        name=WATCHDOG,
        family=MONITORING,
        summary="alerting works: whoever waits for this complains when it no longer comes",
        query="vector(1)",
        lines=lines.warning(0, minutes=0),
        shown=Shown.COUNT,
        planned="fires always",
        source=MIXIN,
    )


def targets() -> AlertPlan:
    """Return the alert of whatever cannot be scraped."""
    return AlertPlan(
        name="TargetDown",
        family=MONITORING,
        summary="{{ $labels.job }} in {{ $labels.namespace }} cannot be scraped",
        query="count by (job, namespace) (up == 0) / count by (job, namespace) (up)",
        lines=lines.warning(TARGETS_LOST, minutes=lines.TARGET_MINUTES),
        shown=Shown.SHARE,
        planned="every component says how it is; alerts of what is not scraped are silent",
        source=MIXIN,
    )


def series_that_fit(server: ServicePlan, days: float) -> float:
    """Return the series that a server's volume holds for so many days, at two bytes a sample."""
    samples = days * SECONDS_PER_DAY / SCRAPE_SECONDS.value
    return server.volume_gib * GIB / (samples * BYTES_A_SAMPLE.value)


def _prometheus(plan: PlatformPlan, facts: Facts) -> tuple[AlertPlan, ...]:
    server = next(one for one in plan.services if one.name == SERVER)
    fit = series_that_fit(server, facts.retention_days)
    said = f"{server.volume_gib} GiB for {number(facts.retention_days)} days hold {fit:.0f} series"
    return (
        AlertPlan(
            name="PrometheusSeriesAbovePlan",
            family=MONITORING,
            summary="{{ $labels.pod }} has nearly as many series as its volume holds",
            query=f"max by (pod) (prometheus_tsdb_head_series) / {fit:.0f}",
            lines=lines.filled(),
            shown=Shown.SHARE,
            planned=said,
            source=lines.TABLE,
        ),
        AlertPlan(
            name="PrometheusForgetsEarly",
            family=MONITORING,
            summary="{{ $labels.pod }} drops samples by size, before their time",
            query="sum by (pod) (increase(prometheus_tsdb_size_retentions_total[6h]))",
            lines=lines.warning(0, minutes=0),
            shown=Shown.COUNT,
            planned=said,
            source=lines.DECIDED,
        ),
        AlertPlan(
            name="PrometheusRulesFailing",
            family=MONITORING,
            summary="rules of {{ $labels.rule_group }} cannot be evaluated",
            query="sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total[15m]))",
            lines=lines.critical(0),
            shown=Shown.COUNT,
            planned="alerts of a group that fails are silent",
            source=lines.DECIDED,
        ),
        AlertPlan(
            name="PrometheusConfigRefused",
            family=MONITORING,
            summary="{{ $labels.pod }} has refused its config and runs on with the old one",
            query="min by (pod) (prometheus_config_last_reload_successful)",
            sign="<",
            lines=lines.warning(1, minutes=lines.TARGET_MINUTES),
            shown=Shown.COUNT,
            planned="what is scraped is what the operator wrote",
            source=lines.DECIDED,
        ),
    )


def _word() -> tuple[AlertPlan, ...]:
    return (
        AlertPlan(
            name="AlertsNotDelivered",
            family=MONITORING,
            summary="Alertmanager cannot reach {{ $labels.integration }}",
            query="sum by (integration) (increase(alertmanager_notifications_failed_total[15m]))",
            lines=lines.critical(0),
            shown=Shown.COUNT,
            planned="every receiver of `services.alerts` takes what it is told",
            source=lines.DECIDED,
        ),
        AlertPlan(
            name="AlertsDropped",
            family=MONITORING,
            summary="{{ $labels.pod }} could not hand alerts to Alertmanager",
            query="sum by (pod) (increase(prometheus_notifications_dropped_total[15m]))",
            lines=lines.critical(0),
            shown=Shown.COUNT,
            planned="every alert reaches Alertmanager",
            source=lines.DECIDED,
        ),
    )


def _objects(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    """Return the alerts of what carries samples into object storage, where something does."""
    if not any(one.name == "thanos-compact" for one in plan.services):
        return ()
    return (
        AlertPlan(
            name="ThanosHalted",
            family=MONITORING,
            summary="the compactor has stopped on something that it does not understand",
            query="max(thanos_compact_halted)",
            lines=lines.warning(0),
            shown=Shown.COUNT,
            planned="nothing is lost meanwhile; the bucket grows and queries over months slow down",
            source=lines.DECIDED,
        ),
        AlertPlan(
            name="ThanosUploadFailing",
            family=MONITORING,
            summary="{{ $labels.pod }} cannot write samples into the bucket",
            query="sum by (pod) (increase(thanos_shipper_upload_failures_total[6h]))",
            # a block goes every two hours: more than one has failed
            lines=lines.warning(1, minutes=0),
            shown=Shown.COUNT,
            planned="a block every two hours, kept on the servers' own volumes until it is written",
            source=lines.DECIDED,
        ),
    )


def _traces(plan: PlatformPlan) -> tuple[AlertPlan, ...]:
    if not any(one.name == COLLECTOR for one in plan.services):
        return ()
    return (
        AlertPlan(
            name="TracesLost",
            family=MONITORING,
            summary="{{ $labels.pod }} gives up spans for {{ $labels.exporter }}",
            query="sum by (pod, exporter) "
            "(increase(otelcol_exporter_send_failed_spans[15m]) "
            "+ increase(otelcol_exporter_enqueue_failed_spans[15m]))",
            lines=lines.warning(0),
            shown=Shown.COUNT,
            planned=f"{plan.request.load.trace_share:.0%} of the traces are kept",
            source=lines.DECIDED,
        ),
    )
