"""What must hold of every part of every stack on either cloud; each yields whatever breaks it.

test_invariants.py breaks each on purpose.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from sizing.rules import refusals
from tests.components.clouds.common import PROVIDER_KEY
from tests.components.clouds.words import (
    BUCKETS,
    DEFAULT_KEY,
    ENCRYPTED,
    HOLDS_DATA,
    KEYS,
    LABELS,
    NAMES,
    VOLUME_KEYS,
    VOLUMES,
    WITHOUT_KEY,
    at,
    key_id,
    takes_a_key,
    takes_labels,
)
from tests.components.support import GENERATED, Registered


class Seen(Protocol):
    """A resource as a recorder of any kind saw it."""

    @property
    def type(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def protect(self) -> bool: ...
    @property
    def inputs(self) -> Mapping[str, Any]: ...


Resources = Sequence[Registered]
EVERYONE = frozenset({"0.0.0.0/0", "::/0", "*"})
NOBODY_IN_PARTICULAR = frozenset({"allUsers", "allAuthenticatedUsers", "*"})
WEB = frozenset({"80", "443"})
_BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_OPEN_FLAGS = (
    "publiclyAccessible",
    "mapPublicIpOnLaunch",
    "settings.ipConfiguration.ipv4Enabled",
    "masterAuth.clientCertificateConfig.issueClientCertificate",
)
_CLOSED_FLAGS = {
    "gcp:container/cluster:Cluster": ("privateClusterConfig.enablePrivateNodes",),
    "gcp:container/nodePool:NodePool": ("networkConfig.enablePrivateNodes",),
    "gcp:storage/bucket:Bucket": ("uniformBucketLevelAccess",),
}
_PRIVATE = {
    "gcp:redis/instance:Instance": ("connectMode", "PRIVATE_SERVICE_ACCESS"),
    "gcp:filestore/instance:Instance": ("networks.0.connectMode", "PRIVATE_SERVICE_ACCESS"),
    "gcp:storage/bucket:Bucket": ("publicAccessPrevention", "enforced"),
}
_DOORS = ("aws:lb/loadBalancer:LoadBalancer", "gcp:compute/forwardingRule:ForwardingRule")
# "pkg.dev" is a name of Google's
_SIZES = re.compile(
    r"(^|(?<!pkg)-)(small|medium|large|xlarge|\d*xlarge|enterprise|dev|staging|prod)(-|$)"
)


def open_to_the_world(resources: Sequence[Seen], *, way_in: bool = False) -> Iterator[str]:
    """Yield what the internet can reach; a part that is the way in may let it come to 80 and 443.

    Who may call the Kubernetes API stands on a list, and a list that names everyone is no list.
    """
    closed = {
        one.inputs["bucket"]
        for one in resources
        if one.type.endswith(":BucketPublicAccessBlock")
        and all(one.inputs.get(flag) is True for flag in _BLOCKS)
    }
    for one in resources:
        if any(at(one.inputs, flag) is True for flag in _OPEN_FLAGS):
            yield f"{one.name}: a public address"
        if not all(at(one.inputs, flag) is True for flag in _CLOSED_FLAGS.get(one.type, ())):
            yield f"{one.name}: not private"
        path, wanted = _PRIVATE.get(one.type, ("", None))
        if path and at(one.inputs, path) != wanted:
            yield f"{one.name}: {path} is not {wanted}"
        if one.type == BUCKETS[0] and f"{one.name}-id" not in closed:
            yield f"{one.name}: public access is not blocked"
        if one.type.endswith(":DefaultSecurityGroup") and (
            one.inputs.get("ingress") or one.inputs.get("egress")
        ):
            yield f"{one.name}: the default group lets traffic through"
        if NOBODY_IN_PARTICULAR & {one.inputs.get("member")}:
            yield f"{one.name}: granted to everyone"
        if any(EVERYONE & set(blocks) for blocks in _callers(one)):
            yield f"{one.name}: the Kubernetes API is open"
        if _outward(one) and not way_in:
            yield f"{one.name}: a door to the internet"
        ports = _let_in(one)
        if ports and not (way_in and ports <= WEB):
            yield f"{one.name}: open to everyone at {', '.join(sorted(ports))}"


def _callers(one: Seen) -> Iterator[list[str]]:
    """Yield who may call the API of a cluster; everyone where the list is missing."""
    if one.type == "aws:eks/cluster:Cluster" and at(one.inputs, "vpcConfig.endpointPublicAccess"):
        yield at(one.inputs, "vpcConfig.publicAccessCidrs") or ["*"]
    if one.type == "gcp:container/cluster:Cluster":
        listed = at(one.inputs, "masterAuthorizedNetworksConfig.cidrBlocks")
        private = at(one.inputs, "privateClusterConfig.enablePrivateEndpoint")
        yield [row["cidrBlock"] for row in listed or ()] if listed or private else ["*"]


def _outward(one: Seen) -> bool:
    """Say whether it is a load balancer that the internet reaches."""
    if one.type == _DOORS[0]:
        return one.inputs.get("internal") is not True
    scheme = str(one.inputs.get("loadBalancingScheme", ""))
    return one.type == _DOORS[1] and scheme.startswith("EXTERNAL")


def _let_in(one: Seen) -> set[str]:
    """Return the ports at which a rule lets everyone in; none where it is no such rule."""
    if one.type.endswith(":SecurityGroupIngressRule"):
        blocks = {one.inputs.get("cidrIpv4"), one.inputs.get("cidrIpv6")}
        first, last = one.inputs.get("fromPort"), one.inputs.get("toPort")
        return {str(first) if first == last else f"{first}-{last}"} if EVERYONE & blocks else set()
    if one.type == "gcp:compute/firewall:Firewall" and one.inputs.get("direction") == "INGRESS":
        # a rule that names neither addresses, tags nor accounts as its sources means everyone
        sources = [one.inputs.get(f"source{kind}s") for kind in ("Range", "Tag", "ServiceAccount")]
        everyone = EVERYONE & set(sources[0] or ()) or not any(sources)
        return {
            str(port)
            for rule in one.inputs.get("allows", ())
            for port in (rule.get("ports") or ["all"])
            if everyone
        }
    return set()


def unencrypted(resources: Resources, keys: Resources) -> Iterator[str]:
    """Yield what holds data under another key than one of the platform's."""
    own = {key_id(one) for one in keys if one.type in KEYS}
    by_amazon = {
        one.inputs["accessLogs"]["bucket"] for one in resources if "accessLogs" in one.inputs
    }
    for one in resources:
        paths = ENCRYPTED.get(one.type, ())
        if one.type.endswith(":BucketServerSideEncryptionConfiguration"):
            # Amazon's own key is the only one that a balancer writes its logs under
            paths = () if one.inputs["bucket"] in by_amazon else (DEFAULT_KEY,)
        held = [at(one.inputs, path) for path in paths]
        if not own.issuperset(held) and not under_no_key_of_its_own(one):
            yield f"{one.name}: under {held}"
        if one.type == VOLUMES and not own & {at(one.inputs, path) for path in VOLUME_KEYS}:
            yield f"{one.name}: volumes"
        if not paths and takes_a_key(one.type) and one.type not in {*WITHOUT_KEY, *KEYS}:
            yield f"{one.name}: {one.type} could have a key"
        if one.inputs.get("transitEncryptionEnabled") is False:
            yield f"{one.name}: in clear on its way"


def under_no_key_of_its_own(one: Seen) -> bool:
    """Say whether a replica has its server's key, or a share is of the tiers that take none."""
    if one.type == "gcp:filestore/instance:Instance":
        return str(one.inputs["tier"]).startswith("BASIC_")
    return bool(one.inputs.get("masterInstanceName") or one.inputs.get("replicateSourceDb"))


def wrongly_protected(resources: Sequence[Seen], *, protect: bool) -> Iterator[str]:
    """Yield what could be deleted though the plan protects it, and what is kept though it does not.

    A bucket is emptied by force nowhere but where nothing is protected.
    """
    for one in resources:
        if one.type in HOLDS_DATA and one.protect != protect and not _of_the_network(one):
            yield f"{one.name}: protect is {one.protect}"
        for flag in HOLDS_DATA.get(one.type, ()):
            if bool(at(one.inputs, flag)) != protect:
                yield f"{one.name}: {flag} is {at(one.inputs, flag)}"
        if protect and one.inputs.get("forceDestroy") is True:
            yield f"{one.name}: emptied by force"
        if protect and one.inputs.get("skipFinalSnapshot") is True:
            yield f"{one.name}: goes without a last copy"


def _of_the_network(one: Seen) -> bool:
    """Say whether it is an address that nobody outside has written down: one of the way out."""
    return one.type.endswith(":Address") and "nat" in one.name


def unlabelled(resources: Resources, tags: Mapping[str, str], component: str) -> Iterator[str]:
    """Yield what carries tags or labels, and lacks one of the stack's or the component's."""
    expected = {**tags, "component": component}
    for one in resources:
        carried = [found for path in LABELS if isinstance(found := at(one.inputs, path), dict)]
        if takes_labels(one.type) and not any(expected.items() <= row.items() for row in carried):
            yield f"{one.name}: {carried}"


def in_clear(resources: Resources) -> Iterator[str]:
    """Yield where a secret's value stands in an input that is not marked as one."""
    for one in resources:
        shown = {key: value for key, value in one.inputs.items() if key not in one.secrets}
        text = json.dumps(shown)
        if PROVIDER_KEY in text or GENERATED in text:
            yield one.name


def refused(resources: Resources) -> Iterator[str]:
    """Yield what the cloud would refuse, and by which rule."""
    for one in resources:
        yield from (f"{one.name}: {said}" for said in refusals(one.type, one.inputs))


def orphans(resources: Resources, components: Resources) -> Iterator[str]:
    """Yield what belongs to no component."""
    known = {one.urn for one in components if not one.custom and one.type.startswith("aigw:")}
    yield from (one.name for one in resources if one.custom and one.parent not in known)


def unstable_names(resources: Resources) -> Iterator[str]:
    """Yield logical names that two of a type share, or that say how large or where a stack is."""
    for (kind, name), times in Counter((one.type, one.name) for one in resources).items():
        if times > 1:
            yield f"{name}: {times} of {kind}"
        if _SIZES.search(name):
            yield f"{name}: another tier or environment would replace it"


def too_long(resources: Resources) -> Iterator[str]:
    """Yield physical names that the service would not take."""
    for one in resources:
        path, pattern = NAMES.get(one.type, ("", ""))
        name = one.inputs.get(path)
        if name is not None and not re.fullmatch(pattern, str(name)):
            yield f"{one.name}: {name}"
