"""Differences of two JSON values, and their application: whatever differs is found and no more.

Members of a list are told apart by what names them (`urn`, `id`, `name`, ...), so that one more
environment variable is one difference. A list without names is compared by place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from sizing.model import Json

NAMES = ("urn", "id", "name", "key", "field", "topologyKey", "containerPort", "port")
"""Keys that name a member among its siblings, the first that all of them have for their own."""


class Absent(Enum):
    """The one value that is not there."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
Value: TypeAlias = "Json | Absent"


@dataclass(frozen=True, slots=True)
class Named:
    """The member of a list whose `key` is `value`."""

    key: str
    value: str | int


Step: TypeAlias = "str | int | Named"
Path: TypeAlias = "tuple[Step, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place at which two values differ.

    Attributes:
        path: from the top: keys, places in lists, and named members.
        before: what stands there in the old value; `ABSENT` where nothing does.
        after: the same of the new one.
        place: of a member that a list gains, where it comes to stand; else None.
        order: where a list's members only changed places, their names in the new order.
    """

    path: Path
    before: Value
    after: Value
    place: int | None = None
    order: tuple[str | int, ...] | None = None

    @property
    def where(self) -> str:
        """The path as it is printed: `spec.containers[app].image`."""
        return printed(self.path)

    @property
    def keys(self) -> tuple[str, ...]:
        """The path without its places in lists, as tables of properties write it."""
        return tuple(step for step in self.path if isinstance(step, str))


def printed(path: Path) -> str:
    """Return a path in words: keys with dots, members in brackets."""
    text = ""
    for step in path:
        if isinstance(step, Named):
            text += f"[{step.value}]"
        elif isinstance(step, int):
            text += f"[{step}]"
        elif "." in step:
            text += f'["{step}"]'
        else:
            text += f".{step}" if text else step
    return text


def differences(old: Json, new: Json, path: Path = ()) -> Iterator[Difference]:
    """Yield every difference, those of one value in the order of its keys."""
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _of_maps(old, new, path)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_lists(old, new, path)
    elif type(old) is not type(new) or old != new:
        yield Difference(path=path, before=old, after=new)


def applied(value: Json, found: Sequence[Difference]) -> Json:
    """Return the new value, given the old one and what differs.

    Raises:
        LookupError: the differences are of another value.
    """
    for difference in found:
        value = _changed(value, difference, difference.path)
    return value


def naming(old: Sequence[Json], new: Sequence[Json]) -> str | None:
    """Return the key that names each member of both lists; None where no key does."""
    members = [*old, *new]
    if not members or not all(isinstance(member, dict) for member in members):
        return None
    for key in NAMES:
        if all(_unique([_name(member, key) for member in side]) for side in (old, new)):
            return key
    return None


def _name(member: Json, key: str) -> str | int | None:
    value = member.get(key) if isinstance(member, dict) else None
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def _unique(names: Sequence[str | int | None]) -> bool:
    # a number and the text of it would be one name to a reader
    return None not in names and len({str(name) for name in names}) == len(names)


def _of_maps(old: Mapping[str, Json], new: Mapping[str, Json], path: Path) -> Iterator[Difference]:
    for key in sorted(old.keys() | new.keys()):
        if key not in new:
            yield Difference(path=(*path, key), before=old[key], after=ABSENT)
        elif key not in old:
            yield Difference(path=(*path, key), before=ABSENT, after=new[key])
        else:
            yield from differences(old[key], new[key], (*path, key))


def _of_lists(old: Sequence[Json], new: Sequence[Json], path: Path) -> Iterator[Difference]:
    key = naming(old, new)
    if key is not None:
        yield from _of_named(old, new, path, key)
    elif len(old) == len(new) and all(isinstance(member, dict) for member in (*old, *new)):
        for place, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from differences(before, after, (*path, place))
    elif list(old) != list(new) or _typed(old) != _typed(new):
        yield Difference(path=path, before=list(old), after=list(new))


def _typed(value: Json | Sequence[Json]) -> str:
    """Return a text in which `1`, `1.0` and `true` differ, though Python takes them for one."""
    return repr(value)


def _of_named(
    old: Sequence[Json], new: Sequence[Json], path: Path, key: str
) -> Iterator[Difference]:
    first, second = _by_name(old, key), _by_name(new, key)
    left = [name for name in first if name in second]
    for name, member in first.items():
        step = (*path, Named(key, name))
        if name not in second:
            yield Difference(path=step, before=member, after=ABSENT)
        else:
            yield from differences(member, second[name], step)
    for place, (name, member) in enumerate(second.items()):
        if name not in first:
            left.insert(place, name)
            step = (*path, Named(key, name))
            yield Difference(path=step, before=ABSENT, after=member, place=place)
    if left != list(second):
        yield Difference(
            path=(*path, Named(key, "")), before=ABSENT, after=ABSENT, order=tuple(second)
        )


def _by_name(members: Sequence[Json], key: str) -> dict[str | int, Json]:
    named = ((_name(member, key), member) for member in members)
    return {name: member for name, member in named if name is not None}


def _changed(value: Json, difference: Difference, path: Path) -> Json:
    if not path:
        if isinstance(difference.after, Absent):
            raise LookupError("nothing is left of the whole value")
        return difference.after
    step, rest = path[0], path[1:]
    if isinstance(step, str):
        return _in_map(value, difference, step, rest)
    if not isinstance(value, list):
        raise LookupError(f"{difference.where}: no list there")
    if isinstance(step, int):
        return [
            _changed(member, difference, rest) if place == step else member
            for place, member in enumerate(value)
        ]
    if difference.order is not None and not rest:
        by_name = _by_name(value, step.key)
        return [by_name[name] for name in difference.order]
    return _in_named(value, difference, step, rest)


def _in_map(value: Json, difference: Difference, step: str, rest: Path) -> Json:
    if not isinstance(value, dict):
        raise LookupError(f"{difference.where}: no map there")
    if rest:
        return {**value, step: _changed(value[step], difference, rest)}
    if isinstance(difference.after, Absent):
        return {key: member for key, member in value.items() if key != step}
    return {**value, step: difference.after}


def _in_named(value: list[Json], difference: Difference, step: Named, rest: Path) -> Json:
    if rest or difference.place is None:
        names = [_name(member, step.key) for member in value]
        if step.value not in names:
            raise LookupError(f"{difference.where}: no such member")
        at = names.index(step.value)
        if not rest and isinstance(difference.after, Absent):
            return [*value[:at], *value[at + 1 :]]
        return [*value[:at], _changed(value[at], difference, rest), *value[at + 1 :]]
    if isinstance(difference.after, Absent):
        raise LookupError(f"{difference.where}: nothing to add")
    return [*value[: difference.place], difference.after, *value[difference.place :]]
