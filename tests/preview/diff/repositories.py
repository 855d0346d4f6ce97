"""A small repository of stacks whose planner is a few lines, for what compares commits."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.preview.diff.plans import PREFIX, ROOT

PLANNER = """\
import json, pathlib, sys
stack = sys.argv[2]
said = pathlib.Path(f"stacks/Pulumi.{stack}.yaml").read_text()
pathlib.Path("%(log)s").open("a").write(f"{stack} {said}")
if "refuse" in said:
    print("aigw: the file is refused", file=sys.stderr)
    sys.exit(2)
if "fail" in said:
    print("aigw: the program failed", file=sys.stderr)
    sys.exit(1)
urn = "%(prefix)saws:s3/bucket:Bucket::it"
state = {"urn": urn, "custom": True, "type": "aws:s3/bucket:Bucket",
         "inputs": {"bucket": said, "by": %(by)r}, "parent": "%(root)s"}
print(json.dumps({"steps": [{"op": "create", "urn": urn, "newState": state}],
                  "aigw": {"schema": %(schema)d, "stack": stack}}))
"""
STACK = "dev-small"


class Repository:
    """A repository whose planner is a few lines, and says which of them ran."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder.parent / "log"
        folder.mkdir()
        self.git("init", "-q", "-b", "main")
        self.write("preview/__init__.py", "")
        self.write("preview/verbs/plan.py", "")
        self.write("Pulumi.yaml", "name: aigw\n")
        self.write("uv.lock", "one\n")
        self.planner("first")
        self.stack("a")
        self.commit()

    def git(self, *arguments: str) -> str:
        author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        return subprocess.run(
            ["git", *author, *arguments],
            cwd=self.folder,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def write(self, name: str, text: str) -> None:
        place = self.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def planner(self, by: str, schema: int = 1) -> None:
        facts = {"log": self.log, "prefix": PREFIX, "root": ROOT, "by": by, "schema": schema}
        self.write("preview/cli.py", PLANNER % facts)

    def stack(self, text: str, name: str = STACK) -> None:
        self.write(f"stacks/Pulumi.{name}.yaml", f"{text}\n")

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a change")

    def runs(self) -> list[str]:
        """Return what was planned since the last time."""
        found = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return sorted(found)
