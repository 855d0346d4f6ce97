"""A small client of the Kubernetes API: makes objects and says what the server had against them."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

import yaml

Manifest = Mapping[str, Any]

_PATIENCE_SECONDS = 120.0
_PAUSE_SECONDS = 0.2


class RefusedError(Exception):
    """The server took an object not; its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One cluster's API, spoken to as its administrator."""

    url: str
    token: str
    opener: OpenerDirector
    _kinds: dict[str, tuple[str, bool]] = field(default_factory=dict)

    @staticmethod
    def of(kubeconfig: Path) -> Api:
        """Return the API that a kubeconfig names first; it authenticates by token."""
        config = yaml.safe_load(kubeconfig.read_text())
        server, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        tls = ssl.create_default_context(cafile=server["certificate-authority"])
        opener = build_opener(ProxyHandler({}), HTTPSHandler(context=tls))
        return Api(url=server["server"], token=user["token"], opener=opener)

    def create(self, manifest: Manifest, *, dry_run: bool = False) -> list[str]:
        """Create an object, or go all the way but keeping it; return the server's warnings.

        Raises:
            RefusedError: a field is unknown, a value is not right, or admission forbids it.
        """
        query = "?fieldValidation=Strict" + ("&dryRun=All" if dry_run else "")
        _, warnings = self._ask("POST", self._collection(manifest) + query, manifest)
        return warnings

    def change(self, manifest: Manifest, merged: Manifest) -> None:
        """Merge fields into an object that exists.

        Raises:
            RefusedError: the object cannot become that.
        """
        path = f"{self._collection(manifest)}/{manifest['metadata']['name']}"
        self._ask("PATCH", path, merged, "application/merge-patch+json")

    def get(self, manifest: Manifest) -> dict[str, Any]:
        """Return an object as the cluster holds it."""
        path = f"{self._collection(manifest)}/{manifest['metadata']['name']}"
        return self._ask("GET", path)[0]

    def all(self, version: str, kind: str, namespace: str = "") -> list[dict[str, Any]]:
        """Return the objects of a kind, in its namespace where it lives in one."""
        asked = {"apiVersion": version, "kind": kind, "metadata": {"namespace": namespace}}
        items = self._ask("GET", self._collection(asked))[0]["items"]
        assert isinstance(items, list)
        return items

    def wait_for(self, manifest: Manifest, condition: str) -> None:
        """Return once a condition of an object is true."""

        def met() -> bool:
            found = self.get(manifest).get("status", {}).get("conditions") or ()
            return any(c["type"] == condition and c["status"] == "True" for c in found)

        wait(met, f"{manifest['metadata']['name']}: {condition}")

    def _collection(self, manifest: Manifest) -> str:
        version, kind = manifest["apiVersion"], manifest["kind"]
        plural, namespaced = self._resource(version, kind)
        root = f"/apis/{version}" if "/" in version else f"/api/{version}"
        space = f"/namespaces/{manifest['metadata']['namespace']}" if namespaced else ""
        return f"{root}{space}/{plural}"

    def _resource(self, version: str, kind: str) -> tuple[str, bool]:
        if f"{version}/{kind}" not in self._kinds:
            root = f"/apis/{version}" if "/" in version else f"/api/{version}"
            for one in self._ask("GET", root)[0]["resources"]:
                if "/" not in one["name"]:
                    self._kinds[f"{version}/{one['kind']}"] = one["name"], one["namespaced"]
        return self._kinds[f"{version}/{kind}"]

    def _ask(
        self, method: str, path: str, body: Manifest | None = None, media: str = "application/json"
    ) -> tuple[dict[str, Any], list[str]]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": media}
        data = None if body is None else json.dumps(body).encode()
        try:
            with self.opener.open(Request(self.url + path, data, headers, method=method)) as reply:
                found = json.loads(reply.read())
                assert isinstance(found, dict)
                return found, reply.headers.get_all("Warning") or []
        except HTTPError as refused:
            answer = json.loads(refused.read())
            raise RefusedError(str(answer.get("message"))) from refused


def wait(condition: Callable[[], bool], what: str) -> None:
    """Return once a condition holds.

    Raises:
        TimeoutError: it did not come true.
    """
    end = time.monotonic() + _PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(_PAUSE_SECONDS)
