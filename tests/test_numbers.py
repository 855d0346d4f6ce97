"""Every number in sizing stands in a Figure or in a table that names its source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
UNIT_FACTORS = frozenset({0, 1, 60, 100, 1000, 1024, 3600, 86_400, 1_000_000, 1_000_000_000})
"""Percent, powers of thousand and time: what is the same for everybody needs no source."""


def is_table(node: ast.stmt) -> bool:
    """Say whether a module-level statement is a table: an assignment to an UPPER_CASE name."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return bool(targets) and all(isinstance(t, ast.Name) and t.id.isupper() for t in targets)


def bare_numbers(source: str) -> list[str]:
    """Return "line: number" for each number outside a table and outside a Figure."""
    tree = ast.parse(source)
    allowed: set[int] = set()
    for statement in tree.body:
        if is_table(statement):
            allowed |= {id(node) for node in ast.walk(statement)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "Figure"
        ):
            allowed |= {id(child) for child in ast.walk(node)}
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "round"
        ):
            allowed |= {id(child) for child in node.args[1:]}  # digits shown, not a size
        elif isinstance(node, ast.Subscript):  # an index is a place, not a size
            allowed |= {id(child) for child in ast.walk(node.slice)}
    return [
        f"{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
        and id(node) not in allowed
        and node.value not in UNIT_FACTORS
    ]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "sizing").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_number_stands_without_its_source(path: Path) -> None:
    assert bare_numbers(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("def f(x):\n    return x * 3.5", 1),
        ("limit = 110", 1),
        ("def f(x, most=250):\n    return x", 1),
        ("LIMITS = {'t4': 16}", 0),
        ("def f():\n    return Figure(value=0.75, unit='share')", 0),
        ("def f(x):\n    return x / 1000 + 1", 0),
        ("def f(x):\n    return round(x * 7, 2)", 1),
    ],
)
def test_the_walk_tells_a_bare_number_from_a_sourced_one(source: str, count: int) -> None:
    assert len(bare_numbers(source)) == count
