"""What LiteLLM makes, for its database client, of the addresses that the cluster gives it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest

from components.kubernetes.database_setup import AUTHORITY_FILE
from components.kubernetes.litellm_stores import Database, direct_address, pooled_address
from components.kubernetes.secrets import Remote
from tests.services.litellm.environment import litellm

pytestmark = [
    pytest.mark.services,
    pytest.mark.cloud_free("addresses of a server, whichever cloud runs it"),
]
PASSWORD = "letters-and-digits"
DATABASE = Database(
    pooler="pooler.example",
    role="litellm_a",
    password=Remote(name="a"),
    server="server.example",
    migrator="litellm_migrator",
    migrator_password=Remote(name="b"),
    authority="PEM",
)
# As its command line does with DATABASE_URL before Prisma reads it: its own settings, then TLS.
TRANSLATE = """
import json, sys
from litellm.proxy.db.db_url_settings import translate_libpq_ssl_params
from litellm.proxy.proxy_cli import _build_db_connection_url_params, append_query_params
own = _build_db_connection_url_params(connection_limit=10, pool_timeout=60)
translated = [translate_libpq_ssl_params(append_query_params(url, own)) for url in sys.argv[1:]]
print(json.dumps(translated))
"""


@dataclass(frozen=True, slots=True)
class Road:
    """A place that Prisma connects to, and how."""

    place: str
    parameters: dict[str, list[str]]


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> tuple[Road, Road]:
    folder = tmp_path_factory.mktemp("addresses")
    templates = (
        pooled_address("pooler.example", database=DATABASE, client_pool=10),
        direct_address("server.example", database=DATABASE),
    )
    urls = [one.replace("{{ .password | urlquery }}", PASSWORD) for one in templates]
    assert not [url for url in urls if "{" in url]
    done = subprocess.run(
        [str(litellm() / "python"), "-c", TRANSLATE, *urls],
        env={"LITELLM_LOCAL_MODEL_COST_MAP": "True", "HOME": str(folder)},
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    pooled, direct = (urlsplit(url) for url in json.loads(done.stdout.splitlines()[-1]))
    return (
        Road(f"{pooled.netloc}{pooled.path}", parse_qs(pooled.query)),
        Road(f"{direct.netloc}{direct.path}", parse_qs(direct.query)),
    )


def test_pods_go_through_the_pooler_without_prepared_statements(roads: tuple[Road, Road]) -> None:
    pooled, _ = roads
    assert pooled.place == f"litellm_a:{PASSWORD}@pooler.example:5432/litellm"
    assert pooled.parameters == {
        "pgbouncer": ["true"],
        "connection_limit": ["10"],
        "pool_timeout": ["60"],
        "sslmode": ["disable"],
    }


def test_migrations_make_the_server_prove_its_name(roads: tuple[Road, Road]) -> None:
    _, direct = roads
    assert direct.place == f"litellm_migrator:{PASSWORD}@server.example:5432/litellm"
    assert direct.parameters["sslmode"] == ["require"]
    assert direct.parameters["sslaccept"] == ["strict"]
    assert direct.parameters["sslcert"] == [AUTHORITY_FILE]
    assert "pgbouncer" not in direct.parameters
