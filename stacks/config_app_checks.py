"""What keys of a stack's config say together of what runs in the cluster, models aside."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final, get_args

from sizing.words import Cloud
from stacks.config_apps import ApplicationConfig
from stacks.config_aws import Upstream
from stacks.config_errors import Problem, shown
from stacks.config_facts import Facts
from stacks.config_model_checks import check_models

BOTH_LAYERS: Final = ("infra", "apps")


def check_apps(facts: Facts) -> Iterator[Problem]:
    """Return every problem of layers, images, services, models and providers."""
    return chain(
        _layers(facts),
        _images(facts),
        _application(facts),
        _dashboards(facts),
        _document_db(facts),
        check_models(facts),
    )


def builds_apps(facts: Facts) -> bool:
    """Say whether anything is built inside the cluster."""
    return "apps" in (facts.texts("layers") or BOTH_LAYERS)


def _layers(facts: Facts) -> Iterator[Problem]:
    layers = facts.texts("layers")
    if layers is None:
        return
    if len(set(layers)) != len(layers):
        yield Problem(path="layers", found="a layer twice", allowed="each layer once")
    if layers and "infra" not in layers:
        yield Problem(
            path="layers",
            found="apps without infra",
            allowed="[infra] or [infra, apps]: one stack holds both, and apps stand on infra",
        )


def _dashboards(facts: Facts) -> Iterator[Problem]:
    if facts.value("services.grafana.host") is True and facts.raw.get("ingress") is None:
        yield Problem(
            path="services.grafana.host",
            found="true without ingress",
            allowed="false, or an ingress with the domain that grafana stands before",
        )


def _images(facts: Facts) -> Iterator[Problem]:
    mirrored = facts.value("images.mirror") is True
    given = facts.mapping("images.credentials")
    if mirrored:
        yield from _own_registry(facts)
        known = not any(bad.startswith("images.credentials") for bad in facts.bad)
        for upstream in get_args(Upstream):
            path = f"images.credentials.{upstream}"
            if known and upstream not in given:
                yield Problem(
                    path=path,
                    found="nothing beside mirror: true",
                    allowed="the ARN of a secret: ECR reads this upstream with credentials alone",
                )
    elif given and facts.value("images") is not None:
        yield Problem(
            path="images.credentials",
            found="credentials without mirror: true",
            allowed="none: nothing would read them",
        )
    yield from _foreign(facts)


def _own_registry(facts: Facts) -> Iterator[Problem]:
    account, region = facts.text("account_id"), facts.text("region")
    if account is None or region is None or _is_bad(facts, "images.registry"):
        return
    registry = facts.text("images.registry") or None
    own = f"{account}.dkr.ecr.{region}.amazonaws.com"
    if registry != own:
        yield Problem(
            path="images.registry",
            found=f"{shown(registry)} beside mirror: true",
            allowed=f'"{own}", where the rules are created',
        )


def _foreign(facts: Facts) -> Iterator[Problem]:
    account, region = facts.text("account_id"), facts.text("region")
    for upstream in facts.mapping("images.credentials"):
        path = f"images.credentials.{upstream}"
        arn = facts.text(path)
        if arn is None or account is None or region is None:
            continue
        _, _, _, of_region, of_account, *_ = arn.split(":")
        if (of_region, of_account) != (region, account):
            yield Problem(
                path=path,
                found=f"a secret of account {of_account} in {of_region}",
                allowed=f"one of the stack's account {account} in {region}",
            )


def _application(facts: Facts) -> Iterator[Problem]:
    path = "services.application"
    stated = facts.mapping(path)
    if not stated:
        return
    fields = ApplicationConfig.model_fields
    least, most = (
        facts.value(f"{path}.{name}") if name in stated else fields[name].default
        for name in ("replicas", "maximum")
    )
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Problem(
            path=f"{path}.maximum",
            found=f"{most} beside {least} replicas",
            allowed="at least as many as replicas",
        )
    paths = facts.texts(f"{path}.writable_paths") or ()
    if len(set(paths)) != len(paths):
        yield Problem(path=f"{path}.writable_paths", found="a path twice", allowed="each path once")


def _document_db(facts: Facts) -> Iterator[Problem]:
    cloud = facts.text("cloud") or Cloud.AWS
    if facts.text("document_db") == "documentdb" and cloud != Cloud.AWS:
        yield Problem(
            path="document_db",
            found=f'"documentdb" on {cloud}',
            allowed='"postgresql": only AWS has the other',
        )


def _is_bad(facts: Facts, path: str) -> bool:
    return any(bad == path or path.startswith(f"{bad}.") for bad in facts.bad)
