"""No form of a part is made of anything that its cloud refuses, and what replaces it is known.

The tables do not plan every form that a plan can have: those of forms_aws.py and forms_gcp.py are
made by hand. One case a part and cloud, however many forms the part has.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

import pytest

from sizing.rules import REPLACES, RULES_BY_TYPE, refusals
from sizing.words import Cloud
from tests.components.clouds import forms_aws, forms_gcp
from tests.components.clouds.made import TWINS
from tests.components.support import Registered

FORMS: Mapping[Cloud, ModuleType] = {Cloud.AWS: forms_aws, Cloud.GCP: forms_gcp}
PARTS = (*TWINS, "of this cloud alone")
WITHOUT_RULES = frozenset({(Cloud.GCP, "of this cloud alone")})
"""Parts of which nothing is known that would be refused; a class of volumes is Kubernetes'."""


def registered(cloud: Cloud, part: str) -> list[list[Registered]]:
    """Return the resources of the cloud, form by form."""
    ours = ("aws:", "gcp:")
    return [
        [one for one in build().resources if one.type.startswith(ours)]
        for build in FORMS[cloud].FORMS[part]
    ]


@pytest.mark.parametrize("part", PARTS)
def test_nothing_of_any_form_is_refused(cloud: Cloud, part: str) -> None:
    for resources in registered(cloud, part):
        known = part == "storage-class" or any(one.type in RULES_BY_TYPE for one in resources)
        assert known or (cloud, part) in WITHOUT_RULES, "no rule looks at this part"
        assert [str(no) for one in resources for no in refusals(one.type, one.inputs)] == []
        assert {one.type for one in resources} <= REPLACES.keys()


def test_what_would_be_refused_is_seen(cloud: Cloud) -> None:
    for recorder, kind, rule in FORMS[cloud].refused():
        said = {no.rule for one in recorder.all(kind) for no in refusals(one.type, one.inputs)}
        assert said == {rule}, kind


def test_what_changes_in_place_is_not_said_to_replace_anything(cloud: Cloud) -> None:
    for token, properties in FORMS[cloud].STAYS.items():
        assert not properties & REPLACES[token], token
