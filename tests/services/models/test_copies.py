"""The programs that copy weights run as in their pods: boto3 of the image speaks to an S3.

The image of the jobs is LiteLLM's, so the environment of its tests has what the image has.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from components.kubernetes.model_sync import PACKAGE, PYTHON_PATH, scripts
from components.kubernetes.scripts.weights import PART_BYTES
from sizing.words import Cloud
from tests.services.litellm.environment import litellm
from tests.services.models.servers import COMMIT, S3, TOKEN, Hub, running

pytestmark = [
    pytest.mark.services,
    pytest.mark.one_cloud(
        Cloud.AWS, "the client of S3; test_model_programs has that of Cloud Storage"
    ),
]
REPOSITORY = "acme/model"
FOLDER = f"{REPOSITORY}/{COMMIT}"
LARGE = "model-00001-of-00002.safetensors"
FILES = {
    "config.json": b'{"model_type": "llama"}',
    "tokenizer.json": b"{}",
    LARGE: bytes(range(256)) * (PART_BYTES // 256) + b"and a second part",
    "model-00002-of-00002.safetensors": b"small",
}
LIMIT_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the programs run, and whom they ask."""

    folder: Path
    python: Path
    hub: Hub
    s3: S3

    def run(
        self, program: str, *arguments: str, token: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, with a pod's variables."""
        environment = {
            "PYTHONPATH": str(self.folder),
            "AWS_ENDPOINT_URL": self.s3.url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "HF_TOKEN": token,
        }
        return subprocess.run(
            [self.python, "-m", f"{PACKAGE}.{program}", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT_S,
        )

    def sync(self, token: str = TOKEN) -> subprocess.CompletedProcess[str]:
        """Copy the repository into the bucket."""
        told: Sequence[str] = (
            *("--repository", REPOSITORY),
            *("--revision", COMMIT),
            *("--hub", self.hub.url),
            *("--to", f"s3://models/{FOLDER}"),
        )
        return self.run("model_sync", *told, token=token)

    def held(self) -> dict[str, bytes]:
        """Return the files that the bucket shows."""
        prefix = f"models/{FOLDER}/"
        shown = {key: one.body for key, one in self.s3.objects.items() if key.startswith(prefix)}
        return {key.removeprefix(prefix): body for key, body in shown.items()}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    mounted = scripts(("weights.py", "model_sync.py", "model_fetch.py"))
    folder = tmp_path / Path(mounted.path).relative_to(PYTHON_PATH)
    folder.mkdir(parents=True)
    for name, text in mounted.contents.items():
        (folder / name).write_text(str(text))
    with running(Hub(FILES)) as hub, running(S3()) as s3:
        yield Place(folder=tmp_path, python=litellm() / "python", hub=hub, s3=s3)


def test_a_copy_that_was_cut_off_goes_on_and_an_engine_reads_all_of_it(place: Place) -> None:
    place.s3.denied = {f"models/{FOLDER}/{LARGE}"}
    first = place.sync()
    assert first.returncode != 0
    assert LARGE not in place.held()
    assert place.s3.uploads == {}
    assert f"models/{FOLDER}.manifest.json" not in place.s3.objects

    place.s3.denied = set()
    second = place.sync()
    assert (second.returncode, second.stderr) == (0, "")
    assert "1 of 4 files to copy" in second.stdout
    assert place.held() == FILES
    manifest = json.loads(place.s3.objects[f"models/{FOLDER}.manifest.json"].body)
    assert manifest["commit"] == COMMIT

    place.hub.asked = 0
    third = place.sync()
    assert third.returncode == 0
    assert place.hub.asked == 0
    assert TOKEN not in first.stderr + second.stdout + third.stdout

    target = place.folder / "models"
    fetched = place.run("model_fetch", "--from", f"s3://models/{FOLDER}", "--to", str(target))
    assert (fetched.returncode, fetched.stderr) == (0, "")
    assert {one.name: one.read_bytes() for one in target.rglob("*")} == FILES


def test_a_gated_repository_without_its_token_is_refused(place: Place) -> None:
    refused = place.sync(token="")
    assert refused.returncode == 1
    assert "refused:" in refused.stderr
    assert "asks for a token" in refused.stderr
    assert place.s3.objects == {}
