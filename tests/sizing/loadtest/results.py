"""Results of load tests as a generator's parts write them, every figure by hand."""

from __future__ import annotations

import json
from math import ceil, log
from typing import Any

from sizing.loadtest import Profile, Result, Run, document, profile, read
from sizing.words import Tier
from sizing.workload import Workload, reference

BASE = 1.02
LOAD: Workload = reference(Tier.SMALL)
"""Ten requests a second at peak."""


def asked(**options: Any) -> Profile:  # noqa: ANN401  # any option of a run
    """Return ten requests a second for 100 s, of our own models alone."""
    plain: dict[str, Any] = {"stack": "s", "warm_up_seconds": 10, "duration_seconds": 100}
    return profile(LOAD, Run(**{**plain, **options}))


def bucket(value: float) -> str:
    return str(ceil(log(value) / log(BASE)))


def part(made: Profile, **changes: Any) -> dict[str, Any]:  # noqa: ANN401  # any figure
    """Return what one part found where all went well: 1,000 requests, 150 of them cached."""
    ours = {bucket(0.2): 595}
    return {
        "profile": document(made),
        "part": 0,
        "parts": 1,
        "base": BASE,
        "began": 1000.0,
        "seconds": 100.0,
        "sent": 1000,
        "answered": 1000,
        "failed": {},
        "late": {bucket(0.001): 1000},
        "first_token": {"self-hosted": ours},
        "between_tokens": {"self-hosted": {bucket(0.02): 595}},
        "between_seconds": 20.0,
        "between_count": 1000,
        "whole": {"self-hosted": {bucket(0.8): 850}, "cached": {bucket(0.01): 150}},
        "output_tokens": {"self-hosted": {bucket(50): 850}},
        "tokens_in": 150_000,
        "tokens_out": {"self-hosted": 50_000},
        **changes,
    }


def line(found: dict[str, Any]) -> str:
    return json.dumps({"aigw_load_test": found})


def measured(made: Profile, **changes: Any) -> Result:  # noqa: ANN401  # any figure
    return read([line(json.loads(json.dumps(part(made, **changes))))])
