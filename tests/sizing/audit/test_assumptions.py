"""The assumed figures: all of them found, and changed wherever a plan reads them."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import sizing
from sizing.audit import assumptions
from sizing.audit.assumed import Assumed, assumed, modules
from sizing.audit.assumptions import COPIES, Assumption, changed, request
from sizing.cost import cost
from sizing.model import Figure
from sizing.plan import plan
from sizing.reserve import DAEMON_PODS, daemon_pods
from sizing.sources import sources
from sizing.words import Environment, Kind, Tier
from sizing.workload import ENVIRONMENT_SHARES

pytestmark = pytest.mark.cloud_free("figures, and the stacks of both clouds that they move")

ROOT = Path(inspect.getfile(sizing)).parent
MOST = 30
"""Figures that the project may assume (sizing rules, sources)."""
TOLD_ONLY = {"sizing.capacity.network.ASSUMPTION"}
"""Constants that say an assumed figure in words."""


@pytest.fixture(scope="module")
def found() -> tuple[Assumption, ...]:
    return assumptions.assumptions()


def by_id(name: str) -> Assumed:
    return next(one for one in assumed() if one.id == name)


def defined(source: str) -> int:
    """Count the assumed figures that a module writes down."""
    return sum(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Figure"
        and any(
            keyword.arg == "kind"
            and isinstance(keyword.value, ast.Attribute)
            and keyword.value.attr == "ASSUMED"
            for keyword in node.keywords
        )
        for node in ast.walk(ast.parse(source))
    )


def test_every_assumed_figure_that_is_written_down_is_listed_once() -> None:
    written = sum(defined(path.read_text()) for path in ROOT.rglob("*.py"))
    ids = [one.id for one in assumed()]
    assert len(ids) == written
    assert ids == sorted(set(ids))
    assert all(one.figure.kind is Kind.ASSUMED for one in assumed())


def test_at_most_thirty_figures_are_assumed() -> None:
    assert len(assumed()) <= MOST


def test_a_figure_is_named_by_where_it_is_defined() -> None:
    for one in assumed():
        path, _, rest = one.id.partition("[")
        module, name = path, ""
        while module:
            module, _, last = module.rpartition(".")
            name = f"{last}.{name}" if name else last
            try:
                holder: object = importlib.import_module(module)
                break
            except ModuleNotFoundError:
                continue
        for part in name.split("."):
            holder = getattr(holder, part)
        assert holder is one.figure or rest, one.id


def test_every_effect_starts_from_the_tiers_own_bill(found: tuple[Assumption, ...]) -> None:
    assert [one.id for one in found] == [one.id for one in assumed()]
    for tier in Tier:
        bill = cost(plan(request(tier))).monthly_usd
        assert {
            effect.monthly_usd for one in found for effect in one.effects if effect.tier is tier
        } == {bill}


def test_figures_with_a_price_move_the_bill(found: tuple[Assumption, ...]) -> None:
    effects = {one.id: one.effects for one in found}
    for name in ("planning.pool_machines.ROOT_DISK", "pricing.network.LOG_GIB_PER_NODE"):
        for effect in effects[f"sizing.{name}"]:
            assert effect.half_usd is not None
            assert effect.one_and_a_half_usd is not None
            assert effect.half_usd < effect.monthly_usd < effect.one_and_a_half_usd


def test_everything_is_put_back(found: tuple[Assumption, ...]) -> None:
    assert found
    assert ENVIRONMENT_SHARES[Environment.PROD].value == 1
    before = {one.id: one.figure.value for one in assumed()}
    with pytest.raises(RuntimeError), changed(by_id("sizing.reserve.DAEMON_PODS"), 2):
        raise RuntimeError
    assert {one.id: one.figure.value for one in assumed()} == before


def test_a_changed_figure_is_read_by_all_and_stays_whole() -> None:
    from sizing.catalog import instance
    from sizing.words import Cloud

    node = instance(Cloud.AWS, "m5.xlarge")
    with changed(by_id("sizing.reserve.DAEMON_PODS"), 1.5):
        assert daemon_pods(node) == DAEMON_PODS.value == 12
    assert daemon_pods(node) == 8


@pytest.mark.parametrize("name", sorted(COPIES))
def test_a_copy_holds_what_its_figure_says(name: str) -> None:
    one = by_id(name)
    holder, field = COPIES[name]
    assert getattr(holder, field) == one.figure.value
    with changed(one, 0.5):
        assert getattr(holder, field) == one.figure.value
    assert getattr(holder, field) == one.figure.value


def test_no_other_constant_copies_an_assumed_figure() -> None:
    own = {id(one.figure): one.id for one in assumed()}
    copied = {
        (f"{module.__name__}.{target}", own[id(figure)])
        for module in modules()
        for target, figure in read_at_import(module)
        if id(figure) in own
    }
    assert {
        (target, name) for target, name in copied if name not in COPIES and target not in TOLD_ONLY
    } == set()
    assert {name for _, name in copied} >= set(COPIES)


def read_at_import(module: ModuleType) -> Iterator[tuple[str, Figure]]:
    """Return the figures whose value a module reads while it is imported, and for what."""
    tree = ast.parse(inspect.getsource(module))
    for statement in tree.body:
        parts: list[ast.AST] = [statement]
        if isinstance(statement, ast.FunctionDef):
            parts = [*statement.args.defaults, *filter(None, statement.args.kw_defaults)]
        name = getattr(statement, "name", "")
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
        if isinstance(statement, ast.ClassDef):
            continue
        for node in (node for part in parts for node in ast.walk(part)):
            read = None
            if isinstance(node, ast.Attribute) and node.attr == "value":
                read = node.value
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"int", "float"}:
                read = node.args[0] if node.args else None
            held = getattr(module, read.id, None) if isinstance(read, ast.Name) else None
            if isinstance(held, Figure):
                yield name, held


def test_sources_resolve_and_effects_read_as_changes(found: tuple[Assumption, ...]) -> None:
    assert {one.source for one in found} <= set(sources())
    shown = {one.id: [str(effect) for effect in one.effects] for one in found}
    assert set(shown["sizing.workload.reference.ENVIRONMENT_SHARES[dev]"]) == {"0 / 0"}
    assert all("+" in text for text in shown["sizing.planning.pool_machines.ROOT_DISK"])
