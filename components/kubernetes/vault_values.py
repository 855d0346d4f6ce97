"""What differs from the values of Vault's own chart, and how a server's record is turned over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from components.kubernetes import controllers as shared
from components.kubernetes.cluster import Cluster
from components.kubernetes.images import facts
from components.kubernetes.vault_config import (
    AUDIT_FILE,
    AUDIT_FOLDER,
    AUTHORITY_KEY,
    DATA_FOLDER,
    HEADLESS,
    NAME,
    PORT,
    TLS_FOLDER,
    TLS_SECRET,
    Seal,
    configuration,
    host,
)
from sizing.plans import HelperPlan, ServicePlan
from sizing.plans.workloads import VaultPlan

IMAGE = "vault"
CARE = "vault-care"
# A server that is not initialised yet is ready for that; one that does not open is not.
_HEALTH = "/v1/sys/health?standbyok=true&uninitcode=204"
# Alive is what answers at all: a server that waits for its key is not helped by a restart.
_ALIVE = f"{_HEALTH}&sealedcode=204"
_SLOW_FAILURES = 12
_KEPT_RECORDS = 8
_GIB_BYTES = 1 << 30
_PERCENT_USED = 80
_STOP_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesArgs:
    """What the values are made of."""

    plan: ServicePlan
    vault: VaultPlan
    care: HelperPlan
    seal: Seal
    cluster: Cluster


def values(args: ValuesArgs) -> dict[str, Any]:
    """Return the values: servers alone, without injector and driver, each with two volumes."""
    telemetry = {
        "enabled": True,
        # every member, by the Service that has one name for each
        "matchLabels": {"vault-internal": "true"},
        "interval": "15s",
        "scrapeTimeout": "10s",
        "tlsConfig": {
            "ca": {"secret": {"name": TLS_SECRET, "key": AUTHORITY_KEY}},
            "serverName": host(args.plan.namespace, NAME),
        },
    }
    return {
        "global": {"tlsDisable": False},
        "injector": {"enabled": False},
        "csi": {"enabled": False},
        "ui": {"enabled": False},
        "serverTelemetry": {"serviceMonitor": telemetry},
        "server": {
            "enabled": True,
            "image": {**shared.image(IMAGE, args.cluster), "pullPolicy": "IfNotPresent"},
            "resources": shared.resources(args.plan),
            **_account(args),
            **_pods(args),
            **_volumes(args),
            **_probes(),
            "standalone": {"enabled": False},
            "ha": _ha(args),
        },
    }


def care_script(audit_gib: int) -> str:
    """Return the loop that turns the record over and has the server read new files.

    The server opens its record and its certificate anew at SIGHUP (Vault, audit devices and TCP
    listener). A record that fills its volume would stop the server: it answers nobody whose request
    it cannot record.

    Args:
        audit_gib: of the record's volume.
    """
    most = audit_gib * _GIB_BYTES * _PERCENT_USED // 100 // (_KEPT_RECORDS + 1)
    return f"""\
seen=$(cksum < {TLS_FOLDER}/tls.crt)
while sleep 30; do
  anew=
  now=$(cksum < {TLS_FOLDER}/tls.crt)
  if [ "$now" != "$seen" ]; then seen=$now; anew=yes; fi
  if [ "$(stat -c %s {AUDIT_FILE} 2>/dev/null || echo 0)" -gt {most} ]; then
    at={_KEPT_RECORDS}
    while [ "$at" -gt 1 ]; do
      before=$((at - 1))
      [ -f {AUDIT_FILE}.$before ] && mv {AUDIT_FILE}.$before {AUDIT_FILE}.$at
      at=$before
    done
    mv {AUDIT_FILE} {AUDIT_FILE}.1
    anew=yes
  fi
  if [ -n "$anew" ]; then kill -HUP $(pidof vault) || true; fi
done
"""


def _account(args: ValuesArgs) -> dict[str, Any]:
    identity = args.cluster.identity(args.plan.namespace, NAME)
    return {
        # it asks the API whose a token is, and marks its own pods as leader or standby
        "authDelegator": {"enabled": True},
        "serviceAccount": {
            "create": True,
            "name": NAME,
            "annotations": dict(identity.annotations),
            "serviceDiscovery": {"enabled": True},
        },
    }


def _pods(args: ValuesArgs) -> dict[str, Any]:
    runs_as, place = facts(IMAGE), args.cluster.placement(args.plan)
    return {
        "nodeSelector": dict(place.node_labels),
        "tolerations": shared.tolerations(place),
        # a StatefulSet's pods are told apart by no template: zones and nodes alone
        "affinity": {},
        "topologySpreadConstraints": [
            {key: said for key, said in one.items() if key != "matchLabelKeys"}
            for one in shared.spread(NAME)
        ],
        # the leader last: a rollout is the operator's (docs/vault.md)
        "updateStrategyType": "OnDelete",
        "includeConfigAnnotation": True,
        "terminationGracePeriodSeconds": _STOP_SECONDS,
        "shareProcessNamespace": True,
        "extraContainers": [_care(args)],
        "statefulSet": {
            "securityContext": {
                "pod": {
                    **shared.POD_SECURITY,
                    "runAsUser": runs_as.uid,
                    "runAsGroup": runs_as.gid,
                    "fsGroup": runs_as.gid,
                    "fsGroupChangePolicy": "OnRootMismatch",
                },
                "container": {**shared.CONTAINER_SECURITY},
            }
        },
        # what an operator types in the pod
        "extraEnvironmentVars": {
            "VAULT_CACERT": f"{TLS_FOLDER}/{AUTHORITY_KEY}",
            **args.seal.environment,
        },
    }


def _care(args: ValuesArgs) -> dict[str, Any]:
    image = shared.image(IMAGE, args.cluster)
    return {
        "name": CARE,
        "image": f"{image['repository']}:{image['tag']}",
        "imagePullPolicy": "IfNotPresent",
        "command": ["/bin/sh", "-uc", care_script(args.vault.audit_gib)],
        "resources": shared.resources(args.care),
        "securityContext": {**shared.CONTAINER_SECURITY},
        "volumeMounts": [
            {"name": "audit", "mountPath": AUDIT_FOLDER},
            {"name": TLS_SECRET, "mountPath": TLS_FOLDER, "readOnly": True},
        ],
    }


def _volumes(args: ValuesArgs) -> dict[str, Any]:
    kept = "Retain" if args.cluster.protect else "Delete"
    volume = {"enabled": True, "storageClass": args.cluster.storage_class}
    return {
        "dataStorage": {
            **volume,
            "size": f"{args.plan.volume_gib}Gi",
            "mountPath": DATA_FOLDER,
        },
        "auditStorage": {
            **volume,
            "size": f"{args.plan.log_volume_gib}Gi",
            "mountPath": AUDIT_FOLDER,
        },
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": kept, "whenScaled": "Retain"},
        "volumes": [
            {"name": TLS_SECRET, "secret": {"secretName": TLS_SECRET, "defaultMode": 0o440}},
            # where its start script puts the configuration together
            {"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}},
        ],
        "volumeMounts": [
            {"name": TLS_SECRET, "mountPath": TLS_FOLDER, "readOnly": True},
            {"name": "tmp", "mountPath": "/tmp"},
        ],
    }


def _probes() -> dict[str, Any]:
    return {
        "readinessProbe": {"enabled": True, "path": _HEALTH, "port": PORT},
        "livenessProbe": {
            "enabled": True,
            "path": _ALIVE,
            "port": PORT,
            "failureThreshold": _SLOW_FAILURES,
        },
    }


def _ha(args: ValuesArgs) -> dict[str, Any]:
    plan, members = args.plan, args.vault.members
    # the pod's name is known to the variable before this one
    own = f"https://$(VAULT_K8S_POD_NAME).{HEADLESS}.{plan.namespace}.svc.cluster.local:{PORT}"
    return {
        "enabled": True,
        "replicas": members,
        "apiAddr": own,
        "raft": {
            "enabled": True,
            "setNodeId": True,
            "config": configuration(plan.namespace, members, args.seal),
        },
        # of one member no node could ever be emptied
        "disruptionBudget": {"enabled": members > 1, "maxUnavailable": 1},
    }
