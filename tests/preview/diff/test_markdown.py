"""The comment: never too long, always whole Markdown, the gravest first."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preview.diff.comparison import Comparison
from preview.diff.markdown import LIMIT, MARKER, markdown
from sizing.model import Json
from tests.preview.diff.plans import bill, comparison, finding, plan, step

pytestmark = pytest.mark.cloud_free("how a comparison is written down")

BUCKET = "aws:s3/bucket:Bucket"
MAP = "kubernetes:core/v1:ConfigMap"


def buckets(number: int, value: str) -> list[dict[str, Json]]:
    return [step(BUCKET, f"b-{place}", {"tags": {"a": value}}) for place in range(number)]


def large(number: int, words: str = "", findings: int = 5) -> Comparison:
    """Return a comparison with something to say in every section, and many resources."""
    old = plan(
        [step(BUCKET, "gone", {"bucket": "a"}), *buckets(number, "old")],
        findings=[finding("x.gone", "warning")],
        bill=bill({"cache": 10.0}, 10.0),
        adjustments=[],
    )
    new = plan(
        buckets(number, f"new {words}"),
        findings=[finding(f"x.new-{place}", "error", message=words) for place in range(findings)],
        bill=bill({"cache": 20.0}, 20.0),
        adjustments=[{"field": "cache", "rule": "r", "planned": "3", "reason": words}],
    )
    return comparison(old, new)


def well_formed(text: str) -> bool:
    """Say whether every fold is closed, and every table's rows have as many cells."""
    folds = re.findall(r"</?details>", text)
    balanced = folds == ["<details>", "</details>"] * (len(folds) // 2)
    tables = re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE)
    cells = [{len(re.findall(r"(?<!\\)\|", row)) for row in one.splitlines()} for one in tables]
    return balanced and all(len(one) == 1 for one in cells)


@settings(max_examples=25, deadline=None)
@given(
    number=st.integers(0, 60),
    words=st.text(max_size=60),
    stacks=st.integers(1, 3),
    limit=st.integers(2_000, 20_000),
)
def test_a_comment_is_never_too_long_and_always_whole(
    number: int, words: str, stacks: int, limit: int
) -> None:
    text = markdown([large(number, words, number)] * stacks, limit)
    assert len(text.encode()) <= limit
    assert well_formed(text)


def test_a_comment_of_thousands_of_resources_fits() -> None:
    text = markdown([large(3000, findings=900)] * 3)
    assert len(text) <= LIMIT
    assert well_formed(text)
    assert "did not fit" in text


def test_what_is_lost_is_kept_when_the_resources_are_cut() -> None:
    text = markdown([large(400)], 6_000)
    assert "s3.Bucket gone" in text
    assert "cache" in text
    assert "did not fit" in text
    assert "b-399" not in text


def test_the_order_is_state_findings_money_adjustments_resources() -> None:
    text = markdown([large(3, "why")])
    places = [
        text.index(title)
        for title in (
            "Replaced or deleted",
            "**Findings**",
            "**Bill",
            "**Adjustments",
            "<summary>",
        )
    ]
    assert places == sorted(places)


def test_several_stacks_have_a_table_on_top() -> None:
    same = comparison(plan(), plan())
    text = markdown([large(1), same])
    assert text.startswith(f"{MARKER}\n**2 stacks compared**")
    assert "nothing changes" in text


def test_nothing_changed_is_one_line() -> None:
    text = markdown([comparison(plan(), plan())])
    (line,) = filter(None, text.removeprefix(MARKER).splitlines())
    assert "nothing changes" in line


@pytest.mark.parametrize(
    "hostile",
    ["@everyone", "<script>", "a | b", "</details>", "[text](http://example.com)", "`code`", "#12"],
)
def test_a_value_is_no_markup_and_calls_nobody(hostile: str) -> None:
    text = markdown(
        [
            comparison(
                plan([step(MAP, "it", {"data": {"a": "b"}})]),
                plan(
                    [step(MAP, "it", {"data": {"a": hostile}})],
                    findings=[finding("x.y", "warning", message=hostile)],
                ),
            )
        ]
    )
    assert well_formed(text)
    (told,) = (row for row in text.splitlines() if "mend it" in row)
    assert hostile not in re.sub(r"<code>.*?</code>", "", told.replace(f"\\{hostile}", ""))
    assert text.count("</details>") == text.count("<details>")
