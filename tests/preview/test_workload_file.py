"""A workload file is read as it is typed, or refused with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preview.workload_file import FileError, read
from sizing.workload.statement import parse

pytestmark = pytest.mark.cloud_free("a workload says nothing of a cloud")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("users: 5\nusers: 6\n", "line 2: the key 'users' stands on line 1 too"),
        ("tokens: {input: 5, input: 6}\n", "the key 'input'"),
        ("users: [\n", "line 2"),
        ("", "a mapping"),
        ("- 5\n", "a mapping"),
        ("users: 5\n---\nusers: 6\n", "document"),
        ("? [a]\n: 5\n", "a key must be text"),
        ("a: *b\n", "undefined alias"),
    ],
)
def test_a_file_that_is_no_workload_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "workload.yaml"
    path.write_text(text)
    with pytest.raises(FileError) as caught:
        read(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_other_files_are_refused_too(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "huge").write_text("#" * (2 << 20))
    (tmp_path / "deep").write_text("[" * 5000)
    (tmp_path / "self").write_text("users: &a [*a]\n")
    for name in ("binary", "huge", "deep", "self", "missing", "."):
        with pytest.raises(FileError):
            read(tmp_path / name)


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet="abusers:{}[]&*!?-# \n\t'\"1.%|>", max_size=40))
def test_no_text_makes_the_reader_fail(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("any") / "workload.yaml"
    path.write_text(text)
    try:
        assert isinstance(read(path), dict)
    except FileError as error:
        assert str(path) in str(error)  # noqa: PT017  # either outcome is right


def test_json_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "workload.json"
    path.write_text(json.dumps({"users": 60000, "shares": {"streaming": 0.7}, "peak": {}}))
    stated = parse(read(path))
    assert (stated.users, stated.streaming_share) == (60_000, 0.7)
