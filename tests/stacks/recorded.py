"""What the stacks' tests share: a program run under the recorder, also when it refuses to run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pulumi
import pytest
from pulumi.runtime.config import set_all_config

from tests.components import support
from tests.components.support import Recorder, RecordingMonitor, with_a_loop


def record(build: Callable[[], object], config: Mapping[str, object] | None = None) -> Recorder:
    """Run a builder with this config under the recorder and return what it registered."""

    def configured() -> None:
        set_all_config({key: json.dumps(value) for key, value in (config or {}).items()})
        build()

    return support.record(configured)


def refusal(
    main: Callable[[], None], config: Mapping[str, object], *, project: str, stack: str
) -> tuple[str, list[str]]:
    """Run a program that must refuse; return why, with the names of whatever it registered."""
    with_a_loop()
    recorder = Recorder()
    pulumi.runtime.set_mocks(
        recorder, project=project, stack=stack, monitor=RecordingMonitor(recorder)
    )
    set_all_config({key: json.dumps(value) for key, value in config.items()})
    with pytest.raises(pulumi.RunError) as caught:
        main()
    return str(caught.value), [one.name for one in recorder.resources]
