"""`aigw loadtest`: the load that a stack's workload makes, and what the platform makes of it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preview.misuse import FINE, FOUND, MisuseError
from preview.progress import note, working
from preview.result import write, write_text
from preview.verbs.arguments import FILE, STACK, add_stack, completed, verb

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sizing.loadtest import Profile, Result
    from sizing.workload import Workload
    from stacks.config_model import StackConfig

SCENARIOS = ("requests", "tokens", "document-000", "document-003")
MOST_PROCESSES = 64
KEY_VARIABLE = "AIGW_LOAD_KEY"
EXAMPLES = """\
examples:
  aigw loadtest prod-large                              # the profile, as JSON
  aigw loadtest prod-large --scenario tokens -o profile.json
  aigw loadtest staging-medium --url https://api.staging.example --scale 0.1 \
    --duration 5m
  aigw loadtest prod-large --result parts.log           # judge what pods have measured
  aigw loadtest prod-large --result parts.log --json

The caller's key is read from a variable (--key-env), never from the command line. Locust makes the
load: `uv run --with locust==2.46.6 aigw loadtest ...` brings it along. Ends with 1 where a line
is refuted.
"""


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    parser = verb(
        verbs,
        "loadtest",
        "a load test made of a stack's workload: its profile, or a run beside the plan",
        EXAMPLES,
    )
    add_stack(parser)
    output = parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="write the profile into a file"
    )
    parser.add_argument(
        "--scenario",
        choices=SCENARIOS,
        default=SCENARIOS[0],
        metavar="NAME",
        help="requests (the peak of that axis, the default), tokens (of that one), or a "
        "document's: document-000, document-003",
    )
    parser.add_argument("--scale", default="1", metavar="SHARE", help="part of the peak: 0.1")
    parser.add_argument("--duration", default="5m", metavar="TIME", help="what counts: 5m, 90s")
    parser.add_argument("--warm-up", default="1m", metavar="TIME", help="climbing, not counted")
    parser.add_argument("--timeout", default="10m", metavar="TIME", help="longest answer: 10m")
    parser.add_argument("--url", help="gateway to ask: runs the test from here")
    parser.add_argument(
        "--key-env",
        default=KEY_VARIABLE,
        metavar="NAME",
        help=f"variable that holds the caller's key (default: {KEY_VARIABLE})",
    )
    parser.add_argument("--processes", default="1", metavar="N", help="parts to make the load by")
    locust = parser.add_argument(
        "--locust", metavar="PROGRAM", help="Locust's program, where not found"
    )
    confirm = parser.add_argument(
        "--confirm", metavar="STACK", help="its name again, where it is a prod one"
    )
    result = parser.add_argument(
        "--result", metavar="FILE", help="judge the output of a run, - for stdin"
    )
    for one in (output, locust, result):
        completed(one, FILE)
    completed(confirm, STACK)


def run(options: argparse.Namespace) -> int:
    """Write a profile, or make its load, or judge what was made."""
    if options.url and options.result:
        raise MisuseError("--url runs the test, --result judges one that ran: take one of them")
    config = _config(options)
    load = config.request().load
    if options.result:
        return _judged(options, load, *_read(options, config, load))
    made = _profile(load, _asked(options, config))
    if options.url:
        return _judged(options, load, made, _made(options, config, made))
    return _written(options, made)


def _config(options: argparse.Namespace) -> StackConfig:
    from preview.stack_plan import stack_file
    from stacks.config import ConfigError, load

    try:
        return load(stack_file(options.stack, options.root))
    except ConfigError as error:
        raise MisuseError(*error.messages) from error


def _asked(options: argparse.Namespace, config: StackConfig) -> dict[str, Any]:
    """Return how the load is to be made, as the options say."""
    return {
        "stack": options.stack,
        "scenario": options.scenario,
        "scale": _number("--scale", options.scale),
        "warm_up_seconds": _seconds("--warm-up", options.warm_up),
        "duration_seconds": _seconds("--duration", options.duration),
        "answer_seconds": _seconds("--timeout", options.timeout),
        "outside": tuple(one.name for one in config.models.external),
    }


def _profile(load: Workload, asked: dict[str, Any]) -> Profile:
    from sizing.loadtest import Run, Scenario, profile

    try:
        return profile(load, Run(**{**asked, "scenario": Scenario(asked["scenario"])}))
    except ValueError as error:
        raise MisuseError(str(error)) from error


def _written(options: argparse.Namespace, made: Profile) -> int:
    from preview.json_out import text
    from preview.loadtest_out import said
    from sizing.loadtest import document

    if options.output is not None:
        _write(options.output, text(document(made)))
    if options.output is None or options.json:
        write_text(text(document(made)))
    elif not options.quiet:
        write_text(f"{options.output}: {said(made)}\n")
    return FINE


def _made(options: argparse.Namespace, config: StackConfig, made: Profile) -> Result:
    """Make the load from here."""
    from preview.loadtest_out import said
    from preview.loadtest_run import address, locust, run
    from sizing.words import Environment

    url = address(options.url)
    processes = int(_number("--processes", options.processes))
    if not 1 <= processes <= MOST_PROCESSES:
        raise MisuseError(f"--processes: found {processes}; allowed: 1 to {MOST_PROCESSES}")
    if config.environment is Environment.PROD and options.confirm != options.stack:
        raise MisuseError(
            f"{options.stack} serves users, and this asks it for {said(made)}: "
            f"say --confirm {options.stack}"
        )
    key = os.environ.get(options.key_env, "")
    if not key:
        raise MisuseError(f"--key-env: {options.key_env} is not set; it holds the caller's key")
    program = locust(options.locust)
    note(f"asking {url} for {said(made)}")
    with working("making load"):
        return run(made, url, key=key, processes=processes, program=program)


def _read(
    options: argparse.Namespace, config: StackConfig, load: Workload
) -> tuple[Profile, Result]:
    """Read what was measured elsewhere, and what the stack would be asked for in its place now."""
    from sizing.loadtest import ResultError, document, read

    try:
        if options.result == "-":
            found = read(sys.stdin)
        else:
            with Path(options.result).open(encoding="utf-8") as lines:
                found = read(lines)
        # how long and how much of the peak is the run's own; the rest must be the stack's
        asked = {key: found.profile[key] for key in _asked(options, config).keys() - {"outside"}}
    except (OSError, UnicodeDecodeError) as error:
        raise MisuseError(f"--result: {options.result}: {_reason(error)}") from error
    except (ResultError, KeyError) as error:
        raise MisuseError(f"--result: {options.result}: {error}") from error
    asked |= {"stack": options.stack, "outside": _asked(options, config)["outside"]}
    made = _profile(load, asked)
    differing = _differing(document(made), found.profile)
    if differing:
        raise MisuseError(
            f"--result: {options.result}: it is of another load than {options.stack} would be "
            f"asked for; different: {', '.join(differing)}"
        )
    return made, found


def _judged(options: argparse.Namespace, load: Workload, made: Profile, found: Result) -> int:
    from preview.json_out import text
    from preview.loadtest_out import refuted, report, sections
    from sizing.loadtest import compare

    lines = compare(found, made, load.objectives)
    if options.output is not None:
        _write(options.output, text(report(made, found, lines)))
    wrong = refuted(lines)
    write(
        options,
        document=lambda: report(made, found, lines),
        sections=lambda: sections(made, lines),
        errors=wrong,
    )
    return FOUND if wrong else FINE


def _differing(wanted: dict[str, Any], found: Any) -> Iterable[str]:  # noqa: ANN401  # JSON
    return sorted(
        key for key in {*wanted, *found} if wanted.get(key, found) != found.get(key, wanted)
    )


def _write(path: Path, contents: str) -> None:
    try:
        path.write_text(contents, encoding="utf-8")
    except OSError as error:
        raise MisuseError(f"--output: {path}: {_reason(error)}") from error


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "it is no text"


def _number(option: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise MisuseError(f"{option}: found {text!r}; allowed: a number") from None


def _seconds(option: str, text: str) -> float:
    from preview.json_out import seconds

    try:
        return float(seconds(f"{text}s" if text.isdigit() else text))
    except ValueError:
        raise MisuseError(f"{option}: found {text!r}; allowed: a time such as 5m or 90s") from None
