"""Every file of tests asks about both clouds, or says why one, or none, is enough.

Folders whose cases run once for each cloud (components, sizing) count their cases besides.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sizing.words import Cloud
from tests.both_clouds import Case, cases, one_sided

FOLDERS = ("cluster", "engine", "preview", "services", "stacks")


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_file_is_about_both_clouds_or_says_why_not(
    folder: str, request: pytest.FixtureRequest
) -> None:
    found = cases(request, Path(__file__).parent / folder)
    assert found
    assert one_sided(found) == []


def runs(name: str, *clouds: Cloud | None, why: str = "") -> list[Case]:
    return [Case(name=f"{name}::test", cloud=one, why=why) for one in clouds]


def test_a_file_of_one_cloud_without_a_reason_is_named() -> None:
    silent = [*runs("one.py", Cloud.AWS), *runs("none.py", None), *runs("both.py", *Cloud, None)]
    assert one_sided(silent) == ["none.py", "one.py"]
    assert one_sided(runs("one.py", Cloud.AWS, why="because")) == []
