# ruff: noqa: N802, ARG002, ANN401 - the names and shapes are those of the protocol
"""A cloud that takes nothing but time: the engine's provider protocol over judged inputs.

It refuses what the SDK's types and the table of the cloud's refusals refuse, calls replacement
what the provider's schema calls so, and makes everything else up. Started by the engine as
`pulumi-resource-<package>`; the port goes to standard output.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from sizing.rules.values import UNKNOWN_TEXT
from tests.engine.provider import google
from tests.engine.provider.judge import Failure, differences, failures
from tests.engine.provider.outputs import Place, identity, outputs, previewed
from tests.engine.provider.schema import Schemas, sdk_version
from tests.engine.provider.wire import bare, from_struct, to_struct

ACCOUNT = "111122223333"
PROVIDER_CONFIG: dict[str, tuple[str, ...]] = {
    "aws": ("region", "allowedAccountIds", "defaultTags", "assumeRoles"),
    "gcp": (
        *("project", "region", "defaultLabels", "addPulumiAttributionLabel"),
        *("userProjectOverride", "billingProject", "impersonateServiceAccount"),
    ),
    "kubernetes": (
        *("kubeconfig", "clusterIdentifier", "deleteUnreachable"),
        *("enableConfigMapMutable", "enableSecretMutable", "enableServerSideApply"),
    ),
    "random": (),
}
"""Settings of the explicit providers; each one in the wire form of the engine."""
KINDS = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}
IGNORED_CONFIG = (
    *("version", "pluginDownloadURL", "skipCredentialsValidation", "skipRegionValidation"),
    *("skipMetadataApiCheck", "skipRequestingAccountId"),
)
"""What the SDK adds of its own."""


def _token(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


class StandIn(provider_pb2_grpc.ResourceProviderServicer):
    """One provider process of the engine."""

    def __init__(self, package: str, schemas: Schemas) -> None:
        self.package = package
        self.schemas = schemas
        self.place = Place(account=ACCOUNT, region="us-east-1")

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        return plugin_pb2.PluginInfo(version=sdk_version(self.package))

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.GetSchemaResponse(schema="{}")

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        known = (*PROVIDER_CONFIG[self.package], *IGNORED_CONFIG)
        wrong = [
            Failure(property=name, reason="no such setting")
            for name in from_struct(request.news)
            if name not in known
        ]
        return self._checked(request, wrong)

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        return self._diff("pulumi:providers", request)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        settings = bare(from_struct(request.args))
        # a project is to Google Cloud what an account is to AWS
        accounts = settings.get("allowedAccountIds") or [settings.get("project") or ACCOUNT]
        if isinstance(accounts, str):  # the engine sends what is no text as JSON in a text
            accounts = json.loads(accounts)
        self.place = Place(
            account=str(accounts[0]), region=str(settings.get("region") or self.place.region)
        )
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{request.tok} asks the cloud at preview")

    def Call(self, request: Any, context: grpc.ServicerContext) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{request.tok} asks the cloud")

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:
        token, olds, news = (
            _token(request.urn),
            from_struct(request.olds),
            from_struct(request.news),
        )
        stays = not any(one.replaces for one in differences(token, olds, news))
        wrong = failures(self.schemas, token, news, olds if stays else None)
        return self._checked(request, wrong)

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        return self._diff(_token(request.urn), request)

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        token, inputs = _token(request.urn), from_struct(request.properties)
        shape = self.schemas.of(token)["outputs"]
        if request.preview:
            return provider_pb2.CreateResponse(
                id="", properties=to_struct(previewed(token, shape, inputs))
            )
        late = failures(self.schemas, token, inputs)  # what only now is known, as in the cloud
        if late:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{late[0].property}: {late[0].reason}")
        if UNKNOWN_TEXT in str(inputs):
            context.abort(grpc.StatusCode.INTERNAL, f"{request.urn} is made of unknown values")
        made = identity(token, request.urn, self.place, inputs, uuid.uuid4().hex)
        properties = outputs(token, shape, request.urn, self.place, made, inputs)
        return provider_pb2.CreateResponse(id=made, properties=to_struct(properties))

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        token, news = _token(request.urn), from_struct(request.news)
        late = failures(self.schemas, token, news)
        if late:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{late[0].property}: {late[0].reason}")
        shape = self.schemas.of(token)["outputs"]
        properties = outputs(token, shape, request.urn, self.place, request.id, news)
        if token == "aws:ec2/launchTemplate:LaunchTemplate":
            # every change of a template is a new version of it
            latest = int(from_struct(request.olds).get("latestVersion", 0)) + 1
            properties |= {"latestVersion": UNKNOWN_TEXT if request.preview else latest}
        return provider_pb2.UpdateResponse(properties=to_struct(properties))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.ReadResponse(
            id=request.id, properties=request.properties, inputs=request.inputs
        )

    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:
        if google.protected(_token(request.urn), bare(from_struct(request.properties))):
            context.abort(
                grpc.StatusCode.FAILED_PRECONDITION, f"{request.id} has deletion protection"
            )
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()

    def _checked(self, request: Any, wrong: list[Failure]) -> Any:
        return provider_pb2.CheckResponse(
            inputs=request.news,
            failures=[
                provider_pb2.CheckFailure(property=one.property, reason=one.reason) for one in wrong
            ],
        )

    def _diff(self, token: str, request: Any) -> Any:
        found = differences(token, from_struct(request.old_inputs), from_struct(request.news))
        answer = provider_pb2.DiffResponse
        return answer(
            changes=answer.DIFF_SOME if found else answer.DIFF_NONE,
            replaces=[one.path for one in found if one.replaces],
            diffs=sorted({one.path.partition(".")[0] for one in found}),
            detailedDiff={
                one.path: provider_pb2.PropertyDiff(
                    kind=KINDS[one.kind, one.replaces], inputDiff=True
                )
                for one in found
            },
            hasDetailedDiff=True,
        )


def main(package: str) -> None:
    """Serve one package until the engine ends the process."""
    folder = os.environ.get("AIGW_STANDIN_CACHE")
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    standin = StandIn(package, Schemas(Path(folder) if folder else None))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(standin, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main(sys.argv[1])
