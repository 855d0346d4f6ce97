"""A project of one stack, and programs small enough to say what they must register."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_random as random

PROJECT = """\
name: aigw
runtime: python
config:
  pulumi:disable-default-providers:
    value: ["*"]
"""
STACK = """\
config:
  aigw:platform:
    tier: small
    version: "1.30"
  aigw:token:
    secure: v1:abc
"""


def write_project(folder: Path) -> Path:
    """Write Pulumi.yaml and one stack, and return the stack's file."""
    (folder / "stacks").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text(PROJECT)
    stack = folder / "stacks" / "Pulumi.dev-small.yaml"
    stack.write_text(STACK)
    return stack


class Store(pulumi.ComponentResource):
    """A key, a secret under it and a role that names it: known, unknown and secret inputs."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("aigw:test:Store", name, {"size": 3, "share": 0.5}, opts)
        password = random.RandomPassword(
            f"{name}-password", length=16, opts=pulumi.ResourceOptions(parent=self)
        )
        key = aws.kms.Key(
            f"{name}-key",
            description="data",
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["deletion_window_in_days"]),
        )
        secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            kms_key_id=key.arn,
            tags={"component": "store"},
            opts=pulumi.ResourceOptions(
                parent=self,
                retain_on_delete=True,
                custom_timeouts=pulumi.CustomTimeouts(create="1h30m"),
            ),
        )
        aws.secretsmanager.SecretVersion(
            f"{name}-version",
            secret_id=secret.id,
            secret_string=password.result,
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.iam.Role(
            f"{name}-role",
            description=key.description,
            assume_role_policy=pulumi.Output.json_dumps({"Resource": key.arn}),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[secret]),
        )
        self.register_outputs({"key": key.arn})


def providers() -> list[pulumi.ProviderResource]:
    """Register the explicit providers that the project demands."""
    return [
        aws.Provider("aws", region="us-east-1"),
        random.Provider("random"),
    ]


def program() -> None:
    """Register a protected store that had another name once, and say so."""
    Store(
        "store",
        pulumi.ResourceOptions(
            providers=providers(), protect=True, aliases=[pulumi.Alias(name="vault")]
        ),
    )
    config = pulumi.Config()
    pulumi.log.warn("beware")
    pulumi.export("version", config.require_object("platform")["version"])
    pulumi.export("token", config.require_secret("token"))
