"""Run a stack's real program in this process, without engine, plugins or credentials.

Each run has a context and an event loop of its own: the SDK keeps its state in context variables,
so any number of stacks can be planned one after the other in one process.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import heapq
import io
import json
import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

import pulumi
import yaml
from pulumi.runtime import run_in_stack, set_all_config
from pulumi.runtime.mocks import MockSettings
from pulumi.runtime.settings import configure, reset_options

from preview.collection import uncollected
from preview.offline.capture import STACK_TYPE, Diagnostic, Engine, Monitor, Resource
from preview.offline.serialize import SECRET
from sizing.model import Json

T = TypeVar("T")
P = ParamSpec("P")
DISABLED_PROVIDERS = "pulumi:disable-default-providers"
STACK_FILE = re.compile(r"^Pulumi\.(?P<stack>[^.]+)\.ya?ml$")


class ProgramError(Exception):
    """The stack's program ended with an error; the text is what a user needs to mend it.

    Attributes:
        resources: what had been registered by then, the stack itself included.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.resources: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What one run of a stack registered.

    Attributes:
        resources: the stack first, and nothing before what it needs; ties by URN.
        exports: the stack's exports, with the engine's sentinels.
        config: the configuration that the program saw, secrets masked.
        secret_values: strings that stood behind secrets: none may appear in clear anywhere.
    """

    project: str
    stack: str
    config: Mapping[str, str]
    resources: tuple[Resource, ...]
    exports: Mapping[str, Json]
    diagnostics: tuple[Diagnostic, ...]
    secret_values: frozenset[str] = field(repr=False)

    def of_type(self, token: str) -> tuple[Resource, ...]:
        """Return the resources of one type."""
        return tuple(resource for resource in self.resources if resource.type == token)


class Inline(ThreadPoolExecutor):
    """Runs each call at once: registrations then arrive in one order, and no thread is left."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call the function and return its finished future."""
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:
            done.set_exception(error)
        return done


def run(stack_file: Path, program: Callable[[], None] | None = None) -> Recording:
    """Run the program of a stack and return what it registered.

    Args:
        stack_file: `Pulumi.<stack>.yaml`, in or below the folder of its Pulumi.yaml.
        program: what to run instead of `stacks.program.main`.

    Raises:
        ProgramError: the program failed, or the engine would have refused a resource.
        FileNotFoundError: there is no such file or no Pulumi.yaml above it.
    """
    with uncollected():
        return contextvars.copy_context().run(_run, stack_file, program)


def _run(stack_file: Path, program: Callable[[], None] | None) -> Recording:
    project_file = project_of(stack_file)
    project = str(yaml.safe_load(project_file.read_text())["name"])
    stack = stack_name(stack_file)
    config, secret_keys = configuration(project_file, stack_file)
    monitor = Monitor(project, stack, bool(json.loads(config.get(DISABLED_PROVIDERS, "[]"))))
    engine = Engine()
    reset_options(project=project, stack=stack, preview=True, organization="organization")
    configure(
        MockSettings(  # type: ignore[no-untyped-call]  # the SDK ships it untyped
            monitor=monitor,
            monitor_features=set(),
            engine=engine,
            project=project,
            stack=stack,
            dry_run=True,
            organization="organization",
            root_directory=str(project_file.parent),
            callbacks=None,
        )
    )
    set_all_config(config, secret_keys)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        try:
            _to_the_end(program or _stack_program)
        except ProgramError as error:
            error.resources = in_order(monitor.kept.values())
            raise
    for line in said.getvalue().splitlines():
        engine.diagnostics.append(Diagnostic(urn="", message=f"{line}\n", severity="info"))
    return Recording(
        project=project,
        stack=stack,
        config={key: SECRET if key in secret_keys else config[key] for key in sorted(config)},
        resources=in_order(monitor.kept.values()),
        exports=monitor.exports,
        diagnostics=tuple(engine.diagnostics),
        secret_values=frozenset(monitor.secret_values),
    )


def _stack_program() -> None:
    from stacks.program import main

    main()


def _to_the_end(program: Callable[[], None]) -> None:
    """Run a program inside a stack on a loop of its own, and leave no task behind.

    Raises:
        ProgramError: whatever the program raised, in words.
    """
    loop = asyncio.new_event_loop()
    # a failed program leaves futures that nobody awaits; its own error is reported below
    loop.set_exception_handler(lambda _loop, _context: None)
    loop.set_default_executor(Inline())
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(run_in_stack(program))
    except pulumi.RunError as error:
        raise ProgramError(str(error)) from error
    except Exception as error:
        raise ProgramError(described(error)) from error
    finally:
        pending = asyncio.all_tasks(loop)
        for task in pending:
            task.cancel()
        if pending:
            loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        asyncio.set_event_loop(None)
        loop.close()


def described(error: BaseException) -> str:
    """Return an error with the line of ours that raised it, without the path of this clone."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "site-packages" not in frame.filename and "/asyncio/" not in frame.filename
    ]
    where = f" ({Path(ours[-1].filename).name}, line {ours[-1].lineno})" if ours else ""
    return f"{type(error).__name__}: {error}{where}"


def project_of(stack_file: Path) -> Path:
    """Return the Pulumi.yaml above a stack file.

    Raises:
        FileNotFoundError: there is none.
    """
    for folder in stack_file.resolve().parents:
        if (folder / "Pulumi.yaml").is_file():
            return folder / "Pulumi.yaml"
    raise FileNotFoundError(f"no Pulumi.yaml above {stack_file}")


def stack_name(stack_file: Path) -> str:
    """Return the stack that a file configures.

    Raises:
        ValueError: the file is not named Pulumi.<stack>.yaml.
    """
    found = STACK_FILE.match(stack_file.name)
    if found is None:
        raise ValueError(f"{stack_file.name}: a stack file is named Pulumi.<stack>.yaml")
    return found["stack"]


def configuration(project_file: Path, stack_file: Path) -> tuple[dict[str, str], list[str]]:
    """Return the program's configuration as the engine hands it over, and its secret keys.

    A value is text: a map or a list is its JSON. A secret is encrypted for the engine alone, so
    its text is the sentinel and its key is marked secret.
    """
    declared = yaml.safe_load(project_file.read_text()).get("config") or {}
    project = {
        key: value["value"]
        for key, value in declared.items()
        if isinstance(value, dict) and "value" in value
    }
    own = (yaml.safe_load(stack_file.read_text()) or {}).get("config") or {}
    merged = {**project, **own}
    secret = sorted(key for key, value in merged.items() if has_secret(value))
    return {
        str(key): SECRET if key in secret else text(merged[key]) for key in sorted(merged)
    }, secret


def has_secret(value: object) -> bool:
    """Say whether a value of a stack file is encrypted, itself or anywhere inside."""
    if isinstance(value, dict):
        return set(value) == {"secure"} or any(has_secret(item) for item in value.values())
    return isinstance(value, list) and any(has_secret(item) for item in value)


def text(value: object) -> str:
    """Return a YAML value as configuration text."""
    return value if isinstance(value, str) else json.dumps(value, default=str)


def in_order(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """Return resources with nothing before what it needs, ties by URN.

    Arrival says when a promise was kept, which a set's order can change; this order cannot.
    """
    by_urn = {resource.urn: resource for resource in resources}
    needs = {urn: needed(resource) & by_urn.keys() for urn, resource in by_urn.items()}
    users: dict[str, list[str]] = {urn: [] for urn in by_urn}
    for urn in sorted(needs):
        for need in needs[urn]:
            users[need].append(urn)
    ready = [(by_urn[urn].type != STACK_TYPE, urn) for urn, open_ in needs.items() if not open_]
    heapq.heapify(ready)
    done: list[Resource] = []
    while ready:
        _, urn = heapq.heappop(ready)
        done.append(by_urn[urn])
        for user in users[urn]:
            needs[user] -= {urn}
            if not needs[user]:
                heapq.heappush(ready, (True, user))
    return tuple(done)


def needed(resource: Resource) -> set[str]:
    """Return the URNs that must be registered before a resource."""
    provider = resource.provider.rpartition("::")[0]
    through = {urn for urns in resource.property_dependencies.values() for urn in urns}
    return {resource.parent, provider, *resource.dependencies, *through} - {"", resource.urn}
