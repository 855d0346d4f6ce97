"""From a stack file, or from what the engine hands over, to one typed and checked config.

Every problem of a file is reported at once, one line each: file, dotted path, what was found and
what is allowed. Nothing here knows Pulumi, so tools and tests read stacks without it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from sizing.words import Environment
from stacks import config_sharing as sharing
from stacks.config_checks import check
from stacks.config_clouds import OWNER_KEYS, class_of, in_words_of_clouds
from stacks.config_errors import ConfigError, Problem
from stacks.config_facts import Facts
from stacks.config_isolation import Claim, isolation
from stacks.config_model import StackConfig
from stacks.config_schema import json_schema
from stacks.config_translate import problems as translated
from stacks.stack_file import StackFile, read

__all__ = [
    "FOLDER",
    "ConfigError",
    "StackConfig",
    "claims",
    "json_schema",
    "judged",
    "load",
    "load_all",
    "parse",
    "parse_platform",
    "refused",
    "stack_files",
    "stack_path",
]

FOLDER: Final = Path(__file__).parent
"""Where the stack files stand (`stackConfigDir` of Pulumi.yaml)."""

_Read = tuple[StackConfig | None, tuple[Problem, ...]]


def stack_files(folder: Path = FOLDER) -> dict[str, Path]:
    """Return the stack files of a folder by stack name, sorted."""
    return {_stack_of(path.name): path for path in sorted(folder.glob("Pulumi.*.yaml"))}


def stack_path(stack: str, folder: Path = FOLDER) -> Path:
    """Return where a stack's file stands, whether it does or not."""
    return folder / f"Pulumi.{stack}.yaml"


def load(path: Path) -> StackConfig:
    """Read a stack file and compare it with the other stack files of its folder.

    Raises:
        ConfigError: the file, or what it shares with another stack, is refused.
        OSError: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        unreadable = Problem(path=":file", found=f"no text ({error.reason})", allowed="UTF-8")
        raise ConfigError([unreadable.line(_shown(path))]) from error
    return _decided(*judged(text, path), _shown(path))


def judged(text: str, path: Path) -> _Read:
    """Return what a stack file of this text would say there, and what is wrong with it.

    The other files of its folder are compared with it; nothing need stand at the path yet.
    """
    config, found = _read(text, _stack_of(path.name), path.parent)
    return config and config.known_to_host(), found or _shared(config, path)


def claims(path: Path) -> tuple[Claim, ...]:
    """Return what the other files of a stack file's folder take for themselves alone."""
    others = (_claim_of(other) for other in stack_files(path.parent).values() if other != path)
    return tuple(claim for claim in others if claim is not None)


def load_all(folder: Path = FOLDER) -> dict[str, StackConfig]:
    """Read all stack files of a folder, by stack name.

    Raises:
        ConfigError: with the problems of all files.
    """
    configs: dict[str, StackConfig] = {}
    messages: list[str] = []
    for stack, path in stack_files(folder).items():
        try:
            configs[stack] = load(path)
        except ConfigError as error:
            messages += error.messages
    if messages:
        raise ConfigError(messages)
    return configs


def parse(text: str, file: str, folder: Path = FOLDER) -> StackConfig:
    """Read the text of one stack file, whose name says which stack it is.

    It is compared with no other file; those that it shares infrastructure with are read in
    `folder`.

    Raises:
        ConfigError: the text is refused.
    """
    config, found = _read(text, _stack_of(Path(file).name), folder)
    return _decided(config, found, file)


def parse_platform(text: str, stack: str, folder: Path = FOLDER) -> StackConfig:
    """Read `aigw:platform` as the engine hands it over, JSON, for the stack that it runs.

    The stack's siblings in `folder` are compared with it: they show what it may not share. Which
    secrets stand beside the config is read from the stack's own file there, as `load` reads it,
    so that engine and command line come to the same findings.

    Raises:
        ConfigError: the config is refused.
    """
    path = stack_path(stack, folder)
    config, found = _neighbours(*_judge(text, stack, folder), folder)
    beside = _beside(path)
    if beside is not None:
        found = (*beside.secret_problems, *found)
        config = config and config.with_secrets(beside.secrets)
    return _decided(config, found or _shared(config, path), _shown(path))


def refused(config: StackConfig, reason: str) -> ConfigError:
    """Return the refusal of a config that is well written but of which no plan can be made."""
    cidr = config.network.vpc_cidr
    found, _, allowed = reason.partition("; ")
    path = "network.vpc_cidr" if reason.startswith(cidr) else ""
    problem = Problem(path=path, found=found, allowed=allowed or "what a plan can be made of")
    return ConfigError([problem.line(_shown(stack_path(config.stack)))])


def _read(text: str, stack: str, folder: Path) -> _Read:
    return _neighbours(*_alone(text, stack, folder), folder)


def _alone(text: str, stack: str, folder: Path, host: StackConfig | None = None) -> _Read:
    """Return a stack without its neighbours; a guest's host is read where it is not given."""
    content = read(text)
    if content.platform is None:
        return None, content.problems
    # dates are no JSON; they are a problem already, and stay text here
    config, found = _judge(json.dumps(content.platform, default=str), stack, folder, host)
    config = config and config.with_secrets(content.secrets)
    told = {problem.path for problem in content.problems}
    return config, (*content.problems, *(one for one in found if one.path not in told))


def _neighbours(config: StackConfig | None, found: tuple[Problem, ...], folder: Path) -> _Read:
    """Return the config with whoever shares infrastructure with it."""
    if config is None or found or config.environment is Environment.PROD:
        return config, found
    if config.shares is None:
        return config.beside(None, _guests(config, folder)), found
    host, wrong = _host(config.shares, folder)
    return config.beside(host, ()), wrong


def _host(stack: str, folder: Path) -> _Read:
    """Return a host with its guests, or what is wrong with its file."""
    path = stack_path(stack, folder)
    content = _beside(path)
    raw = content.platform if content else None
    if isinstance(raw, dict) and sharing.KEY in raw:
        return None, (sharing.itself_a_guest(stack, raw[sharing.KEY]),)
    if content is None:
        return None, (sharing.broken(stack, "cannot be read"),)
    config, found = _alone(path.read_text(encoding="utf-8"), stack, folder)
    if config is None or found:
        return None, tuple(sharing.broken(stack, one.line(_shown(path))) for one in found)
    return config.beside(None, _guests(config, folder)), ()


def _guests(host: StackConfig, folder: Path) -> tuple[StackConfig, ...]:
    """Return whose files name a stack as their host, by name; broken ones say so themselves."""
    found = []
    for name, path in stack_files(folder).items():
        content = _beside(path) if name != host.stack else None
        raw = content.platform if content else None
        if isinstance(raw, dict) and raw.get(sharing.KEY) == host.stack:
            config, wrong = _alone(path.read_text(encoding="utf-8"), name, folder, host)
            found += [config] if config is not None and not wrong else []
    return tuple(found)


def _beside(path: Path) -> StackFile | None:
    try:
        return read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None  # a config given to the engine from elsewhere


def _judge(text: str, stack: str, folder: Path, host: StackConfig | None = None) -> _Read:
    config: StackConfig | None = None
    found: tuple[Problem, ...] = ()
    raw = _mapping(text)
    if raw is not None and sharing.KEY in raw:
        raw, found = _as_guest(raw, stack, folder, host)
        if raw is None:
            return None, found
        text = json.dumps(raw)
    kind = class_of(raw)
    try:
        config = kind.model_validate_json(text)
    except ValidationError as error:
        wrong = translated(error, kind)
        found = (*found, *(in_words_of_clouds(one, kind) for one in wrong))
    if raw is None:
        return None, found
    facts = Facts(raw, frozenset(problem.path for problem in found if problem.path))
    return config, (*found, *check(facts, stack))


def _mapping(text: str) -> dict[str, object] | None:
    try:
        raw = json.loads(text)
    except ValueError:
        return None
    return raw if isinstance(raw, dict) else None


def _as_guest(
    raw: dict[str, object], stack: str, folder: Path, host: StackConfig | None
) -> tuple[dict[str, object] | None, tuple[Problem, ...]]:
    """Return a guest's values with its host's, None where it has no host that it could have."""
    found = tuple(sharing.refused(raw, stack, stack_files(folder)))
    named = raw[sharing.KEY]
    if found or not isinstance(named, str):
        return None, found
    if host is None:
        host, found = _host(named, folder)
    if host is None:
        return None, found
    others = [one for one in host.guests if one.stack != stack]
    return sharing.filled(raw, host), tuple(sharing.disagreements(raw, host, others))


def _shared(config: StackConfig | None, path: Path) -> tuple[Problem, ...]:
    if config is None:
        return ()
    return isolation(_claim(config, path), claims(path))


def _claim(config: StackConfig, path: Path) -> Claim:
    return Claim(
        file=_shown(path),
        stack=_stack_of(path.name),
        owner_key=OWNER_KEYS[config.cloud],
        owner=config.owner,
        vpc_cidr=None if config.in_hosts_cluster else config.network.vpc_cidr,
        platform=config.platform,
        domain=None if config.ingress is None else config.ingress.domain,
        mirrors=config.mirrors,
        region=config.region,
    )


def _claim_of(path: Path) -> Claim | None:
    """Return what another file claims; one that is broken says so when it is planned itself."""
    try:
        return _claim(parse(path.read_text(encoding="utf-8"), _shown(path), path.parent), path)
    except (ConfigError, OSError, UnicodeDecodeError):
        return None


def _decided(config: StackConfig | None, found: tuple[Problem, ...], file: str) -> StackConfig:
    if config is None or found:
        raise ConfigError(problem.line(file) for problem in found)
    return config


def _stack_of(name: str) -> str:
    return name.removeprefix("Pulumi.").removesuffix(".yaml")


def _shown(path: Path) -> str:
    """Return a path as people name it: from the repository, never from this machine's root."""
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name
