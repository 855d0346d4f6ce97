"""How a stack file is written: its YAML, its top-level keys, and which config keys it may hold.

Reads what Pulumi reads, strictly: a key twice, a number that was meant as text, or a key that
nobody would read is a problem here, where the engine would be silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import yaml

from stacks.config_errors import PLATFORM, Problem, joined, shown, unknown_key, words
from stacks.config_secrets import (
    IN_WORDS,
    KNOWN,
    NO_SECRETS,
    Secrets,
    is_secret_key,
    looks_secret,
    set_with,
)

TOP_LEVEL: Final = ("config", "secretsprovider", "encryptedkey", "encryptionsalt", "environment")
"""What Pulumi itself keeps in a stack file (pulumi, sdk/go/common/workspace, ProjectStack)."""

REGION_KEYS: Final = ("aws:region", "gcp:region")
"""They serve other tools and must repeat the platform's; the rest of `aws:` and `gcp:` would be
ignored, because the provider is built from `aigw:platform`."""

CONFIG_KEYS: Final = (PLATFORM, *REGION_KEYS, "pulumi:tags")
"""`pulumi:tags` labels the stack."""

SECRET: Final = "[secret]"
"""Stands where a value is encrypted: nothing here can or does decrypt it."""

_WORD_BOOLEANS: Final = frozenset({"yes", "no", "on", "off"})
_DECIMAL: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFile:
    """What a stack file says, before anybody judges the platform's own keys.

    Attributes:
        platform: value of `aigw:platform` as plain data, None where it is missing.
        config: every other config key, encrypted values replaced by `SECRET`.
        problems: what is wrong with the file as such; all of it.
        secrets: which secrets the file holds.
    """

    platform: object
    config: dict[str, object]
    problems: tuple[Problem, ...]
    secrets: Secrets = NO_SECRETS

    @property
    def secret_problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with the secrets beside the platform's own keys."""
        start = ":config."
        return tuple(one for one in self.problems if looks_secret(one.path.removeprefix(start)))


# a stack is judged beside all others, each of them beside its own host and guests: every verb asks
# for every file's text many times
@lru_cache(maxsize=64)
def read(text: str) -> StackFile:
    """Read the text of a stack file; whatever is wrong with it comes back as problems.

    The same text gives the same object, which nobody changes.
    """
    try:
        node, data = _composed(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f":line {mark.line + 1}, column {mark.column + 1}" if mark else ":file"
        what = " ".join(filter(None, (error.context, error.problem)))
        return _broken(Problem(path=place, found=f"no YAML ({what})", allowed="valid YAML"))
    except (yaml.YAMLError, ValueError) as error:
        reason = str(error).splitlines()[0]
        return _broken(Problem(path=":file", found=f"no YAML ({reason})", allowed="valid YAML"))
    except RecursionError:
        return _broken(Problem(path=":file", found="a bottomless nesting", allowed="valid YAML"))
    if node is None:
        return _broken(Problem(path=":file", found="an empty file", allowed='the key "config"'))
    problems = tuple(_written(node, "", ()))
    if any(_cyclic(problem) for problem in problems):
        return _broken(*problems)  # it has no finite value to judge
    return _judged(data, problems)


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader, without arbitrary Python types."""


def _composed(text: str) -> tuple[yaml.Node | None, object]:
    """Return the document as written, and as data.

    Raises:
        yaml.YAMLError: the text is no YAML, or more than one document.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _broken(*problems: Problem) -> StackFile:
    return StackFile(platform=None, config={}, problems=problems)


def _cyclic(problem: Problem) -> bool:
    return problem.found == "a value that contains itself"


def _judged(data: object, problems: tuple[Problem, ...]) -> StackFile:
    if not isinstance(data, dict):
        wrong = Problem(path=":file", found=shown(data), allowed='a mapping with the key "config"')
        return _broken(*problems, wrong)
    found = [*problems, *_top_level(data)]
    config = data.get("config")
    if not isinstance(config, dict):
        found.append(
            Problem(path=":config", found=shown(config), allowed=f"a mapping of {PLATFORM}")
        )
        return _broken(*found)
    found += _config_keys(config)
    platform = config.get(PLATFORM)
    if platform is None:
        found.append(Problem(path="", found="nothing", allowed="the stack's own facts, a mapping"))
    found += (
        Problem(path=path, found="a secret", allowed="plain values: no key here holds a secret")
        for path in _secrets(platform, "")
    )
    others = {
        str(key): SECRET if looks_secret(str(key)) else _veiled(value)
        for key, value in config.items()
        if key != PLATFORM
    }
    secrets = Secrets(
        frozenset(key for key, value in config.items() if is_secret_key(key) and _is_secret(value)),
        elsewhere=bool(data.get("environment")),
    )
    for key in REGION_KEYS:
        region = others.get(key)
        if not isinstance(platform, dict) or region is None or region == platform.get("region"):
            continue
        found.append(
            Problem(
                path=f":config.{key}",
                found=shown(region),
                allowed=f"the region of {PLATFORM}, {shown(platform.get('region'))}",
            )
        )
    return StackFile(platform=platform, config=others, problems=tuple(found), secrets=secrets)


def _config_keys(config: dict[Any, object]) -> Iterator[Problem]:
    """Refuse config keys that nobody reads, and secrets that are not encrypted."""
    for key, value in ((str(key), value) for key, value in config.items()):
        if key in CONFIG_KEYS:
            continue
        if not is_secret_key(key):
            what, _ = unknown_key(key, (*CONFIG_KEYS, *KNOWN))
            yield Problem(
                path=f":config.{key}", found=what, allowed=words((*CONFIG_KEYS, *IN_WORDS))
            )
        elif not _is_secret(value):  # what stands there is never shown
            yield Problem(
                path=f":config.{key}",
                found="a value in clear",
                allowed=f"an encrypted one, as {set_with(key)} writes it; "
                "take this one back where it came from: whoever read the file knows it",
            )


def _top_level(data: dict[Any, object]) -> Iterator[Problem]:
    for key, value in data.items():
        if key not in TOP_LEVEL:
            what, allowed = unknown_key(str(key), TOP_LEVEL)
            yield Problem(path=f":{key}", found=what, allowed=allowed)
        elif key == "environment" and not isinstance(value, list | dict):
            yield Problem(path=":environment", found=shown(value), allowed="a list or a mapping")
        elif key not in {"config", "environment"} and not isinstance(value, str):
            yield Problem(path=f":{key}", found=shown(value), allowed="text")


def _written(node: yaml.Node, path: str, above: tuple[int, ...]) -> Iterator[Problem]:
    if id(node) in above:
        yield Problem(path=_place(path), found="a value that contains itself", allowed="plain data")
        return
    inside = (*above, id(node))
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, value in node.value:
            name = str(key.value)
            line = key.start_mark.line + 1
            if name in first:
                yield Problem(
                    path=_place(joined(path, name)),
                    found=f"the key twice, on lines {first[name]} and {line}",
                    allowed="each key once",
                )
            first.setdefault(name, line)
            if not looks_secret(name):  # a problem shows what was typed
                yield from _written(value, joined(path, name), inside)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _written(value, f"{path}[{index}]", inside)
    elif isinstance(node, yaml.ScalarNode) and node.style is None:
        yield from _unquoted(node, path)


def _unquoted(node: yaml.Node, path: str) -> Iterator[Problem]:
    """Refuse plain scalars that YAML turns into something else than what was typed."""
    kind = str(node.tag).rpartition(":")[2]
    typed = str(node.value)
    changed = (
        kind in {"float", "timestamp"}
        or (kind == "int" and not _DECIMAL.fullmatch(typed))
        or (kind == "bool" and typed.lower() in _WORD_BOOLEANS)
    )
    if changed:
        allowed = "true or false" if kind == "bool" else f'text in quotes, "{typed}"'
        meant = {"timestamp": "a date", "bool": "true or false"}.get(kind, "a number")
        yield Problem(
            path=_place(path),
            found=f"{typed} without quotes, which YAML reads as {meant}",
            allowed=allowed,
        )


def _place(path: str) -> str:
    """Return a node's path as a problem's: relative to the platform, or marked as outside it."""
    prefix = f"config.{PLATFORM}"
    if path == prefix:
        return ""
    return path[len(prefix) + 1 :] if path.startswith(f"{prefix}.") else f":{path}"


def _is_secret(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"secure"}


def _secrets(value: object, path: str) -> Iterator[str]:
    if _is_secret(value):
        yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _secrets(item, joined(path, str(key)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _secrets(item, f"{path}[{index}]")


def _veiled(value: object) -> object:
    if _is_secret(value):
        return SECRET
    if isinstance(value, dict):
        return {str(key): _veiled(item) for key, item in value.items()}
    return [_veiled(item) for item in value] if isinstance(value, list) else value
