"""How facts of resources are read on either cloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from tests.components.clouds.words import at
from tests.components.support import Registered

Facts: TypeAlias = Mapping[str, object]
Resources: TypeAlias = tuple[Registered, ...]


def of_type(resources: Resources, *shorts: str) -> list[Registered]:
    return [one for one in resources if one.type.rsplit(":", 1)[-1] in shorts]


def first(one: Registered, *paths: str) -> object:
    return next((found for path in paths if (found := at(one.inputs, path)) is not None), None)
