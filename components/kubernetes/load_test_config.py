"""How the load test's generator is started, here and in a cluster. Pure.

The generator is a program of Locust; each of its processes makes its share of the load alone and
writes one line, so that they need not reach one another.
"""

from __future__ import annotations

from importlib.resources import files

PACKAGE = "components.kubernetes.scripts"
GENERATOR = "load_test.py"
PROGRAMS = ("load_draws.py", "load_record.py", GENERATOR)
KEY, PROFILE, PARTS = "AIGW_LOAD_KEY", "AIGW_LOAD_PROFILE", "AIGW_LOAD_PARTS"
PART, START = "AIGW_LOAD_PART", "AIGW_LOAD_START"
"""Variables that the generator reads."""


def arguments(generator: str, url: str) -> tuple[str, ...]:
    """Return Locust's arguments: one user, no page, and failed requests are no failed program.

    Args:
        generator: where the program lies.
        url: scheme, host and port of the gateway.
    """
    headless = ("--headless", "--users", "1", "--spawn-rate", "1", "--only-summary")
    quiet = ("--loglevel", "WARNING", "--exit-code-on-error", "0", "--stop-timeout", "0")
    return ("--locustfile", generator, "--host", url, *headless, *quiet)


def programs() -> dict[str, str]:
    """Return the texts of the generator's programs by file name."""
    return {name: (files(PACKAGE) / name).read_text() for name in PROGRAMS}
