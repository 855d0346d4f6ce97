"""What keys of a stack's config say together of what runs in the cluster, models aside."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from sizing.words import Cloud
from stacks.config_apps import ApplicationConfig
from stacks.config_errors import Problem
from stacks.config_facts import Facts
from stacks.config_image_checks import check_images
from stacks.config_model_checks import check_models

BOTH_LAYERS: Final = ("infra", "apps")


def check_apps(facts: Facts) -> Iterator[Problem]:
    """Return every problem of layers, images, services, models and providers."""
    return chain(
        _layers(facts),
        check_images(facts),
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
