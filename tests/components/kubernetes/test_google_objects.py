"""What is sent to Cloud Storage arrives whole or not at all, whatever breaks on the way."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from components.kubernetes.scripts import google_objects
from components.kubernetes.scripts.google_cloud import GoogleError
from components.kubernetes.scripts.google_objects import About, parts
from components.kubernetes.scripts.google_requests import ATTEMPTS
from tests.components.kubernetes.google_storage import CloudStorage, Fault, cloud_storage

pytestmark = pytest.mark.cloud_free("a program alone, against stand-ins that it is given")
PART = 1000
KEY = "a folder/größe.safetensors"


@pytest.fixture(scope="module", autouse=True)
def _small() -> Iterator[None]:
    """Make objects of a few kilobytes large ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(google_objects, "PART_BYTES", PART)
        yield


@pytest.fixture(scope="module")
def server() -> Iterator[CloudStorage]:
    with cloud_storage() as held:
        held.unit = PART // 4
        yield held


@pytest.fixture
def storage(server: CloudStorage) -> CloudStorage:
    """Return it empty."""
    for one in (server.objects, server.uploads, server.written, server.faults, server.read):
        one.clear()
    server.parts.clear()
    return server


def content(size: int) -> bytes:
    return random.Random(size).randbytes(size)


@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 3 * PART, 10 * PART + 7])
def test_what_was_written_is_read(storage: CloudStorage, size: int) -> None:
    bucket = storage.bucket()
    bucket.write(KEY, [content(size)], {"digest": "d"})
    assert storage.objects == {KEY: (content(size), {"digest": "d"})}
    assert bucket.about(KEY) == About(size=size, metadata={"digest": "d"})
    assert b"".join(bucket.read(KEY, size)) == content(size)
    assert storage.uploads == {}


@settings(max_examples=25, deadline=None)
@given(
    size=some.integers(0, 4 * PART),
    chunk=some.integers(1, 2 * PART),
    faults=some.lists(some.sampled_from([one for one in Fault if one is not Fault.DAMAGED])),
)
def test_an_upload_goes_on_whatever_breaks(
    server: CloudStorage, size: int, chunk: int, faults: list[Fault]
) -> None:
    whole = content(size)
    server.objects.clear()
    # no part fails as often as would end it
    server.faults[:] = [one for one in faults if one is not Fault.REFUSED][: ATTEMPTS - 3]
    server.faults[1:1] = [Fault.REFUSED] * 2
    server.bucket().write(KEY, (whole[i : i + chunk] for i in range(0, size, chunk)))
    assert server.objects[KEY][0] == whole
    assert server.uploads == {}


def test_bytes_that_arrived_are_not_sent_again(storage: CloudStorage) -> None:
    storage.faults[:] = [Fault.UNHEARD, Fault.HALF, Fault.SHORT]
    storage.bucket().write(KEY, [content(3 * PART)])
    assert storage.objects[KEY][0] == content(3 * PART)
    assert storage.parts == [PART, PART, PART // 2, PART // 4, PART]


def test_bytes_that_changed_on_the_way_are_refused(storage: CloudStorage) -> None:
    storage.faults[:] = [Fault.DAMAGED]
    with pytest.raises(GoogleError, match="400: the digest does not fit"):
        storage.bucket().write(KEY, [content(2 * PART)])
    assert storage.objects == {}


def test_an_upload_that_is_refused_again_and_again_is_given_up(storage: CloudStorage) -> None:
    storage.faults[:] = [Fault.REFUSED] * (2 * ATTEMPTS)
    with pytest.raises(GoogleError, match="503"):
        storage.bucket().write(KEY, [content(PART)])
    assert (storage.objects, storage.uploads) == ({}, {})
    assert len(storage.faults) == ATTEMPTS, "as many of them were met as there are attempts"


def test_chunks_that_end_in_an_error_leave_nothing(storage: CloudStorage) -> None:
    def broken() -> Iterator[bytes]:
        yield content(2 * PART)
        raise ValueError("not what was published")

    with pytest.raises(ValueError, match="not what was published"):
        storage.bucket().write(KEY, broken())
    assert (storage.objects, storage.uploads) == ({}, {})


def test_a_large_object_is_read_in_parts_in_their_order(storage: CloudStorage) -> None:
    storage.objects[KEY] = (content(5 * PART + 3), {})
    assert b"".join(storage.bucket().read(KEY, 5 * PART + 3)) == content(5 * PART + 3)
    assert sorted(storage.read) == [
        *(f"bytes={n * PART}-{n * PART + PART - 1}" for n in range(5)),
        f"bytes={5 * PART}-{5 * PART + 2}",
    ]


def test_an_object_that_is_shorter_than_said_ends_where_it_ends(storage: CloudStorage) -> None:
    storage.objects[KEY] = (content(PART + 3), {})
    assert b"".join(storage.bucket().read(KEY, 4 * PART)) == content(PART + 3)


def test_names_come_from_all_pages(storage: CloudStorage) -> None:
    for key in (*(f"docs/{n}" for n in range(5)), "other/1"):
        storage.objects[key] = (b"", {})
    assert [*storage.bucket().names("docs/")] == [f"docs/{n}" for n in range(5)]
    assert [*storage.bucket().names("none/")] == []


def test_what_is_not_there_is_none_and_as_good_as_deleted(storage: CloudStorage) -> None:
    bucket = storage.bucket()
    storage.objects[KEY] = (b"a", {})
    bucket.drop(KEY)
    bucket.drop(KEY)
    assert bucket.about(KEY) is None
    with pytest.raises(GoogleError, match="404"):
        list(bucket.read(KEY, 1))


def test_another_bucket_is_refused_and_not_asked_again(storage: CloudStorage) -> None:
    with pytest.raises(GoogleError, match="404"):
        storage.bucket("others").write(KEY, [b"a"])


@given(chunks=some.lists(some.binary(max_size=40)), size=some.integers(1, 30))
def test_parts_are_the_chunks_in_one_size(chunks: list[bytes], size: int) -> None:
    made = [*parts(chunks, size)]
    assert b"".join(made) == b"".join(chunks)
    assert all(len(one) == size for one in made[:-1])
    assert all(0 < len(one) <= size for one in made[-1:])
