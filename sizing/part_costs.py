"""What each part that a stack may have or not adds to it: pods, nodes and money.

A part's price is the difference of two whole plans, with it and without it: its own pods, the
machines that they need, and whatever else they make larger. Two parts that fit on one machine
together may each cost nothing or a machine, so that their sum need not be the price of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sizing.cost import cost
from sizing.plan import plan
from sizing.plans import Bill, PlatformPlan
from sizing.plans.request import Switches
from sizing.plans.tools import ArchestraRequest, OllamaRequest

Turn = Callable[[Switches], Switches]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the stack file's `services`.

    Attributes:
        had: says whether switches have it.
        without: takes it away.
        added: adds it as it is when nothing else is said; None where more must be said.
    """

    name: str
    had: Callable[[Switches], bool]
    without: Turn
    added: Turn | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCost:
    """What a part adds to the stack, or would add where it is off.

    Attributes:
        workloads: services and helpers that it brings, by name.
        pods: of its services at the planned size.
        nodes: machines more at the planned size.
        pools: which pools change, from and to how many of which machine.
        monthly_usd: added to the bill at the planned size.
        at_least: something of it has no known price.
    """

    name: str
    on: bool
    workloads: tuple[str, ...]
    pods: int
    cpu_request_millis: int
    memory_request_bytes: int
    nodes: int
    pools: tuple[str, ...]
    monthly_usd: float
    at_least: bool


def _switch(name: str, off: object, on: object) -> Part:
    turned: dict[str, Any] = {name: on}
    cleared: dict[str, Any] = {name: off}
    return Part(
        name=name,
        had=lambda switches: getattr(switches, name) != off,
        without=lambda switches: replace(switches, **cleared),
        added=None if on is None else lambda switches: replace(switches, **turned),
    )


def _of_osmen(name: str, field: str, off: object, on: object) -> Part:
    turned: dict[str, Any] = {field: on}
    cleared: dict[str, Any] = {field: off}
    return Part(
        name=name,
        had=lambda switches: getattr(switches.osmen, field) != off,
        without=lambda switches: replace(switches, osmen=replace(switches.osmen, **cleared)),
        added=None
        if on is None
        else lambda switches: replace(switches, osmen=replace(switches.osmen, **turned)),
    )


PARTS = (
    _switch("agent_router", False, None),
    _switch("alerts", False, True),
    _switch("application", None, None),
    _switch("archestra", None, ArchestraRequest()),
    _switch("document_db", False, True),
    _switch("grafana", False, True),
    _of_osmen("langflow", "langflow", False, True),
    _switch("load_test", False, True),
    _switch("logs", False, True),
    _of_osmen("n8n", "n8n", False, True),
    _of_osmen("ollama", "ollama", None, OllamaRequest()),
    _of_osmen("osmen_gateway", "gateway", False, None),
    _switch("tracing", False, True),
    _switch("vault", False, True),
    _switch("vllm_router", False, True),
)


def part_costs(own: PlatformPlan, priced: Bill) -> tuple[PartCost, ...]:
    """Return every part that a stack has, or could have without saying more, by name.

    Args:
        own: the stack's plan.
        priced: its bill.
    """
    return tuple(_found(own, priced))


def _found(own: PlatformPlan, priced: Bill) -> Iterator[PartCost]:
    switches = own.request.switches
    for part in PARTS:
        on = part.had(switches)
        turn = part.without if on else part.added
        if turn is None:
            continue
        try:
            other = plan(replace(own.request, switches=turn(switches)))
        except ValueError:
            continue  # with it no plan can be made: it is no choice that this stack has
        other_bill = cost(other)
        rich, poor = (own, other) if on else (other, own)
        rich_bill, poor_bill = (priced, other_bill) if on else (other_bill, priced)
        yield _difference(part.name, on=on, plans=(rich, poor), bills=(rich_bill, poor_bill))


def _difference(
    name: str, *, on: bool, plans: tuple[PlatformPlan, PlatformPlan], bills: tuple[Bill, Bill]
) -> PartCost:
    """Return what the first of two plans, and of two bills, has more than the second."""
    rich, poor = _asked(plans[0]), _asked(plans[1])
    return PartCost(
        name=name,
        on=on,
        workloads=tuple(sorted(rich.names - poor.names)),
        pods=rich.pods - poor.pods,
        cpu_request_millis=rich.millis - poor.millis,
        memory_request_bytes=rich.memory_bytes - poor.memory_bytes,
        nodes=rich.nodes - poor.nodes,
        pools=tuple(_changed(plans[1], plans[0])),
        monthly_usd=round(bills[0].monthly_usd - bills[1].monthly_usd, 2),
        at_least=bool(set(bills[0].unpriced) - set(bills[1].unpriced)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    names: frozenset[str]
    pods: int
    millis: int
    memory_bytes: int
    nodes: int


def _asked(made: PlatformPlan) -> _Asked:
    """Return what stands at the planned size."""
    services = made.services
    return _Asked(
        names=frozenset((*(one.name for one in services), *(one.name for one in made.helpers))),
        pods=sum(one.scale.planned for one in services),
        millis=sum(one.scale.planned * one.cpu_request_millis for one in services),
        memory_bytes=sum(one.scale.planned * one.memory_request_bytes for one in services),
        nodes=sum(one.scale.planned for one in made.node_pools),
    )


def _changed(before: PlatformPlan, after: PlatformPlan) -> Iterator[str]:
    """Yield how each pool that is not the same at the planned size changes."""
    old, new = _machines(before), _machines(after)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield f"{name}: {old.get(name, 'none')} to {new.get(name, 'none')}"


def _machines(made: PlatformPlan) -> dict[str, str]:
    return {one.name: f"{one.scale.planned} x {one.instance_types[0]}" for one in made.node_pools}
