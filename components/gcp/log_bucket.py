"""Where log lines of one kind are kept: a log bucket with a term and a key of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_random as random
from pulumi_gcp import logging

from components.base import PlatformComponent
from components.naming import PROJECT

_SUFFIX_BYTES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Log lines that are kept by themselves.

    Attributes:
        word: names the bucket ("flows"); `what` says in a description what is in it.
        chosen: filter of Cloud Logging that finds them.
    """

    word: str
    what: str
    chosen: pulumi.Input[str]
    project: str
    region: str
    stack: str
    key_id: pulumi.Input[str]
    retention_days: int


def log_bucket(owner: PlatformComponent, name: str, kept: Kept) -> pulumi.Resource:
    """Keep log lines in a bucket of their own, and nowhere else; return what brings them there.

    A deleted log bucket blocks its name for a while, so that each gets one of its own.
    """
    suffix = random.RandomId(f"{name}-suffix", byte_length=_SUFFIX_BYTES, opts=owner.child)
    bucket = logging.ProjectBucketConfig(
        f"{name}-bucket",
        project=kept.project,
        location=kept.region,
        bucket_id=pulumi.Output.concat(f"{PROJECT}-{kept.stack}-{kept.word}-", suffix.hex),
        description=f"{kept.stack}: {kept.what}",
        retention_days=kept.retention_days,
        cmek_settings=logging.ProjectBucketConfigCmekSettingsArgs(kms_key_name=kept.key_id),
        opts=owner.child,
    )
    sink = logging.ProjectSink(
        f"{name}-sink",
        project=kept.project,
        destination=pulumi.Output.concat("logging.googleapis.com/", bucket.id),
        filter=kept.chosen,
        unique_writer_identity=True,
        opts=owner.child,
    )
    return logging.ProjectExclusion(
        f"{name}-once",
        project=kept.project,
        filter=kept.chosen,
        description=f"{kept.stack}: {kept.what} are kept in a bucket of their own",
        # before the sink exists they would be kept nowhere
        opts=owner.child_with(depends_on=[sink]),
    )
