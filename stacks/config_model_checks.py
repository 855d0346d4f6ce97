"""What keys of a stack's config say together of models and of the providers that answer them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from sizing.words import Cloud, Tier
from sizing.workload.axes import resolve
from sizing.workload.reference import reference
from sizing.workload.statement import WorkloadError, parse
from stacks.config_errors import Problem, shown, unknown_key, words
from stacks.config_facts import Facts
from stacks.config_providers import NEEDS_ENDPOINT, NEEDS_PROJECT, Provider, needs_key

Rows = Sequence[Mapping[str, object]]


def check_models(facts: Facts) -> Iterator[Problem]:
    """Return every problem of models and providers."""
    external = facts.rows("models.external")
    yield from _used_providers(facts, external or ())
    yield from _keyless(facts)
    own = _self_hosted(facts)
    if own is None or external is None:
        return  # without all names, a good one would be called unknown
    yield from _names(external, own)
    yield from _fallbacks(facts, external, own)
    yield from _revisions(facts, own)


def _self_hosted(facts: Facts) -> tuple[str, ...] | None:
    """Return the names of the self-hosted models, None where the load is not known."""
    tier, stated = facts.text("tier"), facts.value("workload")
    if tier not in list(Tier) or any(bad.startswith("workload") for bad in facts.bad):
        return None
    try:
        load = resolve(parse(stated), Tier(tier)).workload if isinstance(stated, dict) else None
    except WorkloadError:
        return None
    load = load or reference(Tier(tier))
    return tuple(one.name for one in load.models) if load.self_hosted_share else ()


def _names(external: Rows, own: Sequence[str]) -> Iterator[Problem]:
    seen = dict.fromkeys(own, "a self-hosted model has")
    for index, row in enumerate(external):
        name = str(row.get("name"))
        if name in seen:
            yield Problem(
                path=f"models.external[{index}].name",
                found=f"{shown(name)}, which {seen[name]}, too",
                allowed="a name of its own for each model",
            )
        seen.setdefault(name, f"models.external[{index}] has")


def _fallbacks(facts: Facts, external: Rows, own: Sequence[str]) -> Iterator[Problem]:
    known = (*own, *(str(row.get("name")) for row in external))
    for index, row in enumerate(external):
        path = f"models.external[{index}].fallbacks"
        yield from _chain(path, str(row.get("name")), row.get("fallbacks"), known)
    for name, chosen in facts.mapping("models.fallbacks").items():
        if name not in own:
            yield _unknown(f"models.fallbacks.{name}", name, own, "self-hosted model")
        else:
            yield from _chain(f"models.fallbacks.{name}", name, chosen, known)


def _chain(path: str, name: str, chosen: object, known: Sequence[str]) -> Iterator[Problem]:
    if not isinstance(chosen, list):
        return
    for index, one in enumerate(chosen):
        place = f"{path}[{index}]"
        if one == name:
            yield Problem(path=place, found="the model itself", allowed="another model")
        elif one in chosen[:index]:
            yield Problem(path=place, found=f"{shown(one)} again", allowed="each model once")
        elif one not in known:
            yield _unknown(place, str(one), known, "model")


def _revisions(facts: Facts, own: Sequence[str]) -> Iterator[Problem]:
    for name in facts.mapping("models.revisions"):
        if name not in own:
            yield _unknown(f"models.revisions.{name}", name, own, "self-hosted model")


def _unknown(path: str, name: str, known: Sequence[str], what: str) -> Problem:
    found, _ = unknown_key(name, known)
    return Problem(
        path=path,
        found=found.replace("unknown key", f"unknown {what}"),
        allowed=words(known) or f"none: this stack has no {what}",
    )


def _used_providers(facts: Facts, external: Rows) -> Iterator[Problem]:
    used = dict.fromkeys(str(row.get("provider")) for row in external)
    needs = chain(
        ((one, ("endpoint",)) for one in sorted(NEEDS_ENDPOINT)),
        ((one, ("project", "location")) for one in sorted(NEEDS_PROJECT)),
    )
    for provider, keys in needs:
        for key in keys:
            path = f"models.providers.{provider}.{key}"
            bad = any(path.startswith(one) for one in facts.bad if one.startswith("models.prov"))
            if provider in used and not bad and facts.text(path) is None:
                yield Problem(
                    path=path,
                    found=f"nothing beside models of {provider}",
                    allowed=f"the {key} that answers: this provider has none for everybody",
                )


def _keyless(facts: Facts) -> Iterator[Problem]:
    cloud = facts.text("cloud") or Cloud.AWS
    for name in facts.mapping("models.providers"):
        path = f"models.providers.{name}.existing_secret"
        known = name in list(Provider) and cloud in list(Cloud)
        if known and not needs_key(Provider(name), Cloud(cloud)) and facts.text(path) is not None:
            yield Problem(
                path=path,
                found=f"a key of {name} on {cloud}",
                allowed="none: the gateway's own identity opens it",
            )
