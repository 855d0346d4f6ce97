"""The cloud's store of secrets, as far as a job may write there what it makes itself."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from typing import Any, Protocol

from components.kubernetes.scripts.google_cloud import SecretManager

REGION = "AWS_REGION"
"""Variable: where the store is."""
_OF_GOOGLE = "projects/"


class Keeper(Protocol):
    """The cloud's store of secrets, as far as the job may use it."""

    def keep(self, secret: str, value: Mapping[str, object], label: str = "") -> None:
        """Store a value; with a label it is found under it even when a later one is stored."""

    def read(self, secret: str) -> dict[str, Any]:
        """Return a value, {} where none was ever stored."""


class SecretsManager:
    """AWS' store, with what the pod's account may do there."""

    def __init__(self, region: str) -> None:
        # in the image that it runs in, not among our own dependencies
        boto3 = importlib.import_module("boto3")
        self._client = boto3.client("secretsmanager", region_name=region)

    def keep(self, secret: str, value: Mapping[str, object], label: str = "") -> None:
        """Store a value; with a label it is found under it even when a later one is stored."""
        stages = ["AWSCURRENT", *([label] if label else [])]
        self._client.put_secret_value(
            SecretId=secret, SecretString=json.dumps(value), VersionStages=stages
        )

    def read(self, secret: str) -> dict[str, Any]:
        """Return a value, {} where none was ever stored."""
        try:
            text = self._client.get_secret_value(SecretId=secret)["SecretString"]
        except self._client.exceptions.ResourceNotFoundException:
            return {}
        found = json.loads(text)
        assert isinstance(found, dict)
        return found


def keeper(secret: str, region: str) -> Keeper:
    """Return the store that a secret is in, by its name: Google's begins with a project."""
    return SecretManager() if secret.startswith(_OF_GOOGLE) else SecretsManager(region)
