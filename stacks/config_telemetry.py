"""What a stack keeps of what its programs do: traces and log lines.

Both are on where nothing is said. Metrics have a part of their own.
"""

from __future__ import annotations

from pydantic import Field

from stacks.config_parts import Strict
from stacks.config_values import Share


class TracingConfig(Strict):
    """Traces: collectors decide which are kept, Jaeger shows them."""

    enabled: bool = Field(default=True, description="keep traces")
    sampled_share: Share | None = Field(
        default=None,
        description='part of the ordinary traces that is kept ("0.1"), over the workload\'s '
        "`shares.traced`; those with an error and slow ones are always kept",
    )

    @property
    def share(self) -> float | None:
        """Return the part that is kept, None where the workload's is."""
        return None if self.sampled_share is None else float(self.sampled_share)


class LogsConfig(Strict):
    """Log lines of every pod, without keys, tokens and passwords."""

    enabled: bool = Field(default=True, description="keep the log lines of pods")
    retention_days: int | None = Field(
        default=None,
        ge=1,
        le=3650,
        description="days that a line is kept; as long as the spend log where it is left out",
    )
