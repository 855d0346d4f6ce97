"""No form of a part is made of anything that its cloud refuses, and what replaces it is known.

The tables do not plan every form that a plan can have: those of forms_aws.py and forms_gcp.py are
made by hand. One case a part and cloud, however many forms the part has.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import ModuleType

import pytest

from components.naming import component_word
from sizing.rules import REPLACES, RULES_BY_TYPE, refusals
from sizing.words import Cloud
from tests.components.clouds import forms_aws, forms_gcp, invariants
from tests.components.clouds.made import TWINS
from tests.components.support import TAGS, Recorder, Registered

FORMS: Mapping[Cloud, ModuleType] = {Cloud.AWS: forms_aws, Cloud.GCP: forms_gcp}
PARTS = (*TWINS, "of this cloud alone")
STAND_INS = frozenset({"peering", "stand-in-for-add-ons", "stand-in-for-nodes"})
"""What a form waits for, of other parts."""
WITHOUT_RULES = frozenset({(Cloud.GCP, "of this cloud alone")})
"""Parts of which nothing is known that would be refused; a class of volumes is Kubernetes'."""


@cache
def built(cloud: Cloud, part: str) -> tuple[Recorder, ...]:
    """Return each form of a part, made once."""
    return tuple(build() for build in FORMS[cloud].FORMS[part])


def ours(recorder: Recorder) -> list[Registered]:
    """Return the resources of the cloud, what stands for other parts left out."""
    children = {one.urn for one in recorder.resources if one.type.startswith("aigw:")}
    mine = [one for one in recorder.resources if one.type.startswith(("aws:", "gcp:"))]
    return [one for one in mine if one.parent in children or one.name not in STAND_INS]


@pytest.mark.parametrize("part", PARTS)
def test_nothing_of_any_form_is_refused(cloud: Cloud, part: str) -> None:
    for recorder in built(cloud, part):
        resources = ours(recorder)
        known = part == "storage-class" or any(one.type in RULES_BY_TYPE for one in resources)
        assert known or (cloud, part) in WITHOUT_RULES, "no rule looks at this part"
        assert list(invariants.refused(resources)) == []
        assert {one.type for one in resources} <= REPLACES.keys()


@pytest.mark.parametrize("part", PARTS)
def test_all_of_any_form_is_labelled_and_belongs_to_its_component(cloud: Cloud, part: str) -> None:
    for recorder in built(cloud, part):
        resources = ours(recorder)
        owners = {one.urn: one.type for one in recorder.resources if one.type.startswith("aigw:")}
        assert list(invariants.orphans(resources, recorder.resources)) == []
        assert list(invariants.in_clear(resources)) == []
        for urn, token in owners.items():
            mine = [one for one in resources if one.parent == urn]
            assert list(invariants.unlabelled(mine, TAGS, component_word(token))) == []


def test_what_would_be_refused_is_seen(cloud: Cloud) -> None:
    for recorder, kind, rule in FORMS[cloud].refused():
        said = {no.rule for one in recorder.all(kind) for no in refusals(one.type, one.inputs)}
        assert said == {rule}, kind


def test_what_changes_in_place_is_not_said_to_replace_anything(cloud: Cloud) -> None:
    for token, properties in FORMS[cloud].STAYS.items():
        assert not properties & REPLACES[token], token
