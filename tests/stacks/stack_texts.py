"""A stack file to start from, and what is refused of it."""

from __future__ import annotations

import re

import pytest

from sizing.words import Cloud
from stacks.config import ConfigError, StackConfig, parse
from stacks.config_aws import AwsConfig
from stacks.config_model import stack_name
from tests.both_clouds import here

FILE = "stacks/Pulumi.prod-large.yaml"
ZONE = "Z0123456789ABC"
MODEL = "llama-3.1-8b"
BARE = """\
config:
  aigw:platform:
    environment: prod
    tier: large
    account_id: "210987654321"
    region: us-east-1
    zone_ids: [use1-az1, use1-az2, use1-az4]
    cost_center: ai-platform
    network:
      vpc_cidr: 10.80.0.0/16
    cluster:
      allow_list: [198.18.4.10/32]
      admin_principals:
        - arn:aws:iam::210987654321:role/platform-admin
        - arn:aws:iam::210987654321:role/platform-break-glass
        - arn:aws:iam::210987654321:role/aigw-bootstrap/aigw-deploy
"""
"""A stack of one's own, with nothing that may be left out."""
BARE_OF_GOOGLE = """\
config:
  aigw:platform:
    environment: prod
    tier: large
    cloud: gcp
    project: acme-aigw-prod
    project_number: "210987654321"
    region: us-central1
    zone_ids: [us-central1-a, us-central1-b, us-central1-c]
    cost_center: ai-platform
    network:
      vpc_cidr: 10.80.0.0/16
    cluster:
      allow_list: [198.18.4.10/32]
      admin_principals:
        - group:platform-admins@acme.dev
        - group:platform-break-glass@acme.dev
        - serviceAccount:aigw-deploy@acme-aigw-prod.iam.gserviceaccount.com
"""
"""The same on Google Cloud."""
BARES = {Cloud.AWS: BARE, Cloud.GCP: BARE_OF_GOOGLE}
ZONES = {Cloud.AWS: ZONE, Cloud.GCP: "ai-platform-dev"}
OWN_PROVIDER = "its-own-provider"
"""What stands in a text for the provider that answers whom the cloud knows."""
OWN_PROVIDERS = {Cloud.AWS: "bedrock", Cloud.GCP: "vertex_ai"}
WORDS_OF_GOOGLE = {
    ZONE: ZONES[Cloud.GCP],
    "Z1R8UBAEXAMPLE": "ai-example-com",
    "Route 53": "Cloud DNS",
    " on aws": " on gcp",
    "us-east-1": "us-central1",
    "us-west-2": "us-east4",
}

SECURE = "{secure: AAABANDSOON}"


def stack_text(
    platform: str = "", beside: str = "", top: str = "", *, cloud: Cloud = Cloud.AWS
) -> str:
    """Return the bare stack file with flow mappings or blocks added, one key a line.

    Args:
        platform: lines inside `aigw:platform`.
        beside: lines beside it, inside `config`.
        top: lines beside `config`.
        cloud: whose bare file it is.
    """

    def inside(lines: str, depth: int) -> str:
        return "".join(f"{' ' * depth}{line}\n" for line in lines.splitlines())

    return f"{top}\n{BARES[cloud]}{inside(platform, 4)}{inside(beside, 2)}"


def stack_file() -> str:
    """Return which file it is on the cloud that the running case is for."""
    return f"stacks/Pulumi.{stack()}.yaml"


def stack() -> str:
    """Return the stack's name there."""
    return stack_name("prod", "large", here())


def there(text: str) -> str:
    """Return lines in the words of that cloud: names of zones, regions and secrets of its store."""
    text = text.replace(OWN_PROVIDER, OWN_PROVIDERS[here()])
    if here() is Cloud.AWS:
        return text
    # Secret Manager takes no slash; a registry's folder is none of its secrets
    said = re.sub(r"(?<![/.\w])(acme|aigw)/", r"\1-", text)
    for word, other in WORDS_OF_GOOGLE.items():
        said = said.replace(word, other)
    return said


def _whole(platform: str, beside: str, top: str) -> str:
    return stack_text(there(platform), there(beside), top, cloud=here())


def good(platform: str = "", beside: str = "", top: str = "") -> StackConfig:
    """Return the config of a file that must be accepted on the running case's cloud."""
    return parse(_whole(platform, beside, top), stack_file())


def on_aws(config: StackConfig) -> AwsConfig:
    """Return a config that must be one of AWS."""
    assert isinstance(config, AwsConfig)
    return config


def refused(platform: str = "", beside: str = "", top: str = "") -> tuple[str, ...]:
    """Return every message of a file that must be refused there."""
    with pytest.raises(ConfigError) as caught:
        parse(_whole(platform, beside, top), stack_file())
    return caught.value.messages


def assert_one_line(messages: tuple[str, ...], path: str, found: str, allowed: str) -> None:
    """Let there be one message, of one line, that names file, path, found and allowed."""
    (message,) = messages
    assert "\n" not in message
    place, _, rest = message.partition(": found ")
    said_found, _, said_allowed = rest.partition("; allowed: ")
    assert place == f"{stack_file()}: {there(path)}"
    assert there(found) in said_found
    assert there(allowed) in said_allowed
