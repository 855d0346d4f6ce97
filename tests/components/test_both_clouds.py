"""How many of the component cases run under both clouds, and why the others do not.

A case is what a test checks with its parameters, the cloud left out. It is of both clouds where it
runs for each, free of them where nothing that it reads comes of a cloud, and of one cloud else:
by a mark that says why, or by its folder, whose cases are about one provider's own resources. All
of tests/components counts, and a case counts once, however many rows it looks at: a table whose
rows differ in a word is one case with a loop, in the folders of one provider and of both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from sizing.words import Cloud

HOME = Path(__file__).parent
LEAST = 0.9
"""Of the cases that a cloud matters to."""
OWN = {
    "aws": "what the provider's own resources are asked for on AWS",
    "gcp": "what the provider's own resources are asked for on Google Cloud",
}
"""Folders whose cases are of one cloud: what both promise alike belongs to the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case as it was collected; `cloud` is None where it runs for none in particular."""

    folder: str
    name: str
    cloud: Cloud | None
    why: str = ""


def case(item: pytest.Item) -> Case:
    """Return what a collected item is."""
    call = getattr(item, "callspec", None)
    cloud = next((one for one in _clouds(call.params.values() if call else ())), None)
    above = item.path.relative_to(HOME).parts[:-1]
    folder = above[0] if above else ""
    mark = item.get_closest_marker("one_cloud")
    name = f"{item.path.name}::{item.name}"
    if cloud is not None:
        name = re.sub(rf"(?<=[\[-]){cloud}[-\]]", "", name, count=1)
    if folder in OWN:
        return Case(folder=folder, name=name, cloud=Cloud(folder), why=OWN[folder])
    return Case(folder=folder, name=name, cloud=cloud, why=mark.args[1] if mark else "")


def _clouds(values: Iterable[object]) -> Iterable[Cloud]:
    for one in values:
        first = one[0] if isinstance(one, tuple) and one else one
        if isinstance(first, Cloud):
            yield first


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Cases by how they run; those of one cloud by why."""

    both: int
    free: int
    alone: dict[str, int]

    @property
    def share(self) -> float:
        """Of the cases that a cloud matters to, how many run for both."""
        return self.both / (self.both + sum(self.alone.values()))


def count(cases: Sequence[Case]) -> Counted:
    clouds: dict[tuple[str, str], set[Cloud | None]] = defaultdict(set)
    why: dict[tuple[str, str], str] = {}
    for one in cases:
        clouds[one.folder, one.name].add(one.cloud)
        why[one.folder, one.name] = one.why or f"no reason is given: {one.name}"
    alone: dict[str, int] = defaultdict(int)
    for key, found in clouds.items():
        if len(found) == 1 and None not in found:
            alone[why[key]] += 1
    return Counted(
        both=sum(found >= set(Cloud) for found in clouds.values()),
        free=sum(found == {None} for found in clouds.values()),
        alone=dict(alone),
    )


@pytest.fixture(scope="module")
def cases(request: pytest.FixtureRequest) -> list[Case]:
    """Return every case of this folder, of a run that has collected them all."""
    items = [one for one in request.session.items if HOME in one.path.parents]
    wanted, narrowed = set(HOME.rglob("test_*.py")), request.config.option
    if wanted - {one.path for one in items} or narrowed.keyword or narrowed.markexpr:
        pytest.skip("counts where all of tests/components is collected")
    return [case(one) for one in items]


def test_nine_of_ten_cases_run_under_both_clouds(cases: list[Case]) -> None:
    assert {one.folder for one in cases} >= {*OWN, "clouds", "kubernetes"}
    found = count(cases)
    assert found.both > 1000
    assert found.share >= LEAST, f"{found.share:.1%}: {found.alone}"


def test_a_case_of_one_cloud_says_why(cases: list[Case]) -> None:
    assert [why for why in count(cases).alone if why.startswith("no reason")] == []


def _needs(item: pytest.Item, fixture: str) -> set[str]:
    """Return the fixtures that one asks for, itself and whatever lies between."""
    known = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]  # pytest has no other way
    waiting, seen = [fixture], set[str]()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        asked = [arg for one in known.get(name, ()) for arg in one.argnames]
        waiting += [one for one in asked if one not in seen]
    return seen


def test_what_a_module_keeps_is_kept_for_each_cloud(request: pytest.FixtureRequest) -> None:
    # a fixture of a module that does not ask for the cloud would give one cloud's to the other
    wrong = set()
    for item in request.session.items:
        if HOME / "kubernetes" not in item.path.parents:
            continue
        known = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
        kept = [name for name, found in known.items() if found[-1].scope == "module"]
        free = item.get_closest_marker("cloud_free")
        wrong |= {
            f"{item.path.name}: {name}"
            for name in kept
            if free is None and "_cloud" not in _needs(item, name)
        }
    assert wrong == set()


def runs(name: str, *clouds: Cloud | None, folder: str = "kubernetes", why: str = "") -> list[Case]:
    return [Case(folder=folder, name=name, cloud=one, why=why) for one in clouds]


def test_a_case_counts_once_whichever_clouds_it_runs_for() -> None:
    found = count([*runs("a", *Cloud), *runs("b", *Cloud), *runs("free", None)])
    assert (found.both, found.free, found.alone, found.share) == (2, 1, {}, 1.0)


def test_many_cases_of_one_cloud_are_too_many() -> None:
    both = [one for index in range(90) for one in runs(f"both-{index}", *Cloud)]
    few = [one for index in range(10) for one in runs(f"one-{index}", Cloud.AWS, why="because")]
    assert count([*both, *few]).share >= LEAST
    more = [*few, *runs("one-more", Cloud.GCP, why="another")]
    found = count([*both, *more])
    assert found.share < LEAST
    assert found.alone == {"because": 10, "another": 1}


def test_a_case_that_gives_no_reason_is_named() -> None:
    (said,) = count(runs("test_x.py::test_y", Cloud.AWS)).alone
    assert "test_x.py::test_y" in said
