"""What the pages' `kubectl` lines name is there: namespaces, objects, labels and ports.

Names are looked for in what prod stacks create with every part switched on, on either cloud, and in
enterprise: objects that the program makes, and pods that the plan has of charts. A name that a
reader fills in, and what another line of the pages makes, are left out. Ports are compared where
the object is the program's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from preview.docs.shell import FILLED, calls
from sizing.words import Environment
from stacks.config import load
from stacks.decision import decide
from tests.docs import pages, programs
from tests.stacks import manifests
from tests.stacks.projects import written_stack
from tests.stacks.test_every_part import EVERY_PART, EVERY_PART_OF_GOOGLE, TEXTS

KINDS = {
    "deploy": "Deployment",
    "deployment": "Deployment",
    "statefulset": "StatefulSet",
    "ds": "DaemonSet",
    "svc": "Service",
    "job": "Job",
    "cronjob": "CronJob",
    "secret": "Secret",
    "externalsecret": "ExternalSecret",
    "scaledobject": "ScaledObject",
    "pod": "Pod",
    "pvc": "PersistentVolumeClaim",
}
NAMED = re.compile(rf"^(?:--from=)?(?P<kind>{'|'.join(KINDS)})/(?P<name>[\w.-]+)$")
NAME = re.compile(r"^[a-z][a-z0-9-]*$")
LABEL = re.compile(r"app\.kubernetes\.io/name=(?P<name>[a-z][a-z0-9-]*)")
OF_A_SET = re.compile(r"^(?:data-)?(?P<set>[a-z-]+)-\d$")
PORTS = re.compile(r"^(?:\d+:)?(?P<port>\d+)$")
UNDECLARED = {15000}
"""Ports on a container's loopback, which it declares nowhere: the agent gateway's inspector."""
OF_PODS = {"exec", "logs", "port-forward", "cp"}
TELLING_KIND = {"get", "delete", "describe", "patch", "annotate"}


@cache
def stacks() -> tuple[manifests.Rendered, ...]:
    """Return the stacks that names are looked for in."""
    whole = [written_stack(*TEXTS[name]) for name in (EVERY_PART, EVERY_PART_OF_GOOGLE)]
    return (*map(manifests.of_file, whole), manifests.rendered("prod-enterprise"))


@cache
def known() -> frozenset[str]:
    """Return "<namespace>/<name>" of all that is there; pods by the set or workload they are of."""
    found = set()
    for stack in stacks():
        for one in stack.objects:
            found.add(manifests.place(one))
            if one["kind"] in {"Prometheus", "Alertmanager"}:  # the operator names its sets so
                space, _, name = manifests.place(one).partition("/")
                found.add(f"{space}/{one['kind'].lower()}-{name}")
    files = [written_stack(*TEXTS[name]) for name in (EVERY_PART, EVERY_PART_OF_GOOGLE)]
    for plan in (decide(load(file)).plan for file in files):
        found |= {f"{one.namespace}/{one.name}" for one in plan.services}
        found |= {f"{one.namespace}/{one.name}" for one in plan.helpers}
    return frozenset(found)


@cache
def kubectl() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return every call of kubectl, with its page."""
    texts = [(place, command.text) for place, command in pages.every_command()]
    texts += [(place, code) for place, code in pages.every_span() if "kubectl " in code]
    return tuple(
        dict.fromkeys(
            (place.partition(":")[0], call.words)
            for place, text in texts
            for call in calls(text)
            if call.program == "kubectl"
        )
    )


def space(words: Sequence[str]) -> str:
    """Return the namespace that a call names, "" where it names none or a variable."""
    told = words[words.index("-n") + 1] if "-n" in words else ""
    return "" if FILLED in told or "$" in told else told


def references(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield kind and name of what a call names; the kind is "" for a pod and for a label."""
    own = programs.arguments(words)
    verb, rest = own[0], own[1:]
    for word in rest:
        if told := NAMED.match(word):
            yield KINDS[told["kind"]], told["name"]
        for label in LABEL.finditer(word):
            yield "", label["name"]
    at = 1 if verb == "rollout" else 0
    if verb in TELLING_KIND | {"rollout"} and rest[at : at + 1] and rest[at] in KINDS:
        names = rest[at + 1 : at + 2]
        yield from ((KINDS[rest[at]], one) for one in names if NAME.match(one))
    if verb in OF_PODS:
        pods = [one.partition(":")[0] for one in rest[:2] if OF_A_SET.match(one.partition(":")[0])]
        yield from (("Pod", one) for one in pods)


def made() -> frozenset[str]:
    """Return the names of jobs that lines of the pages make."""
    return frozenset(
        words[-1] for _, words in kubectl() if programs.arguments(words)[:2] == ["create", "job"]
    )


def missing(words: Sequence[str]) -> list[str]:
    """Return what a call names that is nowhere."""
    where, found = space(words), []
    spaces = {one.partition("/")[0] for one in known()}
    if where and where not in spaces:
        found.append(where)
    for kind, name in references(words):
        member = OF_A_SET.match(name)
        plain = member["set"] if member and kind in {"Pod", "PersistentVolumeClaim"} else name
        places = {one for one in known() if one.endswith(f"/{plain}")}
        there = f"{where}/{plain}" in places if where else bool(places)
        if not there and name not in made() and FILLED not in name:
            found.append(f"{kind} {name}".strip())
    return found


def test_what_the_lines_name_is_there() -> None:
    # one test: stacks are rendered by one worker, not by each
    wrong = {(page, " ".join(words)): missing(words) for page, words in kubectl()}
    assert {line: found for line, found in wrong.items() if found} == {}


def offered(kind: str, name: str) -> frozenset[int]:
    """Return the ports of an object of the program's own, none where it is a chart's."""
    found: set[int] = set()
    for stack in stacks():
        for one in stack.of(kind):
            if manifests.place(one).endswith(f"/{name}") and kind == "Service":
                found |= {int(port["port"]) for port in one["spec"]["ports"]}
            elif manifests.place(one).endswith(f"/{name}"):
                every = (
                    port for each in manifests.containers(one) for port in each.get("ports", ())
                )
                found |= {int(port["containerPort"]) for port in every}
    return frozenset(found)


def forwarding() -> list[tuple[str, tuple[str, ...]]]:
    """Return the calls that forward a port."""
    return [one for one in kubectl() if programs.arguments(one[1])[0] == "port-forward"]


def refused(words: Sequence[str]) -> list[int]:
    """Return the ports that a call forwards and that nothing offers."""
    asked = {int(told["port"]) for one in words if (told := PORTS.match(one))}
    for kind, name in references(words):
        member = OF_A_SET.match(name)
        ports = offered("StatefulSet" if kind == "Pod" else kind, member["set"] if member else name)
        asked -= ports or asked
    return sorted(asked - set(UNDECLARED))


def test_the_ports_that_the_lines_forward_are_some() -> None:
    wrong = {(page, " ".join(words)): refused(words) for page, words in forwarding()}
    assert {line: found for line, found in wrong.items() if found} == {}


def test_a_name_and_a_port_that_are_not_there_are_seen() -> None:
    line, data = ("kubectl", "-n", "prod-gateway"), ("kubectl", "-n", "prod-data")
    assert missing((*line, "logs", "deploy/litellm")) == []
    assert missing((*line, "logs", "deploy/lite-llm")) == ["Deployment lite-llm"]
    assert missing((*line, "get", "secret", "no-such")) == ["Secret no-such"]
    assert missing((*data, "logs", "deploy/litellm")) == ["Deployment litellm"]
    assert missing(("kubectl", "-n", "prod-gate", "get", "pods")) == ["prod-gate"]
    assert missing((*data, "delete", "pod", "vault-0")) == ["Pod vault-0"]
    assert refused((*line, "port-forward", "svc/litellm", "4000")) == []
    assert refused((*data, "port-forward", "deploy/pgbouncer", "6432:6432")) == [6432]
    assert refused((*data, "port-forward", "qdrant-0", "6334:6333")) == []


def test_lines_are_of_prod() -> None:
    spaces = {space(words) for _, words in kubectl()} - {""}
    shared = {"node-system", "platform-system", "kube-system", "gpu-system"}
    prefix = f"{Environment.PROD}-"
    assert {one for one in spaces if not one.startswith(prefix)} <= shared
