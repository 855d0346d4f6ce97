"""Planning without the garbage collector: a short run makes many objects and drops few.

The SDK's modules and futures keep the collector walking ever more live objects; switched off, a
plan takes half the time and a few megabytes more.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector off inside, and leave it as it was."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
