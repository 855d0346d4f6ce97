"""One server for all tests here, set up by the generated script; poolers as a test wants them."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from components.kubernetes.database_sql import DatabaseNeed
from components.kubernetes.pgbouncer_config import PoolerConfig, ServerTls, from_plan
from sizing.plans.workloads import PoolerPlan
from tests.services.postgres import debian, pooler, server
from tests.services.postgres.authority import Authority, authority
from tests.services.postgres.pooler import Pooler
from tests.services.postgres.server import Server
from tests.services.programs import Programs

NEEDS = (
    DatabaseNeed(name="collections", extensions=("pg_trgm", "vector")),
    DatabaseNeed(name="litellm", alters_schema=True),
    DatabaseNeed(name="permissions", readers=("collections",)),
    DatabaseNeed(name="users", connection_limit=60),
)
# Tier small's: two poolers of 20 and 5 for each of the four databases.
PLAN = PoolerPlan(
    poolers=2,
    pool_size=20,
    reserve=5,
    databases=tuple(need.name for need in NEEDS),
    client_pool=10,
    max_clients=1000,
    max_server_connections=200,
)
KEPT_BACK = 20
OPEN_FILES = 8192

StartPooler = Callable[..., Pooler]


@pytest.fixture(scope="session", autouse=True)
def _room_for_clients() -> None:
    """A thousand clients are more files than a shell's usual limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """Give a folder that the programs' account can read, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="aigw-postgres-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _programs(folder: Path) -> Iterator[None]:
    """Have the programs of `debian` found before the machine's own."""
    before, found = os.environ["PATH"], debian.unpack(folder / "debian")
    os.environ["PATH"] = os.pathsep.join([*map(str, found), before])
    yield
    os.environ["PATH"] = before


@pytest.fixture(scope="session")
def trusted(folder: Path) -> Authority:
    """Give the authority that the server's certificate is from."""
    return authority(folder / "trusted")


@pytest.fixture(scope="session")
def postgres(folder: Path, trusted: Authority) -> Iterator[Server]:
    """Give a server on which nothing is set up."""
    home = folder / "server"
    home.mkdir()
    running = Programs(folder=home)
    yield server.start(running, trusted, PLAN.max_server_connections + KEPT_BACK)
    for one in running.running:
        one.process.send_signal(signal.SIGINT)  # told to end, it would wait for its sessions
    running.stop()


@pytest.fixture(scope="session")
def databases(postgres: Server) -> Server:
    """Give the server after the script ran once."""
    done = postgres.set_up(NEEDS, server.secrets_for(NEEDS))
    assert done.returncode == 0, done.stderr
    return postgres


@pytest.fixture
def config(databases: Server) -> PoolerConfig:
    """Give the configuration that the plan asks for, for the tests' server."""
    authority_file = str(databases.authority.certificate)
    return from_plan(
        PLAN,
        host=server.HOST,
        port=databases.port,
        server_tls=ServerTls(authority_file=authority_file),
    )


@pytest.fixture
def start_pooler(folder: Path) -> Iterator[StartPooler]:
    """Give what starts a pooler for all logins; it ends with the test."""
    home = Path(tempfile.mkdtemp(dir=folder))
    home.chmod(0o755)
    running = Programs(folder=home)
    logins = [login for need in NEEDS for login in need.logins]
    yield lambda config: pooler.start(running, config, logins)
    for one in running.running:
        one.process.send_signal(signal.SIGQUIT)  # told to end, it would wait for its clients
    running.stop()
