"""The engine's own preview, read by `aigw diff -`: what the engine says is what is told."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest

from preview.cli import main
from tests.engine.harness import Engine

pytestmark = [
    pytest.mark.engine,
    pytest.mark.cloud_free("the engine's own words for steps, whatever their types"),
]

PROGRAM = """\
import pulumi
import pulumi_aws as aws
import pulumi_random as random


class Part(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("probe:index:Part", name, {{"count": {count}}})
        below = pulumi.ResourceOptions(parent=self)
        aws.s3.Bucket("files", bucket="{bucket}", opts=below)
        word = random.RandomPassword("word", length={length}, opts=below)
        kept = aws.secretsmanager.Secret("kept", name="kept", description="{said}", opts=below)
        aws.secretsmanager.SecretVersion(
            "version", secret_id=kept.id, secret_string=pulumi.Output.secret("{secret}"), opts=below
        )
        self.register_outputs({{}})


Part("part")
{more}
"""
BEFORE = {
    "count": "3",
    "bucket": "one",
    "length": "20",
    "said": "before",
    "secret": "hunter2-before",
    "more": 'aws.ec2.InternetGateway("gone")',
}
AFTER = {
    "count": "4",
    "bucket": "two",
    "length": "20",
    "said": "after",
    "secret": "hunter2-after",
    "more": 'aws.ec2.InternetGateway("came")',
}


def test_a_preview_is_told_by_what_the_engine_does(
    probe: Callable[[str], Engine],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built = probe(PROGRAM.format(**BEFORE)).up("test")
    assert built.code == 0, built.text
    previewed = json.dumps(probe(PROGRAM.format(**AFTER)).preview("test"))
    said = ""
    for form in ("--json", "--markdown"):
        monkeypatch.setattr("sys.stdin", io.StringIO(previewed))
        assert main(["diff", "-", form]) == 0
        said += capsys.readouterr().out
        if form == "--json":
            (stack,) = json.loads(said)["stacks"]
    assert {one["name"]: one["operation"] for one in stack["resources"]} == {
        "part": "update",
        "files": "replace",
        "kept": "update",
        "version": "replace",
        "gone": "delete",
        "came": "create",
    }
    changed = {
        one["name"]: [each["property"] for each in one["changes"]] for one in stack["resources"]
    }
    assert changed["part"] == ["count"]
    assert changed["files"] == ["bucket"]
    assert [urn.rpartition("::")[2] for urn in stack["lost"]] == ["files"]
    assert "hunter2" not in said
