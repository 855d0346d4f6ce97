"""Plausible outputs: ids, ARNs and endpoints, so that what depends on them can be made."""

from __future__ import annotations

import base64
import hashlib
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sizing.rules.values import UNKNOWN_TEXT
from tests.engine.provider import google, kubernetes
from tests.engine.provider.schema import Shape
from tests.engine.provider.wire import SIGNATURE, bare, secret

NAMED = {
    "aws:eks/cluster:Cluster": "name",
    "aws:iam/role:Role": "name",
    "aws:s3/bucket:Bucket": "bucket",
    "aws:cloudwatch/logGroup:LogGroup": "name",
    "aws:rds/subnetGroup:SubnetGroup": "name",
    "aws:rds/parameterGroup:ParameterGroup": "name",
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": "name",
    "aws:rds/instance:Instance": "identifier",
    "aws:rds/cluster:Cluster": "clusterIdentifier",
    "aws:elasticache/subnetGroup:SubnetGroup": "name",
    "aws:elasticache/parameterGroup:ParameterGroup": "name",
    "aws:elasticache/replicationGroup:ReplicationGroup": "replicationGroupId",
    "aws:opensearch/domain:Domain": "domainName",
    "aws:docdb/cluster:Cluster": "clusterIdentifier",
    "aws:docdb/clusterInstance:ClusterInstance": "identifier",
    "aws:docdb/clusterParameterGroup:ClusterParameterGroup": "name",
    "aws:docdb/subnetGroup:SubnetGroup": "name",
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": "ecrRepositoryPrefix",
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": "prefix",
}
"""Types whose id is a name, and the property that holds it."""

MANAGED_PASSWORDS = (
    "aws:docdb/cluster:Cluster",
    "aws:rds/cluster:Cluster",
    "aws:rds/instance:Instance",
)
"""Types that keep their password in a secret of their own."""
PASSWORD = "random:index/randomPassword:RandomPassword"
RANDOM_BYTES = "random:index/randomBytes:RandomBytes"
RANDOM_ID = "random:index/randomId:RandomId"
CERTIFICATE = "aws:acm/certificate:Certificate"

LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the stand-in pretends to be."""

    account: str
    region: str


def digest(*parts: str, length: int = 17) -> str:
    """Return a stable hexadecimal text for the parts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:length]


def of_google(token: str, place: Place, inputs: Mapping[str, Any], name: str) -> google.Known:
    """Return what is known of one of Google's; its project is what others call an account."""
    asked = bare(inputs)
    given = {"project": asked.get("project") or place.account, "name": asked.get("name") or name}
    return google.Known(token=token, region=place.region, inputs=asked, **given)


def identity(token: str, urn: str, place: Place, inputs: Mapping[str, Any], salt: str) -> str:
    """Return the id of a new resource: its name where the cloud goes by names."""
    kind = token.rpartition(":")[2].lower()
    logical = urn.rpartition("::")[2]
    if kubernetes.is_object(token):
        return kubernetes.identity(bare(inputs), logical)
    named = f"{logical.lower()}-{digest(urn, salt, length=7)}"
    if google.is_google(token):
        return google.identity(of_google(token, place, inputs, named)) or named
    if token in NAMED:
        given = bare(inputs).get(NAMED[token])
        return str(given) if given else named
    if token == "aws:kms/key:Key":
        return f"{digest(urn, salt, length=8)}-0000-4000-8000-{digest(salt, urn, length=12)}"
    return f"{kind}-{digest(urn, salt)}"


def password(urn: str, inputs: Mapping[str, Any]) -> str:
    """Return the same password for the same resource, of the length and characters asked for."""
    asked = bare(inputs)
    special = str(asked.get("overrideSpecial") or "!#$") if asked.get("special", True) else ""
    letters = LETTERS + special
    length = int(asked["length"])
    stream = hashlib.shake_256(urn.encode()).digest(length)
    return "".join(letters[byte % len(letters)] for byte in stream)


def _text(token: str, name: str, place: Place, identifier: str) -> str:
    lowered = name.lower()
    service = token.split(":")[1].partition("/")[0]
    if lowered.endswith("arn"):
        kind = token.rpartition(":")[2].lower()
        return f"arn:aws:{service}:{place.region}:{place.account}:{kind}/{identifier}"
    if lowered.endswith(("endpoint", "endpointaddress", "dnsname", "address", "domainname")):
        return f"{identifier.lower()}.{service}.{place.region}.amazonaws.com"
    if lowered == "accountid" or lowered == "ownerid":
        return place.account
    return f"{lowered}-{digest(identifier, name, length=12)}"


def _value(token: str, name: str, shape: Shape, place: Place, identifier: str) -> object:
    if isinstance(shape, str):
        return {
            "string": _text(token, name, place, identifier),
            "integer": 1,
            "number": 1,
            "boolean": False,
        }.get(shape)
    if "array" in shape:
        return []
    if "object" not in shape:
        return {}
    return {
        inner: _value(token, inner, shape["object"][inner], place, identifier)
        for inner in shape["required"]
    }


def _special(token: str, place: Place, identifier: str) -> dict[str, Any]:
    """Return outputs that programs read although their shape does not promise them."""
    if token == "aws:eks/cluster:Cluster":
        issuer = f"https://oidc.eks.{place.region}.amazonaws.com/id/{digest(identifier).upper()}"
        return {
            "endpoint": f"https://{digest(identifier).upper()}.{place.region}.eks.amazonaws.com",
            "certificateAuthority": {"data": base64.b64encode(b"a certificate").decode()},
            "identities": [{"oidcs": [{"issuer": issuer}]}],
            "vpcConfig": {
                "clusterSecurityGroupId": f"sg-{digest(identifier, 'cluster')}",
                "vpcId": f"vpc-{digest(identifier, 'vpc')}",
            },
        }
    if token in MANAGED_PASSWORDS:
        arn = f"arn:aws:secretsmanager:{place.region}:{place.account}:secret:rds!{identifier}"
        return {"masterUserSecrets": [{"secretArn": arn, "secretStatus": "active"}]}
    if token == "aws:ec2/launchTemplate:LaunchTemplate":
        return {"latestVersion": 1, "defaultVersion": 1}
    return {}


def proofs(certificate: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the DNS records by which ACM lets someone prove each host of a certificate."""
    hosts = [certificate["domainName"], *(certificate.get("subjectAlternativeNames") or [])]
    return [
        {
            "domainName": host,
            "resourceRecordName": f"_{digest(host, length=32)}.{host}.",
            "resourceRecordType": "CNAME",
            "resourceRecordValue": f"_{digest(host, 'value', length=32)}.acm-validations.aws.",
        }
        for host in hosts
    ]


def _merged(base: object, over: object) -> object:
    if isinstance(base, dict) and isinstance(over, dict):
        return _merged_objects(base, over)
    return over


def _merged_objects(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return both objects in one; where they differ the second one holds, at every depth."""
    if SIGNATURE in over:
        return dict(over)
    both = {name: _merged(base[name], over[name]) for name in base if name in over}
    return {**base, **over, **both}


def computed(token: str, shape: Mapping[str, Any], place: Place, identifier: str) -> dict[str, Any]:
    """Return every output that the type promises, as if nothing had been asked for."""
    if token == PASSWORD:
        return {}
    promised = {
        name: _value(token, name, shape["object"][name], place, identifier)
        for name in shape["required"]
        if name in shape["object"]
    }
    named = {NAMED[token]: identifier} if token in NAMED else {}
    merged = _merged_objects(promised, {**_special(token, place, identifier), **named})
    return {**merged, "region": place.region} if token.startswith("aws:") else merged


def outputs(
    token: str,
    shape: Mapping[str, Any],
    urn: str,
    place: Place,
    identifier: str,
    inputs: Mapping[str, Any],
) -> dict[str, Any]:
    """Return a made resource's properties: what was asked for, over what the type promises."""
    if kubernetes.is_object(token):
        return kubernetes.made(inputs, identifier)
    made = _merged_objects(computed(token, shape, place, identifier), inputs)
    if google.is_google(token):
        known = of_google(token, place, inputs, identifier.rpartition("/")[2])
        own = google.promised(known, identifier)
        told = {name: one for name, one in own.items() if name in shape["required"]}
        made = _merged_objects({**made, **told}, inputs)
        made = _merged_objects(made, google.answers(known, digest(identifier)))
    if token == PASSWORD:
        generated = password(urn, inputs)
        made |= {"result": secret(generated), "bcryptHash": secret(digest(generated))}
    if token == RANDOM_BYTES:
        drawn = hashlib.sha256(urn.encode()).digest()[: int(bare(inputs)["length"])]
        made |= {"base64": base64.b64encode(drawn).decode(), "hex": drawn.hex()}
    if token == RANDOM_ID:
        made |= {"hex": digest(identifier, length=2 * int(bare(inputs)["byteLength"]))}
    if token == CERTIFICATE:
        made |= {"domainValidationOptions": proofs(bare(inputs))}
    return made


def previewed(token: str, shape: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource's properties before it is made: what it promises is not known yet."""
    if kubernetes.is_object(token):
        return dict(inputs)
    place = Place(account="", region="")
    names = {*shape["required"], *_special(token, place, ""), NAMED.get(token, "id")}
    promised: dict[str, Any] = dict.fromkeys(names - {"id"}, UNKNOWN_TEXT)
    if token == PASSWORD:
        promised |= {"result": secret(UNKNOWN_TEXT), "bcryptHash": secret(UNKNOWN_TEXT)}
    if google.is_google(token):
        answers = google.answers(of_google(token, place, inputs, ""), digest(""))
        later = {name: google.unknown(one) for name, one in answers.items()}
        return _merged_objects({**promised, **inputs}, later)
    return {**promised, **inputs}
