"""Every family of the planner's tests runs for both clouds, or says why it does not."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from sizing.words import Cloud
from tests import both_clouds
from tests.both_clouds import Case, unexplained

pytestmark = pytest.mark.cloud_free("the cases themselves")
HOME = Path(__file__).parent
OWN = frozenset(map(str, Cloud))
"""Folders whose cases are about what one cloud sells, refuses and bills."""
LEAST = 0.9
"""Of the cases of all other files that a cloud matters to."""
SAMPLES = re.compile(rf"tests\.sizing\.({'|'.join(sorted(OWN))})\b")


def is_own(name: str) -> bool:
    return name.partition("/")[0] in OWN


@pytest.fixture(scope="module")
def cases(request: pytest.FixtureRequest) -> list[Case]:
    """Return every case of this folder, of a run that has collected them all."""
    return both_clouds.cases(request, HOME)


@pytest.fixture(scope="module")
def shared(cases: list[Case]) -> dict[str, set[Cloud]]:
    """Return the clouds of each case of a shared file that a cloud matters to."""
    found: dict[str, set[Cloud]] = defaultdict(set)
    for one in cases:
        if one.cloud is not None and not is_own(one.name):
            found[one.name].add(one.cloud)
    return found


def test_a_case_that_does_not_run_for_both_clouds_says_why(cases: list[Case]) -> None:
    assert unexplained(cases) == []


def test_a_family_of_one_cloud_lies_in_its_folder(shared: dict[str, set[Cloud]]) -> None:
    families: dict[str, set[Cloud]] = defaultdict(set)
    for name, clouds in shared.items():
        families[name.partition("::")[0]] |= clouds
    assert {name: found for name, found in families.items() if found != set(Cloud)} == {}


def test_nine_of_ten_cases_of_shared_families_run_for_both(shared: dict[str, set[Cloud]]) -> None:
    both = [name for name, clouds in shared.items() if clouds == set(Cloud)]
    assert len(both) > 500
    assert len(both) >= LEAST * len(shared)


def test_a_folder_of_a_cloud_has_its_cases_alone(cases: list[Case]) -> None:
    own = {(one.name.partition("/")[0], one.cloud) for one in cases if is_own(one.name)}
    assert own == {(str(cloud), cloud) for cloud in Cloud}


def test_no_shared_family_asks_for_one_clouds_samples_by_name() -> None:
    # what runs for both would plan for one twice, and what is free of clouds would be of one
    asked = {
        str(path.relative_to(HOME)): set(SAMPLES.findall(path.read_text()))
        for path in HOME.rglob("test_*.py")
        if not is_own(str(path.relative_to(HOME)))
    }
    assert {name: found for name, found in asked.items() if found and found != OWN} == {}


def test_what_a_module_keeps_is_kept_for_each_cloud(request: pytest.FixtureRequest) -> None:
    # a fixture of a module that does not ask for the cloud would give one cloud's to the other
    assert both_clouds.kept_for_one(request, HOME) == set()
