"""What the pods run that copy weights: whole or not at all, checked, and never twice."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from components.kubernetes.scripts import (
    google_objects,
    model_fetch,
    model_sync,
    weights,
)
from components.kubernetes.scripts.google_cloud import GoogleError
from components.kubernetes.scripts.google_weights import GoogleFolder
from components.kubernetes.scripts.model_fetch import fetch
from components.kubernetes.scripts.model_sync import sync
from components.kubernetes.scripts.weights import Folder, RefusedError, WeightFile
from components.object_stores import ObjectStore
from tests.components.kubernetes.google_storage import cloud_storage
from tests.components.kubernetes.weight_stores import (
    COMMIT,
    FILES,
    HUB,
    REPOSITORY,
    FakeHub,
    FakeS3,
    WeightStore,
)

pytestmark = pytest.mark.cloud_free("a program alone, against stand-ins that it is given")
FOLDER = f"{REPOSITORY}/{COMMIT}"
MANIFEST = f"{FOLDER}.manifest.json"
SMALL = 1000
SHARDS = {
    "model-00001-of-00002.safetensors": bytes(range(256)) * 13,
    "model-00002-of-00002.safetensors": bytes(reversed(range(256))) * 11,
}
NEEDED = {
    "config.json": b'{"model_type": "llama"}',
    "model.safetensors.index.json": b"{}",
    "tokenizer.json": b"{}" * SMALL,
    **SHARDS,
}
REST = {
    ".gitattributes": b"*.safetensors filter=lfs",
    "README.md": b"# Llama",
    "consolidated.safetensors": b"the same weights once more",
    "params.json": b"{}",
    "original/consolidated.00.pth": b"a pickle",
    "original/params.json": b"{}",
    "onnx/model.safetensors": b"another form",
    "modeling_llama.py": b"import os",
    "pytorch_model.bin": b"a pickle",
}


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make files of a few kilobytes large ones."""
    monkeypatch.setattr(weights, "PART_BYTES", SMALL)
    monkeypatch.setattr(google_objects, "PART_BYTES", SMALL)
    monkeypatch.setattr(model_sync, "CHUNK_BYTES", 300)


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub({**NEEDED, **REST}, large=tuple(SHARDS))


@pytest.fixture(params=list(ObjectStore))
def store(request: pytest.FixtureRequest) -> Iterator[WeightStore]:
    if request.param is ObjectStore.S3:
        yield FakeS3()
        return
    with cloud_storage() as held:
        held.unit = SMALL // 4
        yield held


def copy(hub: FakeHub, store: WeightStore, *, revision: str = COMMIT, token: str = "") -> int:
    return sync(hub.client(token), store.folder(FOLDER), REPOSITORY, revision)


def bodies(store: WeightStore) -> dict[str, bytes]:
    prefix = f"{FOLDER}/"
    return {k.removeprefix(prefix): v[0] for k, v in store.objects.items() if k.startswith(prefix)}


def test_the_bucket_gets_what_engines_read_and_the_manifest_last(
    hub: FakeHub, store: WeightStore
) -> None:
    assert copy(hub, store) == len(NEEDED)
    assert bodies(store) == NEEDED
    assert store.written[-1] == MANIFEST
    assert store.written.count(MANIFEST) == 1


def test_a_whole_copy_is_left_alone_and_nobody_is_asked(hub: FakeHub, store: WeightStore) -> None:
    copy(hub, store)
    hub.asked.clear()
    store.written.clear()
    assert copy(hub, store) == 0
    assert (hub.asked, store.written) == ([], [])


def test_an_upload_that_was_cut_off_goes_on_with_what_is_missing(
    hub: FakeHub, store: WeightStore
) -> None:
    broken = f"{FOLDER}/model-00001-of-00002.safetensors"
    store.breaks = {broken}
    with pytest.raises((ConnectionResetError, GoogleError)):
        copy(hub, store)
    assert broken not in store.objects
    assert MANIFEST not in store.objects
    assert store.uploads == {}  # aborted, so that its parts are not paid for
    store.breaks = set()
    assert copy(hub, store) == 1
    assert bodies(store) == NEEDED
    assert MANIFEST in store.objects


def test_a_file_that_was_lost_is_copied_again(hub: FakeHub, store: WeightStore) -> None:
    copy(hub, store)
    del store.objects[f"{FOLDER}/tokenizer.json"]
    assert copy(hub, store) == 1
    assert bodies(store) == NEEDED


@pytest.mark.parametrize("path", ["config.json", "model-00002-of-00002.safetensors"])
@pytest.mark.parametrize("change", [b"\1", b""])
def test_bytes_that_are_not_the_published_ones_are_refused(
    hub: FakeHub, store: WeightStore, path: str, change: bytes
) -> None:
    hub.served[path] = NEEDED[path][:-1] + b"\7" + change
    with pytest.raises(RefusedError, match=path):
        copy(hub, store)
    assert path not in bodies(store)
    assert MANIFEST not in store.objects
    assert store.uploads == {}


def test_large_files_go_in_parts_of_one_size(hub: FakeHub, store: WeightStore) -> None:
    copy(hub, store)
    # tokenizer.json and both shards are larger than a part
    expected = [divmod(len(body), SMALL) for body in NEEDED.values() if len(body) > SMALL]
    assert store.parts.count(SMALL) == sum(full for full, _ in expected)
    assert sorted(p for p in store.parts if p != SMALL) == sorted(
        rest for _, rest in expected if rest
    )


@pytest.mark.parametrize("ignores_ranges", [False, True])
def test_a_connection_that_breaks_goes_on_where_it_stood(
    hub: FakeHub, store: WeightStore, ignores_ranges: bool
) -> None:
    path = "model-00001-of-00002.safetensors"
    hub.breaks, hub.ignores_ranges = {path}, ignores_ranges
    copy(hub, store)
    assert bodies(store) == NEEDED
    half = len(NEEDED[path]) // 2
    assert [wanted for url, _, wanted in hub.asked if url == f"{FILES}/{path}"] == [
        None,
        f"bytes={half}-",
    ]


def test_a_connection_that_always_breaks_is_given_up(hub: FakeHub, store: WeightStore) -> None:
    path = "config.json"
    hub.served[path] = NEEDED[path][:-1]
    with pytest.raises(RefusedError, match=rf"{path}: {len(NEEDED[path]) - 1} bytes of"):
        copy(hub, store)
    assert len([url for url, _, _ in hub.asked if url.endswith(path)]) > 2


def test_the_token_is_shown_to_the_hub_alone(hub: FakeHub, store: WeightStore) -> None:
    copy(hub, store, token="hf_secret")
    shown = {url.startswith(HUB): token for url, token, _ in hub.asked}
    assert shown == {True: "Bearer hf_secret", False: None}


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_repository_that_is_closed_is_refused_without_the_token(
    hub: FakeHub, store: WeightStore, status: int
) -> None:
    hub.refuses = status
    with pytest.raises(RefusedError, match=f"{REPOSITORY}.*{status}") as refused:
        copy(hub, store, token="hf_secret")
    assert "hf_secret" not in str(refused.value)
    assert store.objects == {}


def test_another_commit_than_the_pinned_one_is_refused(hub: FakeHub, store: WeightStore) -> None:
    hub.commit = "f" * 40
    with pytest.raises(RefusedError, match=f"{COMMIT} was asked for"):
        copy(hub, store)


def test_a_branch_is_copied_at_the_commit_that_it_shows(hub: FakeHub, store: WeightStore) -> None:
    copy(hub, store, revision="main")
    resolved = [url for url, _, _ in hub.asked if "/resolve/" in url]
    assert resolved
    assert all(f"/resolve/{COMMIT}/" in url for url in resolved)


@pytest.mark.parametrize("missing", ["config.json", "safetensors"])
def test_a_repository_without_what_engines_read_is_refused(
    store: WeightStore, missing: str
) -> None:
    hub = FakeHub({path: body for path, body in NEEDED.items() if not path.endswith(missing)})
    with pytest.raises(RefusedError, match="no safetensors beside a config"):
        copy(hub, store)


@pytest.mark.parametrize("path", ["../config.json", "a//b.json", "..\\config.json"])
def test_a_path_that_leads_out_of_the_folder_is_refused(store: WeightStore, path: str) -> None:
    with pytest.raises(RefusedError, match="is no path"):
        copy(FakeHub({**NEEDED, path: b"{}"}), store)


@pytest.mark.parametrize(
    ("opened", "scheme", "other"),
    [(lambda url: Folder(FakeS3(), url), "s3", "gs"), (GoogleFolder, "gs", "s3")],
)
@pytest.mark.parametrize("url", ["{other}://models/a", "{own}://models", "models/a", "{own}:///a"])
def test_an_address_that_is_no_folder_of_the_store_is_refused(
    opened: Callable[[str], Folder], scheme: str, other: str, url: str
) -> None:
    with pytest.raises(RefusedError, match=f"expected {scheme}://"):
        opened(url.format(own=scheme, other=other))


def test_a_digest_of_an_unknown_kind_is_refused(store: WeightStore) -> None:
    odd = WeightFile(path="a.json", size=1, digest="md5:0cc175b9c0f1b6a831c399e269772661")
    with pytest.raises(RefusedError, match="no digest that can be checked"):
        store.folder(FOLDER).write(odd, [b"a"])


def test_an_engine_gets_every_byte_of_the_buckets_copy(
    hub: FakeHub, store: WeightStore, tmp_path: Path
) -> None:
    copy(hub, store)
    assert fetch(store.folder(FOLDER), tmp_path) == len(NEEDED)
    assert {p.name: p.read_bytes() for p in tmp_path.rglob("*")} == NEEDED
    assert fetch(store.folder(FOLDER), tmp_path) == 0


def test_a_copy_without_its_manifest_is_not_taken(
    hub: FakeHub, store: WeightStore, tmp_path: Path
) -> None:
    copy(hub, store)
    del store.objects[MANIFEST]
    with pytest.raises(RefusedError, match="not whole"):
        fetch(store.folder(FOLDER), tmp_path)


def test_a_damaged_object_leaves_nothing_in_the_folder(
    hub: FakeHub, store: WeightStore, tmp_path: Path
) -> None:
    copy(hub, store)
    path = "model-00001-of-00002.safetensors"
    body, about = store.objects[f"{FOLDER}/{path}"]
    store.objects[f"{FOLDER}/{path}"] = (body[:-1] + b"\0", about)
    with pytest.raises(RefusedError, match=path):
        fetch(store.folder(FOLDER), tmp_path)
    assert [p.name for p in tmp_path.rglob(f"{path}*")] == []


def test_what_a_stopped_pod_has_left_goes_after_a_day(
    hub: FakeHub, store: WeightStore, tmp_path: Path
) -> None:
    copy(hub, store)
    old, young = tmp_path / "a.safetensors.1.partial", tmp_path / "a.safetensors.2.partial"
    for one in (old, young):
        one.touch()
    long_ago = time.time() - 2 * model_fetch.ABANDONED_SECONDS
    os.utime(old, (long_ago, long_ago))
    fetch(store.folder(FOLDER), tmp_path)
    assert (old.exists(), young.exists()) == (False, True)
