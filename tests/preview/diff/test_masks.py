"""No secret is printed, marked or not, and no text that is too long to read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preview.diff.document import document
from preview.diff.markdown import markdown
from preview.diff.masks import LONGEST, SECRET, changed_text, masked, shown
from preview.diff.sections import heading, sections
from preview.json_out import text
from preview.tables import plain_text
from sizing.model import Json
from tests.preview.diff.plans import comparison, plan, step

pytestmark = pytest.mark.cloud_free("a secret is known by its name, of whatever provider")

HIDDEN = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=20)
PLACES = st.sampled_from(
    ("password", "masterPassword", "secretString", "authToken", "kubeconfig", "private_key")
)
TOKENS = st.sampled_from(
    ("aws:rds/instance:Instance", "gcp:sql/user:User", "other:index/thing:Thing")
)


def everything(before: dict[str, Json], after: dict[str, Json]) -> str:
    """Return all outputs of a comparison."""
    found = comparison(before, after)
    return "".join(
        (
            plain_text([heading(found), *sections(found)]),
            markdown([found]),
            text(document([found])),
        )
    )


@given(old=HIDDEN, new=HIDDEN, place=PLACES, token=TOKENS)
def test_what_is_a_secret_by_its_name_is_in_no_output(
    old: str, new: str, place: str, token: str
) -> None:
    said = everything(
        plan([step(token, "it", {place: old, "size": 1})]),
        plan([step(token, "it", {place: new, "size": 2})]),
    )
    assert "size" in said
    assert old not in said
    assert new not in said


@given(hidden=HIDDEN)
def test_a_secret_in_a_created_resource_is_in_no_output(hidden: str) -> None:
    manifest: dict[str, Json] = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "keys"},
        "stringData": {"anything": hidden},
    }
    container: Json = {"name": "app", "env": [{"name": "DATABASE_PASSWORD", "value": hidden}]}
    said = everything(
        plan(),
        plan(
            [
                step("kubernetes:core/v1:Secret", "keys", manifest),
                step("kubernetes:apps/v1:Deployment", "app", {"spec": {"containers": [container]}}),
            ]
        ),
    )
    assert "keys" in said
    assert hidden not in said


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("", "password"),
        ("PGPASSWORD", "secretKey"),
        ({"secretKeyRef": {"name": "keys", "key": "password"}}, "valueFrom"),
        ({"name": "LOG_LEVEL", "value": "debug"}, "env"),
        (True, "manageMasterUserPassword"),
    ],
)
def test_what_only_speaks_of_a_secret_stays(value: Json, key: str) -> None:
    assert masked({key: value}) == {key: value}


@pytest.mark.parametrize("key", ["password", "Secret_String", "auth-token"])
def test_a_secret_is_masked_however_its_name_is_spelled(key: str) -> None:
    assert masked({"block": [{key: "hunter2"}]}) == {"block": [{key: SECRET}]}


@given(value=st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.integers()))
def test_a_value_is_shown_on_one_line_that_can_be_read(value: Json) -> None:
    said = shown(value)
    assert "\n" not in said
    assert len(said) <= LONGEST + len("a block of 99: ")


@given(before=st.text(), after=st.text())
def test_two_texts_are_shown_short(before: str, after: str) -> None:
    for said in changed_text(before, after):
        assert len(said) <= 2 * LONGEST


def test_of_two_long_texts_the_line_that_differs_is_shown() -> None:
    before = "\n".join(f"line {number}" for number in range(40))
    said = changed_text(before, before.replace("line 7\n", "line seven\n"))
    assert said == ("line 7 (1 of 40 lines)", "line seven (1 of 40 lines)")
