"""What GPU pools are asked beside the rest: zones that sell them, rolling, reserved capacity."""

from __future__ import annotations

from sizing.catalog import InstanceType
from sizing.checks.pool import Pool
from sizing.checks.verdicts import Amount, Subject, finding
from sizing.plans import Finding
from sizing.words import Verdict


def check_gpu_pool(subject: Subject, pool: Pool) -> list[Finding]:
    """Return what is asked of GPU pools alone; nothing of another role."""
    if pool.plan.role != "gpu":
        return []
    return [
        _zones(subject, pool, pool.machine),
        _rolling(subject, pool),
        *_reservation(subject, pool, pool.machine),
    ]


def _zones(subject: Subject, pool: Pool, machine: InstanceType) -> Finding:
    request = subject.plan.request
    sold = machine.zone_ids(request.region)
    common = [zone for zone in request.zone_ids if sold is not None and zone in sold]
    if sold is None:
        verdict, message = Verdict.UNPROVEN, f"no source lists the zones of {machine.name}"
    elif not common:
        verdict = Verdict.REFUTED
        message = f"{machine.name} is sold in {', '.join(sold) or 'no zone'}, none of ours"
    else:
        verdict, message = Verdict.HOLDS, f"{machine.name} is sold in {', '.join(common)}"
    return finding(
        subject,
        pool.path,
        "zones",
        verdict,
        message,
        amount=Amount(demand=1, capacity=len(common), unit="zones"),
        fix=f"take zone_ids that sell {machine.name}",
        source=machine.sources.get("zones", "skypilot-aws-v9"),
        blocking=True,
    )


def _rolling(subject: Subject, pool: Pool) -> Finding:
    nodes, away = pool.plan.scale.planned, pool.plan.max_unavailable
    alone, who = nodes <= away, "self-hosted models answer" if pool.serves else "Ollama answers"
    missed = alone and pool.serves and not subject.setting.is_dev
    return finding(
        subject,
        pool.path,
        "rolling",
        Verdict.UNPROVEN if missed else Verdict.HOLDS,
        f"an update takes {away} of {nodes} nodes away without a new one first"
        + (f"; {who} nothing meanwhile" if alone else ""),
        amount=Amount(demand=away, capacity=nodes, unit="nodes"),
        fix="set sizing.overrides.pools.gpu.planned to 2, or update when outside models may "
        "answer alone",
        source="terraform-provider-aws",
    )


def _reservation(subject: Subject, pool: Pool, machine: InstanceType) -> list[Finding]:
    if not machine.name.startswith("p") or pool.plan.capacity_reservation_id:
        return []
    return [
        finding(
            subject,
            pool.path,
            "capacity",
            Verdict.UNPROVEN,
            f"{pool.plan.scale.planned} x {machine.name} without a capacity reservation: "
            "that they can be had when wanted, nobody promises",
            fix="set sizing.overrides.pools.gpu.capacity_reservation_id"
            if pool.serves
            else "name a smaller GPU in services.ollama.gpu",
            source="capacity-blocks-old",
        )
    ]
