"""Makes the folders of a shared file system, each of which a workload mounts by itself.

Whose they are is said later: a node that mounts a folder for a pod gives it to the pod's group.
It can run again and again, and touches no folder that exists.
"""

from __future__ import annotations

import sys
from pathlib import Path


def make(root: Path, wanted: dict[str, str]) -> list[str]:
    """Make the folders that are missing; return their names.

    Args:
        root: where the file system is mounted.
        wanted: permissions by folder ("0750").

    Raises:
        ValueError: a folder that would stand elsewhere.
    """
    made = []
    for name, permissions in wanted.items():
        folder = root / name
        if root not in folder.resolve().parents:
            raise ValueError(f"{name!r} is no folder of {root}")
        if not folder.is_dir():
            folder.mkdir(parents=True)
            # the umask takes rights away from what mkdir is told
            folder.chmod(int(permissions, 8))
            made.append(name)
    return made


def main(arguments: list[str]) -> None:
    """Make the folders "<name>=<permissions>" below the first argument."""
    root, *pairs = arguments
    wanted = dict(one.split("=", 1) for one in pairs)
    print("made:", ", ".join(make(Path(root), wanted)) or "nothing")


if __name__ == "__main__":
    main(sys.argv[1:])
