"""The SDK's side of a preview: every registration is kept as it is sent, nothing is created.

The monitor stands where the engine does. It keeps what reaches it (protect, parent, dependencies
and aliases are visible only here), echoes known inputs and leaves every other output unknown, as
a preview does, and refuses what the engine refuses: an address used twice, a resource without an
explicit provider where default ones are disabled, and any question to a cloud.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Never

import pulumi
from google.protobuf import empty_pb2, struct_pb2  # type: ignore[import-untyped]
from pulumi.runtime.mocks import MockMonitor, Mocks
from pulumi.runtime.proto import engine_pb2, resource_pb2

from preview.offline.serialize import Secrets, as_secret, masked_struct
from sizing.model import Json

STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_PREFIX = "pulumi:providers:"
SEVERITIES = {
    engine_pb2.INFO: "info",
    engine_pb2.WARNING: "warning",
    engine_pb2.ERROR: "error",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One registration, complete.

    Attributes:
        operation: "create", or "read" for what exists already (a stack reference).
        provider: "<urn>::<id>" of the provider, "" for components.
        inputs: as the engine would print them, with its sentinels for secret and unknown.
        secret_paths: dotted paths of the inputs that are secret.
        custom_timeouts: as written in the program ("30m"), by operation.
    """

    operation: str
    urn: str
    type: str
    name: str
    custom: bool
    parent: str
    protect: bool
    retain_on_delete: bool
    delete_before_replace: bool
    provider: str
    inputs: Mapping[str, Json]
    secret_paths: tuple[str, ...]
    dependencies: tuple[str, ...]
    property_dependencies: Mapping[str, tuple[str, ...]]
    aliases: tuple[str, ...]
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    additional_secret_outputs: tuple[str, ...]
    custom_timeouts: Mapping[str, str]
    deleted_with: str
    import_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """A message of the program; `urn` is "" where it speaks of no resource."""

    urn: str
    message: str
    severity: str


class Silent(Mocks):
    """Answers no question: a plan that asks a cloud would differ by day and by account."""

    def call(self, args: pulumi.runtime.MockCallArgs) -> Never:
        """Refuse a provider function."""
        raise pulumi.RunError(
            f"{args.token} asks the cloud, which an offline plan cannot: "
            "pin the fact in the stack file or in the catalogue"
        )

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> Never:
        """Never called: the monitor answers registrations itself."""
        raise AssertionError(f"{args.typ} {args.name} reached the mocks")


class Monitor(MockMonitor):
    """Keeps every registration of one run of a program.

    Attributes:
        kept: by URN, in the order of arrival.
        exports: what the stack exports, with the engine's sentinels.
        secret_values: the strings behind every secret input, known or generated here.
    """

    def __init__(self, project: str, stack: str, explicit_providers: bool) -> None:
        super().__init__(Silent())
        self._prefix = f"urn:pulumi:{stack}::{project}::"
        self._explicit_providers = explicit_providers
        self.kept: dict[str, Resource] = {}
        self.exports: dict[str, Json] = {}
        self.secret_values: set[str] = set()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """Return the engine's address: every ancestor's type but the stack's, then the name."""
        above = parent.split("::")[2] if parent else STACK_TYPE
        return f"{self._prefix}{type_ if above == STACK_TYPE else f'{above}${type_}'}::{name}"

    def RegisterResource(  # noqa: N802  # the SDK's name
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        """Keep a registration and answer as a preview does.

        Raises:
            pulumi.RunError: the engine would refuse the resource.
        """
        urn = self.make_urn(request.parent, request.type, request.name)
        self._refuse(urn, request)
        secrets = Secrets()
        inputs = masked_struct(request.object, secrets)
        self.secret_values |= secrets.values
        self.kept[urn] = Resource(
            operation="create",
            urn=urn,
            type=request.type,
            name=request.name,
            custom=request.custom,
            parent=request.parent,
            protect=request.protect,
            retain_on_delete=request.retainOnDelete,
            delete_before_replace=request.deleteBeforeReplace,
            provider=request.provider,
            inputs=inputs,
            secret_paths=tuple(secrets.paths),
            dependencies=ordered(request.dependencies),
            property_dependencies={
                key: ordered(request.propertyDependencies[key].urns)
                for key in sorted(request.propertyDependencies)
            },
            aliases=self._aliases(request),
            ignore_changes=tuple(request.ignoreChanges),
            replace_on_changes=tuple(request.replaceOnChanges),
            additional_secret_outputs=ordered(request.additionalSecretOutputs),
            custom_timeouts=timeouts(request.customTimeouts),
            deleted_with=request.deletedWith,
            import_id=request.importId,
        )
        return resource_pb2.RegisterResourceResponse(urn=urn, object=outputs(request))

    def ReadResource(  # noqa: N802  # the SDK's name
        self, request: resource_pb2.ReadResourceRequest
    ) -> resource_pb2.ReadResourceResponse:
        """Keep a read of what exists already; offline, all of it is unknown."""
        urn = self.make_urn(request.parent, request.type, request.name)
        secrets = Secrets()
        self.kept[urn] = Resource(
            operation="read",
            urn=urn,
            type=request.type,
            name=request.name,
            custom=True,
            parent=request.parent,
            protect=False,
            retain_on_delete=False,
            delete_before_replace=False,
            provider=request.provider,
            inputs=masked_struct(request.properties, secrets),
            secret_paths=tuple(secrets.paths),
            dependencies=ordered(request.dependencies),
            property_dependencies={},
            aliases=(),
            ignore_changes=(),
            replace_on_changes=(),
            additional_secret_outputs=ordered(request.additionalSecretOutputs),
            custom_timeouts={},
            deleted_with="",
            import_id="",
        )
        return resource_pb2.ReadResourceResponse(urn=urn, properties=request.properties)

    def RegisterResourceOutputs(  # noqa: N802  # the SDK's name
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> empty_pb2.Empty:
        """Keep the stack's exports; the engine shows no other component's outputs either."""
        kept = self.kept.get(request.urn)
        if kept is not None and kept.type == STACK_TYPE:
            self.exports = masked_struct(request.outputs, Secrets())
        return empty_pb2.Empty()

    def _refuse(self, urn: str, request: resource_pb2.RegisterResourceRequest) -> None:
        if urn in self.kept:
            raise pulumi.RunError(f"Duplicate resource URN '{urn}'; try giving it a unique name")
        package = request.type.partition(":")[0]
        if (
            self._explicit_providers
            and request.custom
            and package != "pulumi"
            and not request.provider
        ):
            raise pulumi.RunError(
                f"Default provider for '{package}' disabled. '{urn}' must use an explicit provider."
            )

    def _aliases(self, request: resource_pb2.RegisterResourceRequest) -> tuple[str, ...]:
        """Return earlier addresses: the resource's own aliases, then those its parent brings.

        As in the engine, a child whose name begins with its parent's follows the parent's name.
        """
        found: list[str] = list(request.aliasURNs)
        for alias in request.aliases:
            if alias.WhichOneof("alias") == "urn":
                found.append(alias.urn)
                continue
            spec = alias.spec
            parent = "" if spec.noParent else spec.parentUrn or request.parent
            urn = self.make_urn(parent, spec.type or request.type, spec.name or request.name)
            stack, project = urn.split(":", 2)[2].split("::")[:2]
            rest = urn.split("::", 2)[2]
            found.append(f"urn:pulumi:{spec.stack or stack}::{spec.project or project}::{rest}")
        above = self.kept.get(request.parent)
        for earlier in above.aliases if above else ():
            name = request.name
            if above and name.startswith(above.name):
                name = earlier.rpartition("::")[2] + name.removeprefix(above.name)
            found.append(self.make_urn(earlier, request.type, name))
        now = self.make_urn(request.parent, request.type, request.name)
        return tuple(urn for urn in dict.fromkeys(found) if urn != now)


class Engine:
    """The engine's log: what the program says becomes diagnostics, debug lines are dropped."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def Log(self, request: engine_pb2.LogRequest) -> None:  # noqa: N802  # the SDK's name
        """Keep a message as the engine prints it, its severity in front where it is one."""
        severity = SEVERITIES.get(request.severity)
        if severity is None or request.ephemeral:
            return
        prefix = "" if severity == "info" else f"{severity}: "
        self.diagnostics.append(
            Diagnostic(urn=request.urn, message=f"{prefix}{request.message}\n", severity=severity)
        )

    def RequirePulumiVersion(  # noqa: N802  # the SDK's name
        self, _request: engine_pb2.RequirePulumiVersionRequest
    ) -> engine_pb2.RequirePulumiVersionResponse:
        """Accept any version: offline there is no CLI that could be too old."""
        return engine_pb2.RequirePulumiVersionResponse()


def ordered(urns: Iterable[str]) -> tuple[str, ...]:
    """Return names in one order: the SDK collects them in sets."""
    return tuple(sorted(set(urns)))


def timeouts(message: resource_pb2.RegisterResourceRequest.CustomTimeouts) -> dict[str, str]:
    """Return the operations that have a timeout of their own."""
    every = {key: getattr(message, key) for key in ("create", "update", "delete")}
    return {key: value for key, value in every.items() if value}


def outputs(request: resource_pb2.RegisterResourceRequest) -> struct_pb2.Struct:
    """Return what a preview knows of a resource after its creation.

    A custom resource echoes its inputs and its secret outputs are secret though unknown; all that
    is missing here the SDK takes as unknown. A component has no outputs before it registers them.
    """
    answer = struct_pb2.Struct()
    if not request.custom:
        return answer
    answer.CopyFrom(request.object)
    for key in sorted(request.additionalSecretOutputs):
        # looked up first: the map makes an entry for any key that is asked for by index
        secret = as_secret(answer.fields.get(key))
        answer.fields[key].CopyFrom(secret)
    return answer
