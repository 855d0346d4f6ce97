"""What breaks a stack on purpose, so that an invariant is seen to fail."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from sizing.words import Cloud, Environment, Tier
from tests.components.clouds.made import Made, made
from tests.components.support import Registered

PROD = {cloud: (cloud, Tier.LARGE, Environment.PROD) for cloud in Cloud}
GONE = object()
"""What takes an input away."""


def altered(one: Registered, path: str, value: object) -> Registered:
    """Return a resource with something else at a path of its inputs, even a new one."""
    inputs = copy.deepcopy(one.inputs)
    *parents, last = path.split(".")
    holder: Any = inputs
    for part in parents:
        holder = holder[int(part)] if isinstance(holder, list) else holder.setdefault(part, {})
    if value is GONE:
        del holder[last]
    else:
        holder[int(last) if isinstance(holder, list) else last] = value
    return replace(one, inputs=inputs)


def some(stack: Made, kind: str, name: str = "") -> Registered:
    """Return the cloud's first resource of a type, or the first whose name contains something."""
    return next(one for one in stack.recorder.all(kind) if one.custom and name in one.name)


def broken(cloud: Cloud, kind: str, path: str, value: object) -> Registered:
    return altered(some(made(*PROD[cloud]), kind), path, value)
