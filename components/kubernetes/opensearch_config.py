"""What members of an OpenSearch cluster are told: opensearch.yml, its first user, and the heap.

Pure, and without any secret: the security plugin itself puts the bcrypt hash of a variable in place
of "${envbc.NAME}" when it reads its users (SecurityUtils.replaceEnvVars of
https://github.com/opensearch-project/security, 3.5.0.0). JSON is YAML as well.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from components.generated import GeneratedKey
from sizing.units import GIB, MIB

NAME = "opensearch"
HTTP_PORT, MEMBERS_PORT = 9200, 9300
ADMINISTRATOR = "admin"
PASSWORD_KEY = "password"
PASSWORD_VARIABLE = "ADMINISTRATOR_PASSWORD"
CONFIG_FOLDER = "/etc/opensearch"
TLS = "tls"
"""Folder below `CONFIG_FOLDER`; the security plugin reads certificates nowhere else."""
CERTIFICATE, KEY, AUTHORITY = "tls.crt", "tls.key", "ca.crt"
DATA_FOLDER = "/usr/share/opensearch/data"
LOGS_FOLDER = "/usr/share/opensearch/logs"
SETTINGS_FILE, USERS_FILE = "opensearch.yml", "internal_users.yml"
HEALTH = "_plugins/_security/health"

# Half of the memory, the rest is the page cache's; above 32 GiB addresses no longer fit in 32 bits:
# https://docs.opensearch.org/latest/install-and-configure/install-opensearch/index/
_HEAP_PART = 2
_MOST_HEAP = 31 * GIB
_ALL = "0.0.0.0"
_SECURITY = "plugins.security"

Entry = dict[str, Any]

# The plugin keeps its hash in an index of its own from the first start on: another value would be
# known to members and jobs, and not to the index.
PASSWORD = GeneratedKey(name=PASSWORD_KEY, length=40, permanent=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersConfig:
    """What the members have in common.

    Attributes:
        cluster: name of the cluster.
        host: name that answers with the addresses of all members, ready or not.
        members: names of the pods.
        subject: of the members' certificate ("CN=opensearch"): who shows it is a member.
    """

    cluster: str
    host: str
    members: tuple[str, ...]
    subject: str


def settings(config: MembersConfig) -> str:
    """Return opensearch.yml: each member holds data, and each may be elected."""
    alone = len(config.members) == 1
    found: Entry = {
        "cluster.name": config.cluster,
        # Who founds the cluster; a member that finds one joins it instead.
        "cluster.initial_cluster_manager_nodes": [*config.members],
        "discovery.seed_hosts": [] if alone else [config.host],
        "node.name": "${HOSTNAME}",
        "node.roles": ["cluster_manager", "data", "ingest"],
        # Memory maps want vm.max_map_count of the node, which only a privileged pod can set. The
        # check at the start is left out with them.
        "node.store.allow_mmap": False,
        "network.host": _ALL,
        "http.port": HTTP_PORT,
        "transport.port": MEMBERS_PORT,
        "path.data": DATA_FOLDER,
        "path.logs": LOGS_FOLDER,
        # a name that is written wrongly deletes nothing but itself
        "action.destructive_requires_name": True,
        **_security(config),
    }
    return _text(found)


def _security(config: MembersConfig) -> Entry:
    return {
        **_encrypted("transport"),
        **_encrypted("http"),
        f"{_SECURITY}.ssl.http.enabled": True,
        # One certificate serves all members: what it says of itself shows that one is a member, the
        # address of a pod shows nothing.
        f"{_SECURITY}.ssl.transport.enforce_hostname_verification": False,
        # a certificate lasts shorter than a member does
        f"{_SECURITY}.ssl.certificates_hot_reload.enabled": True,
        f"{_SECURITY}.nodes_dn": [config.subject],
        # the first member that finds no users lays down those of its files
        f"{_SECURITY}.allow_default_init_securityindex": True,
        f"{_SECURITY}.restapi.roles_enabled": ["all_access"],
    }


def _encrypted(layer: str) -> Entry:
    names = {"pemcert": CERTIFICATE, "pemkey": KEY, "pemtrustedcas": AUTHORITY}
    return {
        f"{_SECURITY}.ssl.{layer}.{kind}_filepath": f"{TLS}/{file}" for kind, file in names.items()
    }


def users() -> str:
    """Return internal_users.yml: the administrator alone, in place of the demo's users."""
    return _text(
        {
            "_meta": {"type": "internalusers", "config_version": 2},
            ADMINISTRATOR: {
                "hash": f"${{envbc.{PASSWORD_VARIABLE}}}",
                # nobody changes it by the interface
                "reserved": True,
                "backend_roles": ["admin"],
                "description": "lays down everybody else",
            },
        }
    )


def heap_bytes(memory_bytes: int) -> int:
    """Return the heap of a member with so much memory, in whole MiB."""
    return min(memory_bytes // _HEAP_PART, _MOST_HEAP) // MIB * MIB


def java_options(memory_bytes: int) -> str:
    """Return what the virtual machine is started with, after the image's own options."""
    heap = heap_bytes(memory_bytes) // MIB
    return " ".join(
        (
            f"-Xms{heap}m",
            f"-Xmx{heap}m",
            # as the image's own start script says: the container's limits are those of its root
            "-Dopensearch.cgroups.hierarchy.override=/",
            # The image lets the collector write 2 GiB of its own into the folder of logs.
            "-Xlog:disable",
            "-Xlog:all=warning:stderr",
        )
    )


def _text(found: Entry) -> str:
    return json.dumps(found, indent=1, sort_keys=True) + "\n"
