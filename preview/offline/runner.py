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
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from preview.offline.stack_text import configuration, project_of, stack_name
from sizing.model import Json

T = TypeVar("T")
P = ParamSpec("P")
DISABLED_PROVIDERS = "pulumi:disable-default-providers"
# of the event loop between two looks at what is left
_TURNS = 50


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
        with _short_traces():
            loop.run_until_complete(run_in_stack(lambda: _settled(program)))
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


async def _settled(program: Callable[[], None]) -> None:
    """Run a program, and let whatever it has begun come to rest.

    The SDK then finds nothing left: it waits for one task at a time, and looks at all the others
    each time, which for hundreds of resources takes as long as the rest.
    """
    program()
    before, now = 0, len(asyncio.all_tasks())
    while now != before:
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        before, now = now, len(asyncio.all_tasks())


@contextlib.contextmanager
def _short_traces() -> Iterator[None]:
    """Keep the SDK from describing its caller's whole stack for each resource: nobody reads it."""
    missing = object()
    before = getattr(sys, "tracebacklimit", missing)
    sys.tracebacklimit = 1
    try:
        yield
    finally:
        if before is missing:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = before  # type: ignore[assignment]  # what it was


def described(error: BaseException) -> str:
    """Return an error with the line of ours that raised it, without the path of this clone."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "site-packages" not in frame.filename and "/asyncio/" not in frame.filename
    ]
    where = f" ({Path(ours[-1].filename).name}, line {ours[-1].lineno})" if ours else ""
    return f"{type(error).__name__}: {error}{where}"


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
