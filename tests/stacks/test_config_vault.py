"""What a stack says of its secret store is refused by its field where it could not be done."""

from __future__ import annotations

import pytest

from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.stacks.stack_texts import good, refused, there

VAULT = "services: {{vault: {}}}"


def test_it_is_on_where_nothing_is_said_and_can_be_switched_off() -> None:
    assert good("").switches().vault
    assert not good(VAULT.format("{enabled: false}")).switches().vault


def test_recovery_goes_to_the_region_that_is_named() -> None:
    config = good(VAULT.format("{recovery_region: us-west-2}"))
    assert config.switches().vault_recovery_region == there("us-west-2")


@pytest.mark.parametrize(
    ("written", "path", "allowed"),
    [
        ("{recovery_region: us-east-1}", "services.vault.recovery_region", "another region"),
        ("{recovery_region: nowhere-1}", "services.vault.recovery_region", "us-west-2"),
        ("{readers: {chat: [litellm]}}", "services.vault.readers.chat", "permissions"),
        ("{readers: {Chat: [users]}}", "services.vault.readers", "lower-case"),
    ],
)
def test_what_could_not_be_done_is_refused(written: str, path: str, allowed: str) -> None:
    found = refused(VAULT.format(written))
    assert any(path in line and there(allowed) in line for line in found), found
