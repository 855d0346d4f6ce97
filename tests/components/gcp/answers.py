"""What Google Cloud itself would add to a store, where a component reads it."""

from __future__ import annotations

from typing import Any

from pulumi.runtime.mocks import MockResourceArgs


def of_google(args: MockResourceArgs, generated: str) -> dict[str, Any]:
    """Return what a store answers with; `generated` is what every password comes to."""
    short = args.typ.rsplit(":", 1)[-1]
    if short == "DatabaseInstance":
        return _server(args.name)
    if short == "Instance" and args.typ.startswith("gcp:redis/"):
        return {
            "host": "10.64.64.3",
            "port": 6378,
            "authString": generated,
            "serverCaCerts": [{"cert": "PEM-old"}, {"cert": "PEM-new\n"}],
        }
    if short == "Cluster" and args.typ.startswith("gcp:redis/"):
        return {
            "discoveryEndpoints": [{"address": "10.64.64.4", "port": 6379}],
            "managedServerCas": [{"caCerts": [{"certificates": ["PEM-one", "PEM-two"]}]}],
        }
    if short == "Instance" and args.typ.startswith("gcp:filestore/"):
        return {"networks": [{**args.inputs["networks"][0], "ipAddresses": ["10.64.64.5"]}]}
    return {}


def _server(name: str) -> dict[str, Any]:
    """Return what Cloud SQL says of a server: where it is, what it is called, whom it trusts."""
    names = {"PRIVATE_SERVICE_CONNECT": "sql.goog", "PRIVATE_SERVICES_ACCESS": "sql-psa.goog"}
    return {
        "privateIpAddress": "10.64.64.2",
        "serverCaCerts": [{"cert": "PEM-of-the-region"}],
        "dnsNames": [
            {"name": f"{name}.{zone}.", "connectionType": kind, "dnsScope": "INSTANCE"}
            for kind, zone in names.items()
        ],
    }
