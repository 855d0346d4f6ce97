"""Projects of a test's own: the project's file, and stack files beside each other."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sizing.words import Cloud
from stacks.config_model import stack_name
from tests.stacks.stack_texts import stack_text

ROOT = Path(__file__).parents[2]


def write_project(folder: Path, texts: Mapping[str, str]) -> dict[str, Path]:
    """Write stack files of the given texts, and return them by stack."""
    home = folder / "stacks"
    home.mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    files = {stack: home / f"Pulumi.{stack}.yaml" for stack in texts}
    for stack, file in files.items():
        file.write_text(texts[stack])
    return files


def write_stack(folder: Path, cloud: Cloud, tier: str, text: str) -> Path:
    """Write a prod stack of its own with lines added (`stack_text`), and return its file."""
    stack = stack_name("prod", tier, cloud)
    # a block that no stack of the repository has
    said = stack_text(text, cloud=cloud).replace("10.80.0.0/16", "10.200.0.0/16")
    return write_project(folder, {stack: said.replace("tier: large", f"tier: {tier}")})[stack]


@functools.cache
def written_stack(cloud: Cloud, tier: str, text: str) -> Path:
    """Return the file of such a stack: the same for all that ask, so that it is rendered once."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return write_stack(folder / "project", cloud, tier, text)
