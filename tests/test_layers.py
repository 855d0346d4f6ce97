"""Imports go one way: sizing <- components <- stacks <- preview, and sizing is pure."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("sizing", "components", "stacks", "preview")
IMPURE = frozenset(
    {
        "pulumi",
        "pulumi_aws",
        "pulumi_gcp",
        "pulumi_kubernetes",
        "pulumi_random",
        "boto3",
        "os",
        "time",
        "random",
        "socket",
        "subprocess",
    }
    | {"urllib", "http", "requests", "datetime", "secrets", "getpass", "platform"}
)


def imported(source: str) -> set[str]:
    """Return the top-level packages that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def modules() -> Iterator[tuple[str, Path]]:
    for layer in LAYERS:
        yield from ((layer, path) for path in sorted((ROOT / layer).rglob("*.py")))


def upward(layer: str, source: str) -> set[str]:
    """Return the imports that a module of the layer may not have."""
    above = {*LAYERS[LAYERS.index(layer) + 1 :], "tests"}
    return imported(source) & (above | IMPURE if layer == "sizing" else above)


def test_no_module_imports_a_layer_above_it() -> None:
    found = {
        str(path.relative_to(ROOT)): upward(layer, path.read_text()) for layer, path in modules()
    }
    assert len(found) > len(LAYERS)
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("layer", "source"),
    [
        ("sizing", "import pulumi"),
        ("sizing", "from components.aws import network"),
        ("sizing", "def now():\n    import time"),
        ("components", "from stacks.config import StackConfig"),
        ("stacks", "import preview.cli"),
    ],
)
def test_the_layer_check_sees_each_wrong_import(layer: str, source: str) -> None:
    assert upward(layer, source)


BLOCKED = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"pulumi", "pulumi_aws", "pulumi_kubernetes", "pulumi_random"}:
            raise ImportError(f"{name} is blocked")
sys.meta_path.insert(0, Refuse())
"""


@pytest.mark.parametrize(
    "code",
    [
        "import sizing.plan, sizing.check, sizing.cost, sizing.quotas, sizing.rules",
        "import stacks.config",
        "import components.naming",
        "import preview.cli",
        "from preview.cli import main; assert main(['tiers']) == 0",
        "from preview.cli import main; assert main(['schema']) == 0",
    ],
)
def test_sizing_config_and_the_tables_need_no_pulumi(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED + code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
