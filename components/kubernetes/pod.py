"""A pod of one or more containers: its volumes, where it runs, as whom, and how it ends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core, meta

from components.kubernetes import container as containers
from components.kubernetes.cluster import Placement, labels, selector
from components.kubernetes.container import Container, Files

ZONE = "topology.kubernetes.io/zone"
HOST = "kubernetes.io/hostname"
VOLUME = "data"
CHECKSUM = "aigw.io/config-checksum"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How replicas are kept apart.

    Attributes:
        zones: no zone may have two more than another; else it is only preferred.
        hosts: likewise of nodes.
        rollout: count the pods of one version alone (what a Deployment's pods are labelled with).
    """

    zones: bool
    hosts: bool
    rollout: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """What a workload's template is made of.

    Attributes:
        name: of the workload; its pods are selected by it.
        stop_seconds: from being told to stop to being stopped; at least the longest answer.
        config: config maps by folder, made by the workload.
        spread: None where there is but one pod.
        api: the pod may speak to the Kubernetes API with its account's rights.
    """

    name: str
    account: str
    containers: tuple[Container, ...]
    before: tuple[Container, ...] = ()
    placement: Placement
    stop_seconds: int
    config: Mapping[str, pulumi.Input[str]]
    checksum: pulumi.Input[str] = ""
    spread: Spread | None = None
    restart: str = "Always"
    api: bool = False


def checksum(
    files: Sequence[Files], version: str = "", secrets: Mapping[str, object] | None = None
) -> pulumi.Output[str]:
    """Return a digest of files' contents: pods that read them at the start roll when it changes.

    Args:
        version: of what else they are made of.
        secrets: where the values of their secrets are kept.
    """
    contents: dict[str, object] = {one.path: dict(one.contents) for one in files if one.contents}
    if version:
        contents["version"] = version
    if secrets:
        contents["secrets"] = dict(secrets)
    return pulumi.Output.json_dumps(contents, sort_keys=True).apply(digest)


def digest(text: str) -> str:
    """Return the digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def template(pod: Pod, registry: str) -> core.v1.PodTemplateSpecArgs:
    """Return the pod as a workload's template."""
    noted = {CHECKSUM: pod.checksum} if pod.checksum else None
    return core.v1.PodTemplateSpecArgs(
        metadata=meta.v1.ObjectMetaArgs(labels=labels(pod.name), annotations=noted),
        spec=_spec(pod, registry),
    )


def _spec(pod: Pod, registry: str) -> core.v1.PodSpecArgs:
    volumes = _Volumes(pod)
    main = [containers.render(c, registry, volumes.mounts(c)) for c in pod.containers]
    before = [containers.render(c, registry, volumes.mounts(c)) for c in pod.before]
    group = containers.group_of(pod.containers[0])
    return core.v1.PodSpecArgs(
        service_account_name=pod.account,
        automount_service_account_token=pod.api,
        enable_service_links=False,  # a variable for each Service of the namespace, read by nobody
        init_containers=before or None,
        containers=main,
        volumes=volumes.made() or None,
        restart_policy=pod.restart,
        termination_grace_period_seconds=pod.stop_seconds,
        node_selector=dict(pod.placement.node_labels) or None,
        tolerations=[
            core.v1.TolerationArgs(key=key, operator="Equal", value=value, effect=effect)
            for key, value, effect in pod.placement.tolerations
        ]
        or None,
        topology_spread_constraints=_spread(pod) or None,
        security_context=core.v1.PodSecurityContextArgs(
            run_as_non_root=True,
            # volumes come owned by root; this group may write them
            fs_group=group,
            fs_group_change_policy="OnRootMismatch",
            seccomp_profile=core.v1.SeccompProfileArgs(type="RuntimeDefault"),
        ),
    )


def _spread(pod: Pod) -> list[core.v1.TopologySpreadConstraintArgs]:
    if pod.spread is None:
        return []
    return [
        core.v1.TopologySpreadConstraintArgs(
            topology_key=key,
            max_skew=1,
            when_unsatisfiable="DoNotSchedule" if must else "ScheduleAnyway",
            label_selector=meta.v1.LabelSelectorArgs(match_labels=selector(pod.name)),
            # without it a rollout counts the pods that are about to go
            match_label_keys=["pod-template-hash"] if pod.spread.rollout else None,
            # a node that may not be used is no place to keep apart from
            node_taints_policy="Honor",
        )
        for key, must in ((ZONE, pod.spread.zones), (HOST, pod.spread.hosts))
    ]


class _Volumes:
    """The volumes of a pod, each made once however many containers mount it."""

    def __init__(self, pod: Pod) -> None:
        self._pod = pod
        self._made: dict[str, core.v1.VolumeArgs] = {}

    def made(self) -> list[core.v1.VolumeArgs]:
        return [self._made[name] for name in sorted(self._made)]

    def mounts(self, container: Container) -> list[core.v1.VolumeMountArgs]:
        found = [
            *self._scratch(container),
            *(self._files(one) for one in container.files),
            *self._claims(container),
        ]
        if container.volume_path:
            found.append(core.v1.VolumeMountArgs(name=VOLUME, mount_path=container.volume_path))
        return found

    def _scratch(self, container: Container) -> list[core.v1.VolumeMountArgs]:
        found = []
        for one in containers.scratch_of(container):
            whose = "shared" if one.shared else container.name
            name = volume_name(f"scratch-{whose}", one.path)
            self._made[name] = core.v1.VolumeArgs(
                name=name,
                empty_dir=core.v1.EmptyDirVolumeSourceArgs(
                    size_limit=str(one.size_bytes), medium="Memory" if one.memory else None
                ),
            )
            found.append(core.v1.VolumeMountArgs(name=name, mount_path=one.path))
        return found

    def _files(self, files: Files) -> core.v1.VolumeMountArgs:
        name = volume_name("files", files.path)
        if files.secret:
            items = [core.v1.KeyToPathArgs(key=k, path=k) for k in files.secret_keys] or None
            secret = core.v1.SecretVolumeSourceArgs(
                secret_name=files.secret, items=items, default_mode=0o440
            )
            self._made[name] = core.v1.VolumeArgs(name=name, secret=secret)
        elif files.audience:
            self._made[name] = core.v1.VolumeArgs(name=name, projected=_token(files.audience))
        else:
            source = core.v1.ConfigMapVolumeSourceArgs(name=self._pod.config[files.path])
            self._made[name] = core.v1.VolumeArgs(name=name, config_map=source)
        return core.v1.VolumeMountArgs(name=name, mount_path=files.path, read_only=True)

    def _claims(self, container: Container) -> list[core.v1.VolumeMountArgs]:
        found = []
        for one in container.claims:
            name = volume_name("claim", one.path)
            self._made[name] = core.v1.VolumeArgs(
                name=name,
                persistent_volume_claim=core.v1.PersistentVolumeClaimVolumeSourceArgs(
                    claim_name=one.claim, read_only=one.read_only
                ),
            )
            found.append(
                core.v1.VolumeMountArgs(name=name, mount_path=one.path, read_only=one.read_only)
            )
        return found


def _token(audience: str) -> core.v1.ProjectedVolumeSourceArgs:
    token = core.v1.ServiceAccountTokenProjectionArgs(
        audience=audience, expiration_seconds=_TOKEN_SECONDS, path=containers.TOKEN
    )
    return core.v1.ProjectedVolumeSourceArgs(
        sources=[core.v1.VolumeProjectionArgs(service_account_token=token)], default_mode=0o440
    )


def volume_name(kind: str, path: str) -> str:
    """Return a volume's name after the folder that it is mounted at, at most 63 characters."""
    name = f"{kind}-{path.strip('/').replace('/', '-').replace('.', '').replace('_', '-')}".lower()
    if len(name) <= _LONGEST:
        return name
    return f"{name[: _LONGEST - _DIGEST - 1]}-{digest(json.dumps([kind, path]))[:_DIGEST]}"


_LONGEST = 63
_TOKEN_SECONDS = 600  # the shortest that Kubernetes makes
_DIGEST = 8
