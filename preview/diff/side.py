"""One side of a comparison: a plan as JSON, or the state that an engine's preview ends in.

A plan is what `aigw plan STACK --json` writes, of this commit or of an older one; an engine's
preview is what `pulumi preview --json` writes. Both hold steps; only a plan holds findings and
a bill.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from preview.diff.masks import masked
from preview.misuse import MisuseError
from sizing.model import Json

SCHEMAS = (1,)
"""Values of "schema" of a plan that can be compared."""


_ALLOWED = "what `aigw plan STACK --json` or `pulumi preview --json` writes"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A resource as one side has it.

    Attributes:
        inputs: with sentinels for what is secret or unknown.
        own: whether a provider manages it; else it is a component.
        external: read, not managed.
        needs: by property, the URNs that its value is made from.
        ignored: properties whose change the engine overlooks.
        forced: properties whose change the program has replace the resource.
    """

    urn: str
    type: str
    name: str
    inputs: Mapping[str, Json]
    own: bool
    external: bool
    parent: str
    provider: str
    needs: Mapping[str, tuple[str, ...]]
    aliases: tuple[str, ...]
    ignored: tuple[str, ...]
    forced: tuple[str, ...]
    protect: bool
    retained: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A stack before or after.

    Attributes:
        label: where it comes from: a commit, "working tree", a file.
        document: as it was read, secrets masked; empty where the stack does not exist.
        resources: by URN.
        plan: what the plan says of itself; empty for an engine's preview.
        failed: why nothing is known of its resources; "" where they are known.
    """

    label: str
    document: Mapping[str, Json] = field(repr=False)
    resources: Mapping[str, State] = field(repr=False)
    plan: Mapping[str, Json] = field(repr=False)
    failed: str = ""

    @property
    def stack(self) -> str:
        """The stack's name; "" where nothing tells it."""
        named = self.plan.get("stack")
        if isinstance(named, str):
            return named
        return next((urn.split(":")[2] for urn in self.resources), "")


def parsed(text: str, where: str) -> dict[str, Json]:
    """Return a document of a plan or of an engine's preview, secrets masked.

    Raises:
        MisuseError: it is neither, or a plan in a form that is not known here.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise MisuseError(f"{where}: {error}; allowed: JSON, {_ALLOWED}") from error
    if not isinstance(document, dict) or not ({"steps", "aigw", "changeSummary"} & document.keys()):
        raise MisuseError(f"{where}: neither plan nor preview; allowed: {_ALLOWED}")
    plan = document.get("aigw")
    if isinstance(plan, dict) and plan.get("schema") not in SCHEMAS:
        raise MisuseError(
            f"{where}: a plan of schema {plan.get('schema')}; "
            f"allowed: {', '.join(map(str, SCHEMAS))}, as this version of aigw writes it"
        )
    kept = masked(document)
    assert isinstance(kept, dict)
    return kept


def side(document: Mapping[str, Json], label: str) -> Side:
    """Return a side of a plan's or a preview's document: the state that its steps end in."""
    plan = document.get("aigw")
    steps = document.get("steps")
    resources: dict[str, State] = {}
    for step in maps(steps):
        state = step.get("newState")
        if isinstance(state, dict):
            one = state_of(state, external=step.get("op") == "read")
            resources[one.urn] = one
    own = plan if isinstance(plan, dict) else {}
    refused = bool(own) and steps is None
    return Side(
        label=label,
        document=document,
        resources=resources,
        plan=own,
        failed="an error finding stops the program before it registers anything" if refused else "",
    )


def side_of(resources: Mapping[str, State], document: Mapping[str, Json], label: str) -> Side:
    """Return a side of resources that are known already: an engine's, which has no plan."""
    return Side(label=label, document=document, resources=resources, plan={})


def nothing(label: str) -> Side:
    """Return the side on which a stack does not exist."""
    return Side(label=label, document={}, resources={}, plan={})


def state_of(state: Mapping[str, Json], *, external: bool = False) -> State:
    """Return a resource from a step's `oldState` or `newState`."""
    urn = str(state["urn"])
    inputs = state.get("inputs")
    needs = state.get("propertyDependencies")
    return State(
        urn=urn,
        type=str(state["type"]),
        name=urn.rpartition("::")[2],
        inputs=inputs if isinstance(inputs, dict) else {},
        own=bool(state.get("custom")),
        external=external or bool(state.get("external")),
        parent=str(state.get("parent") or ""),
        provider=str(state.get("provider") or "").rpartition("::")[0],
        needs={key: _texts(urns) for key, urns in needs.items() if urns}
        if isinstance(needs, dict)
        else {},
        aliases=_texts(state.get("aliases")),
        ignored=_texts(state.get("ignoreChanges")),
        forced=_texts(state.get("replaceOnChanges")),
        protect=bool(state.get("protect")),
        retained=bool(state.get("retainOnDelete")),
    )


def maps(value: Json) -> Sequence[dict[str, Json]]:
    """Return the maps in a list; none where it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
