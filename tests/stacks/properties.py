"""What holds for any stack, asked of stacks that a test writes itself."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

from stacks import program
from stacks.config import parse_platform
from tests.stacks import manifests, test_order, test_references, test_rendered, test_scaling

Property = Callable[[str], None]


def properties(module: ModuleType) -> Iterator[Property]:
    """Return the tests of a module that hold for any stack."""
    for name, found in sorted(vars(module).items()):
        if name.startswith("test_") and list(inspect.signature(found).parameters) == ["stack"]:
            yield found


MODULES = (test_rendered, test_references, test_order, test_scaling)
PROPERTIES = tuple(one for module in MODULES for one in properties(module))
each_property = pytest.mark.parametrize(
    "holds", PROPERTIES, ids=lambda one: one.__name__.removeprefix("test_")
)


@contextmanager
def looking_at(files: Mapping[str, Path], siblings: Path | None = None) -> Iterator[None]:
    """Let the tests of the others look for stacks among these files, by the names given here.

    Args:
        files: of the stacks.
        siblings: the folder in which hosts and guests of them stand, None where they have none.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in (manifests, *MODULES):
            patch.setattr(module, "stack_files", lambda: files, raising=False)
        if siblings:
            # the program looks for them where the repository keeps its own
            patch.setattr(program, "parse_platform", partial(parse_platform, folder=siblings))
        yield
