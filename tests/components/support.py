"""What component tests share: a recording engine, and every property of what was registered.

The recorder keeps the request that the SDK sends, not only its inputs: parent, protect,
dependencies and ignored changes are then what the engine would get.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Never

import pulumi
from google.protobuf import json_format  # type: ignore[import-untyped]  # ships no types
from pulumi.runtime.mocks import MockMonitor, MockResourceArgs

from tests.components.gcp.answers import of_google

ACCOUNT = "123456789012"
REGION = "us-east-1"
GENERATED = "generated-by-the-recorder"
"""What every random password comes to: where it shows in clear, a test must fail."""
TAGS = {
    "environment": "prod",
    "tier": "large",
    "cost-centre": "platform",
    "stack": "prod-large",
    "managed-by": "pulumi",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One resource as the engine was asked for it; inputs in the provider's own spelling.

    `secrets` names the inputs that hold a secret anywhere; `inputs` shows their values.
    """

    type: str
    name: str
    urn: str
    parent: str
    protect: bool
    custom: bool
    inputs: dict[str, Any]
    secrets: tuple[str, ...]
    depends_on: tuple[str, ...]
    ignore_changes: tuple[str, ...]
    delete_before_replace: bool
    retain_on_delete: bool

    def document(self, field: str) -> dict[str, Any]:
        """Return a JSON document (a policy, an add-on's values) that stands in an input."""
        loaded = json.loads(self.inputs[field])
        assert isinstance(loaded, dict)
        return loaded


# how the SDK marks a value on the wire; the second is the mark of a secret
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"


def _holds_secret(value: object) -> bool:
    if isinstance(value, dict):
        return value.get(_SIGNATURE) == _SECRET or any(map(_holds_secret, value.values()))
    return isinstance(value, list) and any(map(_holds_secret, value))


def _whole(value: object) -> object:
    # the wire knows floats only: 3.0 stands for the 3 that was written
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET:
        return _whole(value["value"])
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return value


class Recorder(pulumi.runtime.Mocks):
    """A strict stand-in for the engine: records every resource, answers no question."""

    def __init__(self) -> None:
        self.resources: list[Registered] = []

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Give the resource an id and an ARN of the right account; inputs come back as outputs."""
        identity = f"{args.name}-id"
        service = args.typ.split(":")[1].split("/")[0] if ":" in args.typ else "none"
        outputs: dict[Any, Any] = {
            "arn": f"arn:aws:{service}:{REGION}:{ACCOUNT}:{args.name}",
            "name": args.name,
            **args.inputs,
        }
        outputs.update(_answers(args))
        outputs.update(of_google(args, GENERATED))
        return identity, outputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> Never:
        """Refuse every look-up: a component that asks the cloud cannot be planned offline."""
        raise AssertionError(f"a component asked the cloud: {args.token}")

    def all(self, kind: str) -> list[Registered]:
        """Return what was registered of a type, given whole or by its last part ("Vpc")."""
        return [r for r in self.resources if r.type == kind or r.type.rsplit(":", 1)[-1] == kind]

    def before(self, one: Registered) -> set[str]:
        """Return the URNs of what a resource depends on, whatever lies between."""
        by_urn = {known.urn: known for known in self.resources}
        found: set[str] = set()
        waiting = [*one.depends_on]
        while waiting:
            urn = waiting.pop()
            if urn not in found:
                found.add(urn)
                waiting += by_urn[urn].depends_on
        return found

    def one(self, kind: str, name: str = "") -> Registered:
        """Return the only resource of a type, or the only one whose name contains `name`."""
        found = [r for r in self.all(kind) if name in r.name]
        assert len(found) == 1, f"{kind} {name!r}: {[r.name for r in found]}"
        return found[0]


def _answers(args: MockResourceArgs) -> dict[str, Any]:
    """What the cloud itself would add, where a component reads it."""
    short = args.typ.rsplit(":", 1)[-1]
    if short == "Cluster" and ":eks/" in args.typ:
        return {
            "endpoint": f"https://{args.name}.eks.example",
            "certificateAuthority": {"data": "Q0E="},
            "vpcConfig": {**args.inputs.get("vpcConfig", {}), "clusterSecurityGroupId": "sg-eks"},
        }
    if short == "Cluster" and ":container/" in args.typ:
        signed = {**args.inputs.get("masterAuth", {}), "clusterCaCertificate": "Q0E="}
        return {"endpoint": "203.0.113.10", "masterAuth": signed}
    if short == "Account" and ":serviceaccount/" in args.typ:
        project = args.inputs.get("project", "aigw-samples")
        return {"email": f"{args.inputs['accountId']}@{project}.iam.gserviceaccount.com"}
    if short == "NodeGroup":
        return {"resources": [{"autoscalingGroups": [{"name": f"{args.name}-asg"}]}]}
    if short == "LaunchTemplate":
        return {"latestVersion": 1}
    if short == "Key" and ":kms/" in args.typ:
        return {"keyId": f"{args.name}-id"}
    if short == "Certificate" and ":acm/" in args.typ:
        return {"domainValidationOptions": proofs(args.inputs)}
    if short == "LoadBalancer":
        return {"dnsName": f"{args.name}.elb.example", "zoneId": f"zone-of-{args.name}"}
    if ":rds/" in args.typ and short in {"Cluster", "Instance"}:
        host = f"{args.name}.rds.example"
        return {"address": host, "endpoint": host, "readerEndpoint": f"ro-{host}"}
    if short == "ReplicationGroup":
        host = f"{args.name}.cache.example"
        return {"primaryEndpointAddress": host, "configurationEndpointAddress": host}
    if short == "Cluster" and ":docdb/" in args.typ:
        return {"masterUserSecrets": [{"secretArn": f"arn:aws:secretsmanager:{args.name}"}]}
    if short == "Domain" and ":opensearch/" in args.typ:
        return {"endpoint": f"{args.name}.es.example"}
    if args.typ.startswith("gcp:compute/"):
        link = {"selfLink": f"https://compute.example/{args.name}"}
        return {**link, "address": f"address-of-{args.name}"} if short == "Address" else link
    if short == "DnsAuthorization":
        record_name = f"_acme-challenge.{args.inputs['domain']}."
        return {"dnsResourceRecords": [{"name": record_name, "data": "proof.", "type": "CNAME"}]}
    if short == "RandomId":
        return {"hex": "0123abcd"}
    if short == "RandomBytes":
        return {"base64": "c2l4dGVlbiBieXRlcyBpdA=="}
    if short == "RandomPassword":
        return {"result": GENERATED}
    return {}


def proofs(certificate: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the DNS records by which ACM lets someone prove each host of a certificate."""
    hosts = [certificate["domainName"], *certificate.get("subjectAlternativeNames", [])]
    return [
        {
            "domainName": host,
            "resourceRecordName": f"_proof.{host}.",
            "resourceRecordType": "CNAME",
            "resourceRecordValue": f"_value-of-{host}.acm-validations.aws.",
        }
        for host in hosts
    ]


class RecordingMonitor(MockMonitor):
    """Keeps what MockResourceArgs drops: protect, parent, dependencies, ignored changes."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self._recorder = recorder

    def RegisterResource(  # noqa: N802  # the SDK's name
        self,
        request: Any,  # noqa: ANN401  # a protobuf message, made without types
    ) -> Any:  # noqa: ANN401
        """Record the request, then answer as the SDK's own mock does."""
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        wire = json_format.MessageToDict(request.object)
        inputs = _whole(wire)
        assert isinstance(inputs, dict)
        self._recorder.resources.append(
            Registered(
                type=request.type,
                name=request.name,
                urn=response.urn,
                parent=request.parent,
                protect=request.protect,
                custom=request.custom,
                inputs=inputs,
                secrets=tuple(sorted(key for key in wire if _holds_secret(wire[key]))),
                depends_on=tuple(sorted(request.dependencies)),
                ignore_changes=tuple(request.ignoreChanges),
                delete_before_replace=request.deleteBeforeReplace,
                retain_on_delete=request.retainOnDelete,
            )
        )
        return response


def with_a_loop() -> None:
    """Give this thread an event loop: an offline plan that ran before leaves it without one."""
    try:
        usable = not asyncio.get_event_loop().is_closed()
    except RuntimeError:
        usable = False
    if not usable:
        asyncio.set_event_loop(asyncio.new_event_loop())


def record(build: Callable[[], object]) -> Recorder:
    """Run a builder under the recorder and return what it registered.

    Whatever the builder raises, and any unfinished output, fails the test.
    """
    with_a_loop()
    recorder = Recorder()
    pulumi.runtime.set_mocks(
        recorder,
        project="aigw",
        stack="prod-large",
        preview=False,
        monitor=RecordingMonitor(recorder),
    )

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK ships it untyped
    def run() -> None:
        build()

    run()
    return recorder


def children_of(recorder: Recorder, component: str) -> list[Registered]:
    """Return every custom resource below the component of that type token."""
    (root,) = recorder.all(component)
    urns, found = {root.urn}, []
    grown = True
    while grown:
        below = [r for r in recorder.resources if r.parent in urns and r.urn not in urns]
        urns |= {r.urn for r in below}
        found += [r for r in below if r.custom]
        grown = bool(below)
    return found


def takes_tags(kind: str) -> bool:
    """Whether the provider's resource of that type has tags, read from its own SDK class."""
    package, module, short = kind.split(":")
    if package != "aws":
        return False
    home = importlib.import_module(f"pulumi_aws.{module.split('/')[0]}")
    return "tags" in inspect.signature(getattr(home, short)._internal_init).parameters


def untagged(recorder: Recorder, component: str, expected: Mapping[str, str]) -> list[str]:
    """Return the children that take tags and lack one of the expected, or all of them."""
    return [
        r.name
        for r in children_of(recorder, component)
        if takes_tags(r.type) and not expected.items() <= (r.inputs.get("tags") or {}).items()
    ]
