"""What the job makes is what openssl takes, and nothing is made anew before its time."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from components.kubernetes.certificate_job import Certified
from components.kubernetes.opensearch import certified
from tests.components.kubernetes.samples import service_plan
from tests.services.litellm.environment import litellm
from tests.services.programs import require

pytestmark = [
    pytest.mark.services,
    pytest.mark.cloud_free("the job's store stands in for either cloud's"),
]

ROOT = Path(__file__).parents[3]
NOW = datetime.now(UTC)
MEMBER = "opensearch-2.opensearch.prod-data.svc.cluster.local"
# It runs the program with a store of its own in place of the cloud's.
RUN = """
import json, sys
from datetime import datetime
from components.kubernetes.scripts.certificates import Wanted, run

class Kept(dict):
    def keep(self, secret, value, label=""):
        self[secret] = dict(value)
    def read(self, secret):
        return self.get(secret, {})

told = json.load(sys.stdin)
kept, wanted = Kept(told["kept"]), Wanted(**told["wanted"])
now = datetime.fromisoformat(told["now"])
secrets = {one: one for one in ("authority", "server", "trusted")}
made = run(kept, **secrets, wanted=wanted, now=now)
print(json.dumps({"made": made, "kept": kept}))
"""


@dataclass
class Store:
    """The cloud's store, with what the job has put there."""

    kept: dict[str, dict[str, str]] = field(default_factory=dict)

    def run(self, of: Certified, *, days: int = 0) -> list[str]:
        """Run the job so many days from now; returns what it made."""
        names = ("names", "subject", "usages", "signed_by")
        told = {
            "kept": self.kept,
            "wanted": {name: getattr(of, name) for name in names},
            "now": (NOW + timedelta(days=days)).isoformat(),
        }
        done = subprocess.run(
            [str(litellm() / "python"), "-c", RUN],
            input=json.dumps(told),
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        self.kept = answer["kept"]
        made: list[str] = answer["made"]
        return made

    def files(self, folder: Path) -> Path:
        """Write what the servers see into a folder, and return it."""
        for name, text in self.kept["server"].items():
            folder.joinpath(name).write_text(text)
        return folder


def members() -> Certified:
    return certified(service_plan("opensearch", role="data", volume_gib=1))


def servers() -> Certified:
    """Return what servers alone may show."""
    return replace(members(), usages=("server",), subject="vault")


def openssl(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = require("openssl")
    asked = [program, *map(str, arguments)]
    return subprocess.run(asked, capture_output=True, text=True, check=False)


def taken(folder: Path, purpose: str, *more: str) -> bool:
    """Say whether openssl takes the certificate for a purpose, by the authorities beside it."""
    trusted = ("-CAfile", folder / "ca.crt", "-purpose", purpose)
    return openssl("verify", *trusted, *more, folder / "tls.crt").returncode == 0


def test_members_show_theirs_as_servers_and_as_clients(tmp_path: Path) -> None:
    store = Store()
    assert store.run(members()) == ["authority", "server", "trusted"]
    folder = store.files(tmp_path)
    assert taken(folder, "sslserver", "-verify_hostname", MEMBER)
    assert taken(folder, "sslclient")
    assert not taken(folder, "sslserver", "-verify_hostname", "opensearch.example.org")
    said = openssl("x509", "-in", folder / "tls.crt", "-noout", "-subject", "-nameopt", "RFC2253")
    assert said.stdout.strip() == "subject=CN=opensearch"


def test_what_servers_show_is_taken_of_no_client(tmp_path: Path) -> None:
    store = Store()
    store.run(servers())
    folder = store.files(tmp_path)
    assert taken(folder, "sslserver")
    assert not taken(folder, "sslclient")


def test_the_key_belongs_to_the_certificate_and_the_authority_s_stays_behind(
    tmp_path: Path,
) -> None:
    store = Store()
    store.run(members())
    folder = store.files(tmp_path)
    public = openssl("x509", "-in", folder / "tls.crt", "-noout", "-pubkey").stdout
    assert openssl("pkey", "-in", folder / "tls.key", "-pubout").stdout == public
    assert {*store.kept["server"]} == {"ca.crt", "tls.crt", "tls.key"}
    assert {*store.kept["authority"]} == {"ca.crt", "ca.key"}
    assert store.kept["trusted"] == {"ca.crt": store.kept["server"]["ca.crt"]}


def test_it_makes_nothing_that_lasts_and_anew_what_is_about_to_end() -> None:
    store = Store()
    store.run(members())
    before = store.kept["server"]["tls.crt"]
    assert store.run(members(), days=44) == []
    assert store.run(members(), days=46) == ["server"]
    assert store.kept["server"]["tls.crt"] != before


@pytest.mark.parametrize(
    "change",
    [{"names": ("elsewhere",)}, {"subject": "another"}, {"usages": ("server",)}],
    ids=lambda change: next(iter(change)),
)
def test_it_makes_anew_what_says_something_else(change: dict[str, Any]) -> None:
    store = Store()
    store.run(members())
    assert store.run(replace(members(), **change)) == ["server"]
    assert store.run(replace(members(), **change)) == []


def test_an_older_authority_is_trusted_as_long_as_it_holds(tmp_path: Path) -> None:
    store = Store()
    store.run(members())
    before = store.files(tmp_path).joinpath("tls.crt").read_text()
    assert store.run(members(), days=3650 - 170) == ["authority", "server", "trusted"]
    folder = store.files(tmp_path)
    folder.joinpath("tls.crt").write_text(before)
    assert taken(folder, "sslserver")
    store.run(members(), days=3650 + 1)
    folder = store.files(tmp_path)
    folder.joinpath("tls.crt").write_text(before)
    assert not taken(folder, "sslserver")
