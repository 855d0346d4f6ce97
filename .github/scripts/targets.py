"""Tell which stacks are deployed from this repository, as whom, and with which state.

    BACKENDS='{"123456789012": "s3://..."}' [ONLY="prod-large ..."] python targets.py deploy|preview

Writes a list for each environment, and `all`, to $GITHUB_OUTPUT. A stack counts once its account
(AWS) or project (Google Cloud) has a backend. Names are those that bootstrap/ gives.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from components.naming import partition

ENVIRONMENTS = ("dev", "staging", "prod")
STACKS = Path("stacks")
POOL = "locations/global/workloadIdentityPools/aigw-deployers/providers/issuer"


def targets(backends: Mapping[str, str], role: str) -> Iterator[dict[str, str]]:
    """Yield each stack that has a backend: its place, its state, and whom its workflow becomes.

    Args:
        backends: URL of the state by account or project.
        role: "deploy" or "preview".
    """
    for file in sorted(STACKS.glob("Pulumi.*.yaml")):
        config = yaml.safe_load(file.read_text(encoding="utf-8"))["config"]["aigw:platform"]
        cloud = config.get("cloud", "aws")
        account = str(config["account_id"] if cloud == "aws" else config["project"])
        if account not in backends:
            continue
        yield {
            "stack": file.name.removeprefix("Pulumi.").removesuffix(".yaml"),
            "environment": config["environment"],
            "cloud": cloud,
            "region": config["region"],
            "account": account,
            "backend": backends[account],
            **(_aws(config, role) if cloud == "aws" else _google(config, role)),
        }


def _aws(config: Mapping[str, Any], role: str) -> dict[str, str]:
    iam = f"arn:{partition(config['region'])}:iam::{config['account_id']}"
    return {"role": f"{iam}:role/aigw-bootstrap/aigw-{role}", "provider": ""}


def _google(config: Mapping[str, Any], role: str) -> dict[str, str]:
    return {
        "role": f"aigw-{role}@{config['project']}.iam.gserviceaccount.com",
        "provider": f"projects/{config['project_number']}/{POOL}",
    }


def main() -> None:
    """Write the lists, and say which stacks are on none."""
    backends = json.loads(os.environ["BACKENDS"] or "{}")
    only = os.environ.get("ONLY", "").split()
    found = [one for one in targets(backends, sys.argv[1]) if not only or one["stack"] in only]
    lists = {one: [each for each in found if each["environment"] == one] for one in ENVIRONMENTS}
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as output:
        for name, entries in {**lists, "all": found}.items():
            output.write(f"{name}={json.dumps(entries)}\n")
    wanted = set(only) or {one.name.split(".")[1] for one in STACKS.glob("Pulumi.*.yaml")}
    without = wanted - {one["stack"] for one in found}
    if without:
        print(f"::notice::no stack file, or no backend, for {', '.join(sorted(without))}")


if __name__ == "__main__":
    main()
