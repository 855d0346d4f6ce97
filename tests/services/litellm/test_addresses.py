"""What LiteLLM makes, for its database client, of the addresses that the cluster gives it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from components.kubernetes.database_setup import AUTHORITY_FILE
from components.kubernetes.litellm_stores import Database, direct_address, pooled_address
from components.kubernetes.secrets import Remote
from tests.services.litellm.environment import litellm

pytestmark = pytest.mark.services
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
print(json.dumps(translate_libpq_ssl_params(append_query_params(sys.argv[1], own))))
"""


def translated(template: str, folder: Path) -> tuple[str, dict[str, list[str]]]:
    """Return the place that Prisma connects to and its parameters."""
    url = template.replace("{{ .password | urlquery }}", PASSWORD)
    assert "{" not in url
    done = subprocess.run(
        [str(litellm() / "python"), "-c", TRANSLATE, url],
        env={"LITELLM_LOCAL_MODEL_COST_MAP": "True", "HOME": str(folder)},
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    parts = urlsplit(json.loads(done.stdout.splitlines()[-1]))
    return f"{parts.netloc}{parts.path}", parse_qs(parts.query)


def test_pods_go_through_the_pooler_without_prepared_statements(tmp_path: Path) -> None:
    template = pooled_address("pooler.example", database=DATABASE, client_pool=10)
    place, parameters = translated(template, tmp_path)
    assert place == f"litellm_a:{PASSWORD}@pooler.example:5432/litellm"
    assert parameters == {
        "pgbouncer": ["true"],
        "connection_limit": ["10"],
        "pool_timeout": ["60"],
        "sslmode": ["disable"],
    }


def test_migrations_make_the_server_prove_its_name(tmp_path: Path) -> None:
    template = direct_address("server.example", database=DATABASE)
    place, parameters = translated(template, tmp_path)
    assert place == f"litellm_migrator:{PASSWORD}@server.example:5432/litellm"
    assert parameters["sslmode"] == ["require"]
    assert parameters["sslaccept"] == ["strict"]
    assert parameters["sslcert"] == [AUTHORITY_FILE]
    assert "pgbouncer" not in parameters
