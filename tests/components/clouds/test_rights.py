"""Each workload of the platform may do what it does, on its own things, and nothing else."""

from __future__ import annotations

import pytest

from components.kubernetes.qdrant import SNAPSHOTS_PREFIX
from sizing.words import Cloud
from stacks.apps import vault
from tests.components.clouds.rights import SIDES, Side, Verbs

KEYS_TOO = {"decrypt", "encrypt", "look"}
"""What a key of AWS is used for beside a secret; Google's services use theirs themselves."""


@pytest.fixture(scope="module")
def side(cloud: Cloud) -> Side:
    return SIDES[cloud]


def without_keys(found: Verbs) -> dict[str, set[str]]:
    """Return what is done with buckets and secrets, whose key may only be used along with them."""
    keys = {name for name in found if ":kms:" in name or "/cryptoKeys/" in name}
    assert all(found[name] <= KEYS_TOO for name in keys)
    return {name: verbs for name, verbs in found.items() if name not in keys}


def test_each_workload_is_bound_to_an_identity_of_its_own(side: Side) -> None:
    recorder = side.rights(a=side.stores("metrics"), b=side.vault())
    assert side.bound(recorder) == {("a-sa", "a-role"), ("b-sa", "b-role")}


def test_an_identity_is_of_one_service_account_in_one_namespace_alone(side: Side) -> None:
    assert side.alone(side.rights(one=side.stores("metrics"))) == {("prod-gateway", "one-sa")}


def test_the_secrets_operator_reads_what_is_made_and_what_is_named(side: Side) -> None:
    made = side.secret("litellm")
    found = side.may(side.operator([made], ["team-openai", "team-openai"]))
    assert without_keys(found) == {made: {"read"}, side.named("team-openai"): {"read"}}


def test_a_whole_id_names_its_secret_wherever_it_is(side: Side) -> None:
    assert side.named(side.secret("x")) == side.secret("x")


def test_an_operator_without_secrets_gets_no_rights(side: Side) -> None:
    with pytest.raises(ValueError, match="needs no rights"):
        side.operator([], [])


def test_engines_and_the_store_of_metrics_read_and_change_nothing(side: Side) -> None:
    for make in (side.reads_models, side.stores):
        assert without_keys(side.may(make("b"))) == {"b": {"read", "list"}}


def test_who_fills_a_bucket_writes_to_all_of_it_and_to_no_other(side: Side) -> None:
    for make in (side.writes_models, side.ships, side.compacts):
        found = without_keys(side.may(make("b")))
        assert found.keys() == {"b"}
        assert {"read", "list", "write"} <= found["b"]
        assert side.folders(make("b")) == {"b": {""}}
    assert "delete" in side.may(side.compacts("b"))["b"]


def test_an_application_changes_its_own_buckets_alone(side: Side) -> None:
    found = side.may(side.application({"data": "app-data", "backups": "app-backups"}))
    changes = {"read", "list", "write", "delete"}
    assert without_keys(found) == {"app-data": changes, "app-backups": changes}


def test_snapshots_stay_in_the_folder_that_the_vector_database_writes_to(side: Side) -> None:
    assert side.policies.SNAPSHOTS == SNAPSHOTS_PREFIX
    assert side.folders(side.snapshots("backups")) == {"backups": {SNAPSHOTS_PREFIX}}


@pytest.mark.parametrize("prefix", ["", "qdrant"])
def test_a_prefix_that_would_cover_its_neighbours_is_refused(side: Side, prefix: str) -> None:
    with pytest.raises(ValueError, match="no folder"):
        side.snapshots("backups", prefix)


def test_vault_opens_itself_with_its_key_and_does_no_more(side: Side) -> None:
    assert side.may(side.vault()) == {side.key: {"encrypt", "decrypt", "look"}}


def test_the_set_up_keeps_recovery_keys_and_can_never_read_them(side: Side) -> None:
    recovery, session = side.secret("recovery"), side.secret("session")
    found = without_keys(side.may(side.vault_setup(recovery, session)))
    assert found == {recovery: {"write"}, session: {"read", "write"}}


def test_certificates_are_kept_in_two_secrets_alone(side: Side) -> None:
    server, authority = side.secret("server"), side.secret("authority")
    found = without_keys(side.may(side.vault_certificates(server, authority)))
    assert found == {server: {"read", "write"}, authority: {"read", "write"}}


def test_vaults_snapshots_are_added_in_their_folder_of_each_bucket_and_never_read(
    side: Side,
) -> None:
    assert side.vault_folder == vault.SNAPSHOTS
    found = without_keys(side.may(side.vault_snapshots()))
    assert found == {"backups": {"write"}, "recovery": {"write"}}
    assert side.folders(side.vault_snapshots()) == {
        "backups": {vault.SNAPSHOTS},
        "recovery": {vault.SNAPSHOTS},
    }
