"""What outlives the stack's region: a bucket elsewhere, under a key of that place.

The key that opens Vault needs no copy: it stands in the multi-region around the stack from the
first day (`components.gcp.keys`).
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.gcp.keys import Keys, KeysArgs
from components.gcp.objects import Objects, ObjectsArgs
from stacks.gcp_ground import Ground

BUCKET, KEY = "recovery", "objects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """The bucket of another region; who writes to it needs no right on the key of its objects."""

    region: str
    bucket: pulumi.Output[str]


def build_recovery(on: Ground) -> Recovery | None:
    """Register key and bucket of the recovery region, None where the plan has none.

    Nothing of the stack's own region is needed to read them: a key's ring and a bucket stand
    where they are said to, whatever the provider's region is.
    """
    plan = on.plan.vault
    if plan is None or plan.recovery_bucket is None or plan.recovery_key is None:
        return None
    config, region = on.config, plan.recovery_region
    keys = Keys(
        "recovery-keys",
        KeysArgs(
            plans=(plan.recovery_key,),
            project=config.project,
            project_number=config.project_number,
            region=region,
            labels=on.labels,
            protect=on.plan.protect,
        ),
        on.opts,
    )
    made = Objects(
        BUCKET,
        ObjectsArgs(
            plans=(plan.recovery_bucket,),
            stack=config.platform,
            region=region,
            objects_key=keys.ids[KEY],
            key_ready=keys.ready,
            labels=on.labels,
            protect=on.plan.protect,
        ),
        on.opts,
    )
    return Recovery(region=region, bucket=made.names[BUCKET])
