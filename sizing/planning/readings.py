"""How the document's words on services are read where they cannot be taken as written."""

from __future__ import annotations

from sizing.capacity.litellm import CPU_TARGET_PERCENT
from sizing.planning.environment import Setting
from sizing.planning.notes import note
from sizing.planning.vault import vault_notes
from sizing.plans import Adjustment
from sizing.tiers import HPA, VLLM_STACK
from sizing.tiers.vocabulary import JaegerForm, PrometheusForm
from sizing.words import Direction


def readings(setting: Setting) -> list[Adjustment]:
    """Return the notes on what the document says in a way that cannot be taken as written."""
    notes = [*_scale_readings()] if setting.proven else []
    tables = setting.tables
    notes += vault_notes(setting)
    if tables.prometheus.form is PrometheusForm.SERVERS:
        notes.append(
            note(
                "services.prometheus.memory",
                "CPU in Gi",
                "memory request and limit",
                direction=Direction.REPLACED,
                rule="prometheus-units",
                reason='the cell ("1Gi/4Gi") carries memory units on both sides; CPU is assumed',
            )
        )
    if tables.jaeger.form is JaegerForm.ELASTIC_BACKEND:
        notes.append(
            note(
                "services.jaeger-collector",
                "Elastic backend",
                "OpenSearch domain",
                direction=Direction.REPLACED,
                rule="jaeger-opensearch",
                reason="the cloud sells OpenSearch, and the platform has a domain already",
            )
        )
    return notes


def _scale_readings() -> list[Adjustment]:
    return [
        note(
            "services.litellm.autoscaling",
            f"CPU {HPA.cpu_percent} %, memory {HPA.memory_percent} %",
            f"CPU {int(CPU_TARGET_PERCENT)} %, no memory target",
            direction=Direction.REPLACED,
            rule="hpa-targets",
            reason="70 % is the warning line of table 5.2, and idle memory already passes 80 %",
        ),
        note(
            "services.vllm.autoscaling",
            f"{VLLM_STACK.trigger_query} >= {VLLM_STACK.trigger_threshold}",
            "slots per replica, and waiting > 0",
            direction=Direction.REPLACED,
            rule="keda-threshold",
            reason="ten running requests say nothing of what a GPU holds; the queue does",
        ),
    ]
