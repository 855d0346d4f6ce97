"""Where every image of a whole stack is pulled from: those of its objects and of its charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from components.kubernetes.images import unmirrored
from sizing.versions import CHARTS, IMAGES, ImagePin
from stacks.config_findings import findings
from tests.kubernetes.charts import keys_of
from tests.kubernetes.images import of_values
from tests.stacks import manifests
from tests.stacks.manifests import Manifest, Rendered
from tests.stacks.stack_texts import good, stack_text
from tests.stacks.test_every_part import PLATFORM

ECR = "210987654321.dkr.ecr.us-east-1.amazonaws.com"
ARTIFACTS = "europe-docker.pkg.dev/project/mirror"
OWN = "registry.example.com/"
"""What the stack's file itself writes whole."""
OF_ENTERPRISE = {"thanos"}
"""Image and chart of what the largest tier alone has."""
OF_GOOGLE = {"opensearch"}
"""Images of what runs in the cluster only where the cloud does not sell it."""


@pytest.fixture(scope="module", params=["", ECR, ARTIFACTS])
def mirrored(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Rendered]]:
    """Render a stack with every part on, its images from their own registries or a mirror."""
    registry = str(request.param)
    file = tmp_path_factory.mktemp("project") / "stacks" / "Pulumi.prod-large.yaml"
    file.parent.mkdir()
    (file.parents[1] / "Pulumi.yaml").write_text(
        (Path(__file__).parents[2] / "Pulumi.yaml").read_text()
    )
    images = f"\nimages: {{registry: {registry}}}" if registry else ""
    file.write_text(stack_text(PLATFORM + images))
    name = f"mirrored by {registry}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifests, "stack_files", lambda: {name: file})
        yield registry, manifests.rendered(name)


def of_objects(value: object) -> Iterator[str]:
    """Return whatever any field called "image" of an object says, of pods and of operators' own."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key == "image" and isinstance(item, str):
                yield item
            else:
                yield from of_objects(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from of_objects(item)


def pulled(made: Rendered) -> set[str]:
    """Return every image of a stack, but those that its file writes whole."""
    objects = {image for one in made.objects for image in of_objects(one)}
    charts = {image for said in made.charts.values() for image in of_values(said)}
    return {one for one in objects | charts if not one.startswith(OWN)}


def pinned() -> list[ImagePin]:
    return [one for name, one in IMAGES.items() if name not in OF_ENTERPRISE | OF_GOOGLE]


def test_every_pinned_image_is_used_by_its_tag_and_digest(
    mirrored: tuple[str, Rendered],
) -> None:
    tails = {f":{one.tag}{'@' * bool(one.digest)}{one.digest}" for one in pinned()}
    found = {one[one.index(":") :] for one in pulled(mirrored[1])}
    assert found == tails


def test_every_image_is_pulled_through_the_mirror_where_there_is_one(
    mirrored: tuple[str, Rendered],
) -> None:
    registry, made = mirrored
    if not registry:
        hosts = {one.repository.partition("/")[0] for one in IMAGES.values()}
        assert {one.partition("/")[0] for one in pulled(made)} == hosts
        return
    past = {one.partition(":")[0] for one in pulled(made) if not one.startswith(registry)}
    assert past == {IMAGES[name].repository for name in unmirrored(registry)}


def off(said: Manifest, path: str) -> bool:
    """Say whether values switch a part off that stands above a path."""
    at: object = said
    for word in path.split("."):
        at = at.get(word) if isinstance(at, Mapping) else None
        if isinstance(at, Mapping) and at.get("enabled") is False:
            return True
    return False


def test_no_chart_starts_an_image_that_is_not_named(mirrored: tuple[str, Rendered]) -> None:
    releases = [one for one in mirrored[1].recording.resources if one.type == manifests.RELEASE]
    charts = [
        # where a chart is there twice, each release has a name of its own
        (str(one.inputs["chart"]).rpartition("/")[2], manifests.values(one))
        for one in releases
    ]
    assert {name for name, _ in charts} == CHARTS.keys() - OF_ENTERPRISE
    unnamed = {
        f"{name}: {path}"
        for name, said in charts
        for path in keys_of(name).read
        if path.endswith(".repository") and "image" in path.lower()
        if not off(said, path) and not named(said, path)
    }
    # what the operator would start for objects that nobody makes
    assert unnamed == {
        "kube-prometheus-stack: thanosRuler.thanosRulerSpec.image.repository",
        "kube-prometheus-stack: prometheusOperator.thanosImage.repository",
        # of dashboards that are fetched or looked for; ours are files
        "grafana: downloadDashboardsImage.repository",
        "grafana: sidecar.image.repository",
        # of a fix of rights on sensors that is off
        "prometheus-node-exporter: permissionInitContainer.image.repository",
    }


def named(said: Manifest, path: str) -> bool:
    """Say whether values say something at a path."""
    at: object = said
    for word in path.split("."):
        at = at.get(word) if isinstance(at, Mapping) else None
    return at is not None


def images_finding(platform: str) -> list[str]:
    return [one.message for one in findings(good(platform)) if one.id == "config.images"]


def test_every_image_without_a_digest_is_said() -> None:
    (found,) = (one.message for one in findings(good()) if one.id == "config.image-digests")
    for one in IMAGES.values():
        assert (f"{one.repository}:{one.tag}" in found) is not bool(one.digest)


def test_what_is_pulled_past_the_mirror_is_said() -> None:
    assert images_finding(PLATFORM) == []
    (past,) = images_finding(f"{PLATFORM}\nimages: {{registry: {ECR}}}")
    assert "nvcr.io/nvidia/k8s-device-plugin" in past
    assert "registry.example.com/acme/chat:4.5.6" in past
    (past,) = images_finding(f"{PLATFORM}\nimages: {{registry: {ARTIFACTS}}}")
    assert "nvcr.io" not in past
    written = (
        f"services: {{application: {{image: '{ECR}/acme/chat:4', port: 8080, cpu: 500m, "
        "memory: 1Gi}}"
    )
    (past,) = images_finding(f"{written}\nimages: {{registry: {ECR}}}")
    assert "chat" not in past
