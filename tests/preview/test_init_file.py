"""The file that `aigw init` writes: never over another unasked, beside others, and as a guest."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from preview.cli import main
from preview.initial.saving import save
from preview.misuse import MisuseError
from sizing.words import Cloud
from stacks.config import load_all
from tests.both_clouds import here
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.preview.initial import ACCOUNT, config, document, flags, init, root
from tests.twins import twin

STACK = "dev-small"
OWNER = {Cloud.AWS: "account_id", Cloud.GCP: "project"}
"""Who a stack belongs to, by the word of its file."""
ROOM = """\
    sizing:
      overrides:
        postgres:
          storage_gib: 400
"""


def test_a_file_that_is_there_stays_unless_it_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root(tmp_path, twin(STACK))
    before = (folder / "stacks" / f"Pulumi.{twin(STACK)}.yaml").read_text()
    assert init(folder, twin(STACK), *flags(here())) == 2
    assert capsys.readouterr().err == (
        f"aigw: stacks/Pulumi.{twin(STACK)}.yaml is there already, an example; --force writes over "
        "it, --dry-run shows what would stand in it\n"
    )
    assert (folder / "stacks" / f"Pulumi.{twin(STACK)}.yaml").read_text() == before
    assert init(folder, twin(STACK), *flags(here()), "--force") == 0
    made = config(folder, twin(STACK))
    assert (made.owner, made.network.vpc_cidr) == (flags(here())[1], "10.16.0.0/16")


def test_a_second_run_does_not_call_the_first_ones_file_an_example(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root(tmp_path)
    assert init(folder, twin(STACK), *flags(here())) == 0
    assert init(folder, twin(STACK), *flags(here())) == 2
    assert "is there already; --force" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ("secretsprovider: awskms://alias/x", "secretsprovider"),
        ("encryptionsalt: v1:abc=", "encryptionsalt"),
        ("  aigw:key-openai:\n    secure: v1:abc", "secure"),
    ],
)
def test_what_opens_a_stacks_secrets_is_never_written_over(
    more: str, key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root(tmp_path, twin(STACK))
    file = folder / "stacks" / f"Pulumi.{twin(STACK)}.yaml"
    file.write_text(f"{file.read_text()}{more}\n")
    before = file.read_text()
    assert init(folder, twin(STACK), *flags(here()), "--force") == 2
    assert f"Pulumi.{twin(STACK)}.yaml holds {key}, without which" in capsys.readouterr().err
    assert file.read_text() == before


@pytest.mark.cloud_free("how any file is written")
def test_a_file_that_comes_to_be_meanwhile_stays(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev-small.yaml"
    file.write_text("somebody's")
    with pytest.raises(MisuseError, match="is there already"):
        save(file, "ours", force=False)
    assert [one.name for one in tmp_path.iterdir()] == [file.name]
    assert file.read_text() == "somebody's"


@pytest.mark.cloud_free("how any file is written")
def test_a_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("")
    save(tmp_path / "one", "text", force=False)
    save(tmp_path / "two", "text", force=True)
    modes = {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
    assert len(modes) == 1


@pytest.mark.cloud_free("how any file is written")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="No such file"):
        save(tmp_path / "none" / "Pulumi.dev-small.yaml", "ours", force=False)


def test_a_folder_without_stacks_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(tmp_path, twin(STACK), *flags(here())) == 2
    assert capsys.readouterr().err == (
        f"aigw: --root: found {tmp_path}; allowed: a folder that holds stacks/\n"
    )


@pytest.mark.cloud_free("stacks of both clouds lie in one folder")
def test_each_stack_gets_addresses_and_a_name_of_its_own(tmp_path: Path) -> None:
    folder = root(tmp_path, "dev-small-gcp", "prod-large")
    for stack in ("dev-small", "dev-medium", "dev-large", "staging-small"):
        assert init(folder, stack, *flags(Cloud.AWS)) == 0
    stacks = load_all(folder / "stacks")
    assert {name: one.network.vpc_cidr for name, one in stacks.items()} == {
        "dev-small-gcp": "10.128.0.0/16",
        "prod-large": "10.80.0.0/16",
        "dev-small": "10.16.0.0/16",
        "dev-medium": "10.32.0.0/16",
        "dev-large": "10.48.0.0/16",
        "staging-small": "10.64.0.0/16",
    }
    mine = {name: one.name for name, one in stacks.items() if one.owner == ACCOUNT}
    assert mine == {
        "dev-small": None,
        "dev-medium": "dev-medium",
        "dev-large": "dev-large",
        "staging-small": None,
    }


def test_editors_are_told_the_schema_where_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = "# yaml-language-server: $schema=../preview/schemas/stack.schema.json\n"
    assert main(["init", twin("dev-large"), *flags(here()), "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith(told)
    assert init(root(tmp_path), twin("dev-large"), *flags(here()), "--dry-run") == 0
    assert told not in capsys.readouterr().out


def test_a_guest_has_account_and_region_from_its_host(tmp_path: Path) -> None:
    folder = root(tmp_path)
    region = {Cloud.AWS: "eu-west-1", Cloud.GCP: "europe-west1"}[here()]
    host = folder / "stacks" / f"Pulumi.{twin('staging-large')}.yaml"
    assert init(folder, twin("staging-large"), *flags(here(), region=region)) == 0
    host.write_text(host.read_text() + ROOM.replace("400", "600"))
    assert init(folder, twin("dev-small"), "--shares", twin("staging-large")) == 0
    made = config(folder, twin("dev-small"))
    assert (made.shares, made.owner, made.region) == (
        twin("staging-large"),
        flags(here())[1],
        region,
    )
    assert made.in_hosts_cluster
    assert config(folder, twin("staging-large")).guests[0].stack == twin("dev-small")


def test_a_guest_says_nothing_of_what_is_its_hosts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root(tmp_path)
    assert init(folder, twin("staging-large"), *flags(here())) == 0
    capsys.readouterr()
    assert (
        init(folder, twin("dev-small"), "--shares", twin("staging-large"), "--reach", "10.0.0.0/8")
        == 2
    )
    assert capsys.readouterr().err == (
        'aigw: --reach: found "10.0.0.0/8"; allowed: nothing: '
        f"{twin('dev-small')} stands in the cluster of {twin('staging-large')}\n"
    )


@pytest.mark.one_cloud(Cloud.AWS, "what fills its disk, which is larger elsewhere")
def test_a_host_without_room_is_told_what_it_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root(tmp_path)
    assert init(folder, "staging-small", *flags(Cloud.AWS)) == 0
    capsys.readouterr()
    assert init(folder, "dev-small", "--shares", "staging-small") == 1
    told = capsys.readouterr().err
    assert "host.postgres.storage: staging-small has no room left" in told
    assert "in staging-small: set sizing.overrides.postgres.storage_gib to 30" in told
    assert not (folder / "stacks" / "Pulumi.dev-small.yaml").exists()


def test_writing_over_a_host_tells_which_guests_are_refused_now(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root(tmp_path, twin("staging-medium"), twin("dev-medium"))
    made = document(capsys, folder, twin("staging-medium"), *flags(here()), "--force")
    line, *_ = made["refused_now"]
    assert line.startswith(
        f"stacks/Pulumi.{twin('dev-medium')}.yaml: aigw:platform.{OWNER[here()]}: found"
    )
    assert init(folder, twin("staging-medium"), *flags(here()), "--force") == 0
    assert f"Refused from now on\n-------------------\n{line}\n" in capsys.readouterr().out


def test_a_stack_of_the_repository_itself_is_never_touched(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["init", twin("prod-large"), *flags(here())]) == 2
    assert (
        f"stacks/Pulumi.{twin('prod-large')}.yaml is there already, an example"
        in capsys.readouterr().err
    )
