"""The engine itself takes the file that `aigw init` writes, and what it adds stays."""

from __future__ import annotations

import pytest

from sizing.words import Cloud
from tests.engine.harness import Engine, operations
from tests.preview.initial import config, flags, init

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("stack", "cloud"), [("dev-large", Cloud.AWS), ("prod-small-gcp", Cloud.GCP)]
)
def test_a_new_stack_is_previewed_and_its_salt_is_not_written_over(
    project: Engine, stack: str, cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(project.folder, stack, *flags(cloud), "--force") == 0
    project.init(stack)
    assert set(operations(project.preview(stack))) == {"create"}
    assert config(project.folder, stack).stack == stack
    capsys.readouterr()
    assert init(project.folder, stack, *flags(cloud), "--force") == 2
    assert "holds encryptionsalt, without which" in capsys.readouterr().err
