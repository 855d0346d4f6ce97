"""A job that runs to its end before whatever waits for it; the same pods as any service's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import batch, meta

from components.base import PlatformComponent
from components.kubernetes import access
from components.kubernetes.access import Peer
from components.kubernetes.cluster import Cluster, Placement, labels
from components.kubernetes.container import Container
from components.kubernetes.pod import Pod, checksum, template
from components.kubernetes.workload import config_maps, service_account
from components.sequel import Sequel

_RETRIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class JobArgs:
    """What a job needs.

    Attributes:
        job: its name in the cluster; its pods are selected by it.
        account: service account that several jobs share and somebody else makes, "" for one of
            its own.
        version: what it depends on beside its files: another one runs it again.
        deadline_seconds: after so long it has failed, and whatever waits for it is not touched.
        schedule: as cron writes it, where it runs again and again; "" for once.
        suspended: a schedule that does not come until somebody lets it; people can make jobs of it.
        pods: that run at the same time; each knows its place by Kubernetes' own variable.
        retries: pods that may fail before the job has.
        after: what must exist first.
    """

    job: str
    account: str = ""
    cluster: Cluster
    namespace_name: str
    namespace: pulumi.Input[str]
    container: Container
    before: tuple[Container, ...] = ()
    placement: Placement
    calls: tuple[Peer, ...]
    version: str
    deadline_seconds: int
    schedule: str = ""
    suspended: bool = False
    pods: int = 1
    retries: int = _RETRIES
    after: Sequence[pulumi.Resource] = ()


class Job(PlatformComponent):
    """A Job that Pulumi waits for, or a CronJob.

    A Job cannot change: another version or other files make a new one beside the old, which ends.
    """

    done: pulumi.Resource
    """What depends on it starts when the job has succeeded."""

    def __init__(
        self, name: str, args: JobArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        plan = JobShown(name=args.job, version=args.version, schedule=args.schedule)
        super().__init__("aigw:kubernetes:Job", name, plan, opts)
        self._name, self._args = name, args
        self._identity = args.cluster.identity(args.namespace_name, args.account or args.job)
        self._turn = Sequel(self, args.cluster.ready)
        if not args.account:
            service_account(self._turn, f"{name}-account", args.job, args.namespace, self._identity)
        access.closed(
            self._turn,
            f"{name}-peers",
            args.job,
            args.namespace,
            called_by=(),
            calls=args.calls,
        )
        spec = self._spec()
        before = [*self._turn.last, *args.after, *self._identity.ready]
        self.done = self._cron(spec, before) if args.schedule else self._once(spec, before)
        self.register_outputs({})

    def _meta(self) -> meta.v1.ObjectMetaArgs:
        job = self._args.job
        return meta.v1.ObjectMetaArgs(name=job, namespace=self._args.namespace, labels=labels(job))

    def _spec(self) -> batch.v1.JobSpecArgs:
        args = self._args
        everyone = (*args.before, args.container)
        files = [one for c in everyone for one in c.files if one.contents]
        pod = Pod(
            name=args.job,
            account=args.account or args.job,
            containers=(args.container,),
            before=args.before,
            placement=args.placement,
            stop_seconds=_STOP_SECONDS,
            config=config_maps(self._name, args.job, args.namespace, files, self._turn),
            checksum=checksum(files, args.version),
            restart="Never",
        )
        several = args.pods > 1
        return batch.v1.JobSpecArgs(
            backoff_limit=args.retries,
            completions=args.pods if several else None,
            parallelism=args.pods if several else None,
            completion_mode="Indexed" if several else None,
            active_deadline_seconds=args.deadline_seconds,
            template=template(pod, args.cluster.registry),
        )

    def _once(self, spec: batch.v1.JobSpecArgs, before: Sequence[pulumi.Resource]) -> batch.v1.Job:
        args = self._args
        metadata = self._meta()
        # no name of its own: a changed template makes another Job, and the name must be free
        metadata.name = None
        metadata.annotations = {"aigw.io/version": args.version, **_ANEW}
        return batch.v1.Job(
            f"{self._name}-job",
            metadata=metadata,
            spec=spec,
            opts=self.child_with(
                depends_on=before,
                custom_timeouts=pulumi.CustomTimeouts(
                    create=f"{args.deadline_seconds}s", update=f"{args.deadline_seconds}s"
                ),
            ),
        )

    def _cron(
        self, spec: batch.v1.JobSpecArgs, before: Sequence[pulumi.Resource]
    ) -> batch.v1.CronJob:
        return batch.v1.CronJob(
            f"{self._name}-cron",
            metadata=self._meta(),
            spec=batch.v1.CronJobSpecArgs(
                schedule=self._args.schedule,
                suspend=self._args.suspended or None,
                # a run that still goes is not joined by another
                concurrency_policy="Forbid",
                job_template=batch.v1.JobTemplateSpecArgs(spec=spec),
            ),
            opts=self.child_with(depends_on=before),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobShown:
    """What previews show of a job."""

    name: str
    version: str
    schedule: str


_STOP_SECONDS = 30
# A job that has failed never ends well: the provider would wait for it, and fail, at each later
# `up`. So it makes another one (pulumi-kubernetes, batch/v1 Job).
_ANEW = {"pulumi.com/replaceUnready": "true"}
