"""PostgreSQL and PgBouncer of the generation that runs in the cluster, from Debian 13's packages.

They are unpacked and not installed, with the libraries that they were built with: an older Debian
has a PgBouncer that knows no prepared statements, and a PostgreSQL with other rights of roles.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.services.programs import missing

RELEASE = "trixie"
PACKAGES = (
    *("pgbouncer", "postgresql-17", "postgresql-17-pgvector", "postgresql-client-17"),
    *("libaudit1", "libc6", "libcap-ng0", "libcap2", "libcares2", "libcom-err2"),
    *("libevent-2.1-7t64", "libgcc-s1", "libgssapi-krb5-2", "libicu76", "libk5crypto3"),
    *("libkeyutils1", "libkrb5-3", "libkrb5support0", "libldap2", "liblz4-1", "liblzma5"),
    *("libpam0g", "libpq5", "libsasl2-2", "libssl3t64", "libstdc++6", "libsystemd0"),
    *("libxml2", "libxxhash0", "libzstd1", "zlib1g"),
)
_TOOLS = Path(__file__).parents[3] / ".tools"
_FINISHED = "finished"
_SERVER = Path("usr/lib/postgresql/17/bin")
_PROGRAMS = (
    _SERVER / "initdb",
    _SERVER / "postgres",
    _SERVER / "psql",
    Path("usr/sbin/pgbouncer"),
)


def unpack(root: Path) -> list[Path]:
    """Unpack everything below a folder; returns the folders of the programs, ready to be started.

    Ends the test where packages of that release cannot be had.
    """
    for package in sorted(_packages().glob("*.deb")):
        _run("dpkg-deb", "--extract", package, root)
    (loader,) = {one.resolve() for one in root.glob("usr/lib*/ld-linux*.so.*")}
    libraries = loader.parent
    for program in _PROGRAMS:
        _start_with(loader, libraries, root / program)
    # RDS lets its master make it; here the master is no superuser, and so it is as trusted
    control = root / "usr/share/postgresql/17/extension/vector.control"
    control.write_text(f"{control.read_text()}\ntrusted = true\n")
    return sorted({root / program.parent for program in _PROGRAMS})


def _packages() -> Path:
    """Return the folder of the packages, fetched once by apt, which checks their signatures."""
    names = " ".join((RELEASE, *PACKAGES)).encode()
    folder = _TOOLS / f"debian-{RELEASE}-{hashlib.sha256(names).hexdigest()[:8]}"
    if not (folder / _FINISHED).exists():
        if shutil.which("apt-get") is None:
            missing("PostgreSQL 17 and PgBouncer are taken from Debian's packages: no apt-get")
        shutil.rmtree(folder, ignore_errors=True)
        for inner in ("lists/partial", "cache/archives/partial"):
            (folder / inner).mkdir(parents=True)
        options = [*_options(folder)]
        _run("apt-get", *options, "update", folder=folder)
        _run("apt-get", *options, "download", *PACKAGES, folder=folder)
        (folder / _FINISHED).touch()
    return folder


def _options(folder: Path) -> Iterator[str]:
    """Return apt's options: this release alone, from where the machine takes its own."""
    sources = folder / "sources.list"
    sources.write_text(f"deb {_origin()} {RELEASE} main\n")
    settings = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "root",
        "APT::Get::List-Cleanup": "0",
    }
    for name, value in settings.items():
        yield "-o"
        yield f"{name}={value}"


def _origin() -> str:
    """Return where the machine takes its Debian packages from."""
    wanted = ("--format", "$(ORIGIN) $(REPO_URI)", "Created-By: Packages")
    listed = [line.split() for line in _run("apt-get", "indextargets", *wanted).splitlines()]
    found = {uri for origin, uri in listed if origin == "Debian" and "security" not in uri}
    if not found:
        missing("PostgreSQL 17 and PgBouncer are taken from Debian's packages: no source of them")
    return min(found)


def _start_with(loader: Path, libraries: Path, program: Path) -> None:
    """Put a script in a program's place that starts it with the libraries that came with it."""
    real = program.rename(program.with_name(f"{program.name}.real"))
    program.write_text(f'#!/bin/sh\nexec {loader} --library-path {libraries} {real} "$@"\n')
    program.chmod(0o755)


def _run(*command: str | Path, folder: Path | None = None) -> str:
    done = subprocess.run(
        [str(one) for one in command], capture_output=True, text=True, check=False, cwd=folder
    )
    if done.returncode:
        missing(f"{command[0]}: {done.stderr or done.stdout}")
    return done.stdout
