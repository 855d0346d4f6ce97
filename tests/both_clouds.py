"""Cases that run once for each cloud, and why some run for one alone, or for none.

A folder's conftest takes `pytest_generate_tests`, `pytest_collection_modifyitems` and `_cloud` from
here: each of its cases then runs for each cloud, and `here` says for which. A mark on a case, a
parameter or a module says what is different:

- `cloud_free(why)`: nothing in the case comes of a cloud. It runs once, and asking `here` fails it.
- `one_cloud(cloud, why)`: what the case reads exists on one cloud alone.

`cases` gives what was collected for a guard: `unexplained` names each case that runs for one cloud
alone and does not say why, `one_sided` (where stacks' names are the parameters) each such file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from sizing.words import Cloud

STACK = re.compile(r"(?:dev|staging|prod)-(?:small|medium|large|enterprise)(-gcp)?")
"""A stack's name, which says its cloud."""
COLLECTED = pytest.StashKey[tuple[pytest.Item, ...]]()
"""What was collected, before markers and names narrowed it."""
_now: list[Cloud] = []


def here() -> Cloud:
    """Return the cloud that the running case is for.

    Raises:
        AssertionError: no case is running, or one that is marked `cloud_free`.
    """
    assert _now, "asked for a cloud by a case that is cloud_free, or by a module's own level"
    return _now[-1]


@contextmanager
def on(cloud: Cloud) -> Iterator[Cloud]:
    """Let what follows be of one cloud."""
    _now.append(cloud)
    try:
        yield cloud
    finally:
        _now.pop()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let each case run for each cloud."""
    if metafunc.definition.get_closest_marker("cloud_free") is None:
        metafunc.parametrize("_cloud", list(Cloud), ids=str, indirect=True, scope="module")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what a case of one cloud would be on the other; a parameter's mark counts, too."""
    items[:] = [one for one in items if _meant(one)]


def _meant(item: pytest.Item) -> bool:
    mark, asked = item.get_closest_marker("one_cloud"), _parameters(item).get("_cloud")
    return mark is None or asked in (None, mark.args[0])


@pytest.fixture(scope="module", autouse=True)
def _cloud(request: pytest.FixtureRequest) -> Iterator[None]:
    """Make samples be of one cloud; what a module keeps for several cases must ask for it, too."""
    if not hasattr(request, "param"):
        yield
        return
    with on(request.param):
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case as it was collected; `cloud` is None where it runs for none in particular.

    `name` is the file's path and the case's own, the cloud left out; `why` is its mark's reason.
    """

    name: str
    cloud: Cloud | None
    why: str = ""

    @property
    def file(self) -> str:
        """The path of the file that the case stands in, below the folder that was asked about."""
        return self.name.partition("::")[0]


def case(item: pytest.Item, home: Path) -> Case:
    """Return what a collected item under a folder is."""
    cloud = next(filter(None, map(_cloud_of, _parameters(item).values())), None)
    name = f"{item.path.relative_to(home)}::{item.name}"
    if cloud is not None:
        name = re.sub(rf"(?<=[\[-]){cloud}[-\]]|-gcp\b", "", name, count=1)
    marks = (item.get_closest_marker("one_cloud"), item.get_closest_marker("cloud_free"))
    why = next((one.args[-1] for one in marks if one is not None), "")
    return Case(name=name, cloud=cloud, why=why)


def _parameters(item: pytest.Item) -> Mapping[str, object]:
    call = getattr(item, "callspec", None)
    return call.params if call else {}


def _cloud_of(value: object) -> Cloud | None:
    """Return the cloud that a parameter is, begins with, or is a stack of."""
    first = value[0] if isinstance(value, tuple) and value else value
    if isinstance(first, Cloud):
        return first
    named = STACK.fullmatch(first) if isinstance(first, str) else None
    return None if named is None else Cloud.GCP if named[1] else Cloud.AWS


def cases(request: pytest.FixtureRequest, home: Path) -> list[Case]:
    """Return every case under a folder, of a run that has collected them all; else skip."""
    every = request.config.stash[COLLECTED]
    items = [one for one in every if home in one.path.parents and _meant(one)]
    if set(home.rglob("test_*.py")) - {one.path for one in items}:
        pytest.skip(f"judges where all of {home.name} is collected")
    return [case(one, home) for one in items]


def unexplained(found: Sequence[Case]) -> list[str]:
    """Return the names of cases that run for fewer clouds than there are, and do not say why."""
    clouds: dict[str, set[Cloud | None]] = defaultdict(set)
    for one in found:
        clouds[one.name].add(one.cloud)
    return sorted({one.name for one in found if not one.why and clouds[one.name] != set(Cloud)})


def one_sided(found: Sequence[Case]) -> list[str]:
    """Return the files with a case without a reason that have none for some cloud."""
    clouds: dict[str, set[Cloud | None]] = defaultdict(set)
    for one in found:
        clouds[one.file].add(one.cloud)
    silent = {one.file for one in found if not one.why}
    return sorted(one for one in silent if not clouds[one] >= set(Cloud))


def kept_for_one(request: pytest.FixtureRequest, home: Path) -> set[str]:
    """Return what modules under a folder keep for cases of both clouds, without asking for which.

    Such a fixture is made once, for the cloud of the first case, and given to the other's as well.
    """
    wrong = set()
    for item in request.session.items:
        alone = any(item.get_closest_marker(one) for one in ("one_cloud", "cloud_free"))
        if alone or home not in item.path.parents:
            continue
        known = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]  # pytest has no other way
        kept = [name for name, found in known.items() if found[-1].scope in ("module", "session")]
        wrong |= {f"{item.path.name}: {one}" for one in kept if "_cloud" not in _asked(known, one)}
    return wrong


def _asked(known: Mapping[str, Sequence[pytest.FixtureDef[object]]], fixture: str) -> set[str]:
    """Return a fixture with those that it asks for, and they."""
    waiting, seen = [fixture], set[str]()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        asked = (arg for one in known.get(name, ()) for arg in one.argnames)
        waiting += [one for one in asked if one not in seen]
    return seen
