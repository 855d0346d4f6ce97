"""OpenSearch as the collector is told of it: where lines go, and how it signs in there. Pure."""

from __future__ import annotations

from typing import Any

from components.kubernetes.otel_settings import LogStore
from components.kubernetes.search_access import Login

DATE = "yyyy.MM.dd"

Entry = dict[str, Any]


def signing(logs: LogStore) -> Entry:
    """Return the extension by which every request says who sends it, by its name."""
    way = logs.sign_in
    if isinstance(way, Login):
        # the file is read again when it changes
        said = {"username": way.user, "password_file": way.password_file}
        return {"basicauth": {"client_auth": said}}
    return {"sigv4auth": {"region": way.region, "service": way.service}}


def exporter(logs: LogStore) -> Entry:
    """Return what sends the lines."""
    way = logs.sign_in
    (authenticator,) = signing(logs)
    return {
        "http": {
            "endpoint": logs.endpoint,
            **({"tls": {"ca_file": way.authority_file}} if isinstance(way, Login) else {}),
            "auth": {"authenticator": authenticator},
            # smaller, and a body that was compressed can be read twice: once for its signature
            "compression": "gzip",
        },
        "logs_index": logs.index,
        "logs_index_time_format": DATE,
        "retry_on_failure": {"enabled": True},
        "sending_queue": {"enabled": True},
    }
