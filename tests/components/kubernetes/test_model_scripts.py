"""What the pods run that copy weights: whole or not at all, checked, and never twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from components.kubernetes.model_sync import PACKAGE, PYTHON_PATH, SYNC, scripts
from components.kubernetes.scripts import model_fetch, model_sync, weights
from components.kubernetes.scripts.model_fetch import fetch
from components.kubernetes.scripts.model_sync import sync
from components.kubernetes.scripts.weights import Folder, RefusedError, WeightFile
from components.kubernetes.vllm import FETCHED
from tests.components.kubernetes.weight_stores import (
    COMMIT,
    FILES,
    HUB,
    REPOSITORY,
    FakeHub,
    FakeS3,
)

pytestmark = pytest.mark.cloud_free("a program alone, against stand-ins that it is given")
FOLDER = f"{REPOSITORY}/{COMMIT}"
URL = f"s3://models/{FOLDER}"
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
    monkeypatch.setattr(model_sync, "CHUNK_BYTES", 300)


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub({**NEEDED, **REST}, large=tuple(SHARDS))


@pytest.fixture
def s3() -> FakeS3:
    return FakeS3()


def copy(hub: FakeHub, s3: FakeS3, *, revision: str = COMMIT, token: str = "") -> int:
    return sync(hub.client(token), Folder(s3, URL), REPOSITORY, revision)


def bodies(s3: FakeS3) -> dict[str, bytes]:
    prefix = f"{FOLDER}/"
    return {k.removeprefix(prefix): v[0] for k, v in s3.objects.items() if k.startswith(prefix)}


def test_the_bucket_gets_what_engines_read_and_the_manifest_last(hub: FakeHub, s3: FakeS3) -> None:
    assert copy(hub, s3) == len(NEEDED)
    assert bodies(s3) == NEEDED
    assert s3.written[-1] == MANIFEST
    assert s3.written.count(MANIFEST) == 1


def test_a_whole_copy_is_left_alone_and_nobody_is_asked(hub: FakeHub, s3: FakeS3) -> None:
    copy(hub, s3)
    hub.asked.clear()
    s3.written.clear()
    assert copy(hub, s3) == 0
    assert (hub.asked, s3.written) == ([], [])


def test_an_upload_that_was_cut_off_goes_on_with_what_is_missing(hub: FakeHub, s3: FakeS3) -> None:
    broken = f"{FOLDER}/model-00001-of-00002.safetensors"
    s3.breaks = {broken}
    with pytest.raises(ConnectionResetError):
        copy(hub, s3)
    assert broken not in s3.objects
    assert MANIFEST not in s3.objects
    assert s3.uploads == {}  # aborted, so that its parts are not paid for
    s3.breaks = set()
    assert copy(hub, s3) == 1
    assert bodies(s3) == NEEDED
    assert MANIFEST in s3.objects


def test_a_file_that_was_lost_is_copied_again(hub: FakeHub, s3: FakeS3) -> None:
    copy(hub, s3)
    del s3.objects[f"{FOLDER}/tokenizer.json"]
    assert copy(hub, s3) == 1
    assert bodies(s3) == NEEDED


@pytest.mark.parametrize("path", ["config.json", "model-00002-of-00002.safetensors"])
@pytest.mark.parametrize("change", [b"\1", b""])
def test_bytes_that_are_not_the_published_ones_are_refused(
    hub: FakeHub, s3: FakeS3, path: str, change: bytes
) -> None:
    hub.served[path] = NEEDED[path][:-1] + b"\7" + change
    with pytest.raises(RefusedError, match=path):
        copy(hub, s3)
    assert path not in bodies(s3)
    assert MANIFEST not in s3.objects
    assert s3.uploads == {}


def test_large_files_go_in_parts_of_one_size(hub: FakeHub, s3: FakeS3) -> None:
    copy(hub, s3)
    # tokenizer.json and both shards are larger than a part
    expected = [divmod(len(body), SMALL) for body in NEEDED.values() if len(body) > SMALL]
    assert s3.parts.count(SMALL) == sum(full for full, _ in expected)
    assert sorted(p for p in s3.parts if p != SMALL) == sorted(rest for _, rest in expected if rest)


@pytest.mark.parametrize("ignores_ranges", [False, True])
def test_a_connection_that_breaks_goes_on_where_it_stood(
    hub: FakeHub, s3: FakeS3, ignores_ranges: bool
) -> None:
    path = "model-00001-of-00002.safetensors"
    hub.breaks, hub.ignores_ranges = {path}, ignores_ranges
    copy(hub, s3)
    assert bodies(s3) == NEEDED
    half = len(NEEDED[path]) // 2
    assert [wanted for url, _, wanted in hub.asked if url == f"{FILES}/{path}"] == [
        None,
        f"bytes={half}-",
    ]


def test_a_connection_that_always_breaks_is_given_up(hub: FakeHub, s3: FakeS3) -> None:
    path = "config.json"
    hub.served[path] = NEEDED[path][:-1]
    with pytest.raises(RefusedError, match=rf"{path}: {len(NEEDED[path]) - 1} bytes of"):
        copy(hub, s3)
    assert len([url for url, _, _ in hub.asked if url.endswith(path)]) > 2


def test_the_token_is_shown_to_the_hub_alone(hub: FakeHub, s3: FakeS3) -> None:
    copy(hub, s3, token="hf_secret")
    shown = {url.startswith(HUB): token for url, token, _ in hub.asked}
    assert shown == {True: "Bearer hf_secret", False: None}


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_repository_that_is_closed_is_refused_without_the_token(
    hub: FakeHub, s3: FakeS3, status: int
) -> None:
    hub.refuses = status
    with pytest.raises(RefusedError, match=f"{REPOSITORY}.*{status}") as refused:
        copy(hub, s3, token="hf_secret")
    assert "hf_secret" not in str(refused.value)
    assert s3.objects == {}


def test_another_commit_than_the_pinned_one_is_refused(hub: FakeHub, s3: FakeS3) -> None:
    hub.commit = "f" * 40
    with pytest.raises(RefusedError, match=f"{COMMIT} was asked for"):
        copy(hub, s3)


def test_a_branch_is_copied_at_the_commit_that_it_shows(hub: FakeHub, s3: FakeS3) -> None:
    copy(hub, s3, revision="main")
    resolved = [url for url, _, _ in hub.asked if "/resolve/" in url]
    assert resolved
    assert all(f"/resolve/{COMMIT}/" in url for url in resolved)


@pytest.mark.parametrize("missing", ["config.json", "safetensors"])
def test_a_repository_without_what_engines_read_is_refused(s3: FakeS3, missing: str) -> None:
    hub = FakeHub({path: body for path, body in NEEDED.items() if not path.endswith(missing)})
    with pytest.raises(RefusedError, match="no safetensors beside a config"):
        copy(hub, s3)


@pytest.mark.parametrize("path", ["../config.json", "a//b.json", "..\\config.json"])
def test_a_path_that_leads_out_of_the_folder_is_refused(s3: FakeS3, path: str) -> None:
    with pytest.raises(RefusedError, match="is no path"):
        copy(FakeHub({**NEEDED, path: b"{}"}), s3)


@pytest.mark.parametrize("url", ["gs://models/a", "s3://models", "models/a", "s3:///a"])
def test_an_address_that_is_no_folder_of_s3_is_refused(s3: FakeS3, url: str) -> None:
    with pytest.raises(RefusedError, match="expected s3://"):
        Folder(s3, url)


def test_a_digest_of_an_unknown_kind_is_refused(s3: FakeS3) -> None:
    odd = WeightFile(path="a.json", size=1, digest="md5:0cc175b9c0f1b6a831c399e269772661")
    with pytest.raises(RefusedError, match="no digest that can be checked"):
        Folder(s3, URL).write(odd, [b"a"])


def test_an_engine_gets_every_byte_of_the_buckets_copy(
    hub: FakeHub, s3: FakeS3, tmp_path: Path
) -> None:
    copy(hub, s3)
    assert fetch(Folder(s3, URL), tmp_path) == len(NEEDED)
    assert {p.name: p.read_bytes() for p in tmp_path.rglob("*")} == NEEDED
    assert fetch(Folder(s3, URL), tmp_path) == 0


def test_a_copy_without_its_manifest_is_not_taken(hub: FakeHub, s3: FakeS3, tmp_path: Path) -> None:
    copy(hub, s3)
    del s3.objects[MANIFEST]
    with pytest.raises(RefusedError, match="not whole"):
        fetch(Folder(s3, URL), tmp_path)


def test_a_damaged_object_leaves_nothing_in_the_folder(
    hub: FakeHub, s3: FakeS3, tmp_path: Path
) -> None:
    copy(hub, s3)
    path = "model-00001-of-00002.safetensors"
    body, about = s3.objects[f"{FOLDER}/{path}"]
    s3.objects[f"{FOLDER}/{path}"] = (body[:-1] + b"\0", about)
    with pytest.raises(RefusedError, match=path):
        fetch(Folder(s3, URL), tmp_path)
    assert [p.name for p in tmp_path.rglob(f"{path}*")] == []


def test_what_a_stopped_pod_has_left_goes_after_a_day(
    hub: FakeHub, s3: FakeS3, tmp_path: Path
) -> None:
    copy(hub, s3)
    old, young = tmp_path / "a.safetensors.1.partial", tmp_path / "a.safetensors.2.partial"
    for one in (old, young):
        one.touch()
    long_ago = time.time() - 2 * model_fetch.ABANDONED_SECONDS
    os.utime(old, (long_ago, long_ago))
    fetch(Folder(s3, URL), tmp_path)
    assert (old.exists(), young.exists()) == (False, True)


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        (model_fetch, ["--from", URL, "--to", "/nonexistent"]),
        (
            model_sync,
            ["--repository", REPOSITORY, "--revision", COMMIT, "--hub", HUB, "--to", "models/a"],
        ),
    ],
)
def test_a_refusal_ends_the_program_with_its_reason(
    program: object,
    arguments: list[str],
    s3: FakeS3,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(program, "client", lambda: s3)
    monkeypatch.setattr(sys, "argv", ["program", *arguments])
    assert program.main() == 1  # type: ignore[attr-defined]  # both modules have it
    assert capsys.readouterr().err.startswith("refused: ")


@pytest.mark.parametrize(("program", "names"), [("model_sync", SYNC), ("model_fetch", FETCHED)])
def test_a_pod_needs_no_more_than_the_mounted_files_and_pythons_own_library(
    program: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    mounted = scripts(names)
    folder = tmp_path / Path(mounted.path).relative_to(PYTHON_PATH)
    folder.mkdir(parents=True)
    for name, text in mounted.contents.items():
        (folder / name).write_text(str(text))
    # without site packages: neither ours nor anybody's
    ran = subprocess.run(
        [sys.executable, "-S", "-m", f"{PACKAGE}.{program}", "--help"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "--to" in ran.stdout
