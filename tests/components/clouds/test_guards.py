"""Every store asks who comes and speaks in secret, in every form; each guard that lacks is seen."""

from __future__ import annotations

from itertools import chain

import pytest

from sizing.words import Cloud
from tests.components.clouds import forms_aws, forms_gcp
from tests.components.clouds.breaking import GONE, altered
from tests.components.clouds.guards import GIVEN, GUARDS, NOTHING, unguarded
from tests.components.clouds.made import Made
from tests.components.clouds.words import at
from tests.components.support import Registered

FORMS = {Cloud.AWS: forms_aws.FORMS, Cloud.GCP: forms_gcp.FORMS}
PARTS = ("postgres", "cache", "files", "of this cloud alone")


@pytest.fixture(scope="module")
def stores(cloud: Cloud) -> list[Registered]:
    """Every store in every form that it has on a cloud."""
    builds = chain.from_iterable(FORMS[cloud][part] for part in PARTS)
    return [one for build in builds for one in build().resources if one.type in GUARDS]


def test_every_planned_store_is_guarded(stack: Made) -> None:
    assert len([one for one in stack.recorder.resources if one.type in GUARDS]) > 4
    assert list(unguarded(stack.recorder.resources)) == []


def test_a_store_is_guarded_in_each_of_its_forms(stores: list[Registered]) -> None:
    assert list(unguarded(stores)) == []


def test_each_guard_that_lacks_is_seen(cloud: Cloud, stores: list[Registered]) -> None:
    kinds = {one.type: one for one in stores}
    assert kinds.keys() == {one for one in GUARDS if one.startswith(cloud)}
    for kind, guards in GUARDS.items():
        for path, wanted in guards.items() if kind in kinds else ():
            if wanted == NOTHING:
                wrong: list[object] = ["in clear"]
            elif at(kinds[kind].inputs, path) in (True, False):
                wrong = [not wanted]
            else:
                wrong = [GONE, [] if wanted == GIVEN else ["0.0.0.0/0"]]
            for value in wrong:
                assert list(unguarded([altered(kinds[kind], path, value)])), (path, value)
