"""Grafana's settings, data sources and providers of dashboards, from typed values. Pure.

Keys are those of Grafana 13 and of its provisioning files. What is secret stands in variables that
the pod reads from secrets, and so does what only the cloud knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.kubernetes.dashboards.render import PROMETHEUS_UID
from components.kubernetes.dashboards.shelf import HOME

PORT = 3000
ADMIN = "admin"
DASHBOARDS_FOLDER = "/var/lib/grafana/dashboards"
PROVIDER = "platform"
FOLDER_TITLE = "Platform"
AUTHORITY_FOLDER = "/etc/grafana-authority"
AUTHORITY_KEY = "authority.pem"
SCRAPE = "15s"
"""How often Prometheus asks: no panel looks closer."""
# An idle session ends after a day, any after a week.
IDLE, LONGEST = "1d", "7d"
CONNECTION_SECONDS = 3600

Ini = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oidc:
    """An identity provider.

    Attributes:
        api_url: says who has logged in.
        role_path: JMESPath that makes a role of what it says, "" for viewers alone.
        domains: of mail addresses that may come in, none for all.
    """

    auth_url: str
    token_url: str
    api_url: str
    client_id: str
    scopes: tuple[str, ...]
    role_path: str = ""
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GrafanaConfig:
    """What one Grafana is told.

    Attributes:
        host: name that browsers use over TLS, "" where a forwarded port is the only way in.
        pool: connections of each of its pools.
        oidc: None where the administrator alone logs in.
    """

    host: str
    pool: int
    oidc: Oidc | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Who answers: addresses within the cluster, "" for what the stack does not have.

    Attributes:
        prometheus: of Prometheus itself, or of what asks all of them and their archive.
        thanos: it is the latter.
    """

    prometheus: str
    thanos: bool = False
    alertmanager: str = ""
    jaeger: str = ""


def settings(config: GrafanaConfig) -> Ini:
    """Return grafana.ini by section."""
    outside = bool(config.host)
    root = f"https://{config.host}/" if outside else f"http://localhost:{PORT}/"
    off = {"enabled": False}
    return {
        "server": {
            "http_port": PORT,
            "domain": config.host or "localhost",
            "root_url": root,
            "enforce_domain": False,  # probes and Prometheus come by address
        },
        "database": {
            "type": "postgres",
            "name": "grafana",
            "ssl_mode": "verify-full",
            "ca_cert_path": f"{AUTHORITY_FOLDER}/{AUTHORITY_KEY}",
            "max_open_conn": config.pool,
            "max_idle_conn": config.pool,
            "conn_max_lifetime": CONNECTION_SECONDS,
        },
        "security": {
            "admin_user": ADMIN,
            "disable_gravatar": True,
            "cookie_secure": outside,
            "cookie_samesite": "lax",  # a login comes back from the provider's page
            "strict_transport_security": outside,
            "content_security_policy": True,
            "allow_embedding": False,
        },
        "users": {
            "allow_sign_up": False,
            "allow_org_create": False,
            "auto_assign_org_role": "Viewer",
            "viewers_can_edit": False,
        },
        "auth": {
            "disable_login_form": config.oidc is not None,
            "login_maximum_inactive_lifetime_duration": IDLE,
            "login_maximum_lifetime_duration": LONGEST,
        },
        "auth.anonymous": dict(off),
        "auth.basic": {"enabled": config.oidc is None},
        "unified_alerting": dict(off),  # Prometheus and Alertmanager alert
        "analytics": {
            "reporting_enabled": False,
            "check_for_updates": False,
            "check_for_plugin_updates": False,
            "feedback_links_enabled": False,
        },
        # the image brings what it needs, and its root is read-only: an update would begin by
        # deleting that
        "plugins": {
            "preinstall_disabled": True,
            "preinstall_auto_update": False,
            "plugin_admin_enabled": False,
            "public_key_retrieval_disabled": True,
        },
        "news": {"news_feed_enabled": False},
        "snapshots": dict(off),
        "public_dashboards": dict(off),
        "dashboards": {
            "default_home_dashboard_path": f"{DASHBOARDS_FOLDER}/{PROVIDER}/{HOME}.json",
            "min_refresh_interval": SCRAPE,
        },
        "metrics": {"enabled": True},
        "log": {"mode": "console", "level": "info"},
        "log.console": {"format": "json"},
        # the chart reads these itself
        "paths": {
            "data": "/var/lib/grafana/",
            "logs": "/var/log/grafana",
            "plugins": "/var/lib/grafana/plugins",
            "provisioning": "/etc/grafana/provisioning",
        },
        "unified_storage": {"index_path": "/var/lib/grafana-search/bleve"},
    }


def login_variables(oidc: Oidc | None) -> dict[str, str]:
    """Return the variables of single sign-on: as such they need no quotes; none without it."""
    if oidc is None:
        return {}
    stated = {
        "ENABLED": "true",
        "NAME": "Single sign-on",
        "ALLOW_SIGN_UP": "true",
        "USE_PKCE": "true",
        "CLIENT_ID": oidc.client_id,
        "SCOPES": " ".join(oidc.scopes),
        "AUTH_URL": oidc.auth_url,
        "TOKEN_URL": oidc.token_url,
        "API_URL": oidc.api_url,
        "ALLOWED_DOMAINS": " ".join(oidc.domains),
        "ROLE_ATTRIBUTE_PATH": oidc.role_path,
        # who gets no role stays outside
        "ROLE_ATTRIBUTE_STRICT": "true" if oidc.role_path else "",
    }
    return {f"GF_AUTH_GENERIC_OAUTH_{key}": value for key, value in stated.items() if value}


def datasources(sources: Sources) -> dict[str, Any]:
    """Return the file of data sources; what is no longer in it goes."""
    found = [
        _source(
            "Thanos" if sources.thanos else "Prometheus",
            "prometheus",
            PROMETHEUS_UID,
            sources.prometheus,
            {
                "httpMethod": "POST",
                "timeInterval": SCRAPE,
                "prometheusType": "Thanos" if sources.thanos else "Prometheus",
                "manageAlerts": False,
            },
            default=True,
        )
    ]
    if sources.alertmanager:
        told = {"implementation": "prometheus", "handleGrafanaManagedAlerts": False}
        found.append(
            _source("Alertmanager", "alertmanager", "alertmanager", sources.alertmanager, told)
        )
    if sources.jaeger:
        shown = {"nodeGraph": {"enabled": True}}
        found.append(_source("Jaeger", "jaeger", "jaeger", sources.jaeger, shown))
    return {"apiVersion": 1, "prune": True, "datasources": found}


def _source(
    name: str,
    kind: str,
    uid: str,
    url: str,
    data: Mapping[str, Any],
    *,
    default: bool = False,
) -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        "uid": uid,
        "url": url,
        "access": "proxy",
        "isDefault": default,
        "editable": False,
        "jsonData": dict(data),
    }


def providers() -> dict[str, Any]:
    """Return the file that says where dashboards are; a change of theirs shows within a minute."""
    provider = {
        "name": PROVIDER,
        "orgId": 1,
        "folder": FOLDER_TITLE,
        "folderUid": PROVIDER,
        "type": "file",
        "disableDeletion": False,
        "allowUiUpdates": False,
        "updateIntervalSeconds": 60,
        "options": {"path": f"{DASHBOARDS_FOLDER}/{PROVIDER}"},
    }
    return {"apiVersion": 1, "providers": [provider]}
