"""Where every image of a whole stack is pulled from: those of its objects and of its charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from components.kubernetes.images import unmirrored
from sizing.planning.homes import MEMBERS
from sizing.versions import CHARTS, IMAGES, ImagePin
from sizing.words import Cloud
from stacks.config_findings import findings
from stacks.decision import decide
from tests.both_clouds import here
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.kubernetes.charts import keys_of
from tests.kubernetes.images import of_values
from tests.stacks import manifests
from tests.stacks.manifests import Manifest, Rendered, of_file
from tests.stacks.projects import written_stack
from tests.stacks.stack_texts import good
from tests.stacks.test_every_part import platform

ECR = "210987654321.dkr.ecr.us-east-1.amazonaws.com"
ARTIFACTS = "europe-docker.pkg.dev/project/mirror"
OWN = "registry.example.com/"
"""What the stack's file itself writes whole."""
OF_ENTERPRISE = {"thanos"}
"""Image and chart of what the largest tier alone has."""
OF_OTHERS = {
    Cloud.AWS: {"opensearch"},
    Cloud.GCP: {"aws-load-balancer-controller", "cluster-autoscaler", "nvidia-device-plugin"},
}
"""Images and charts of what runs in the cluster only where the cloud does not run it itself."""


@pytest.fixture(scope="module", params=["", ECR, ARTIFACTS])
def mirrored(request: pytest.FixtureRequest, _cloud: None) -> tuple[str, Rendered]:
    """Render a stack with every part on, its images from their own registries or a mirror."""
    registry = str(request.param)
    images = f"\nimages: {{registry: {registry}}}" if registry else ""
    return registry, of_file(written_stack(here(), "large", platform(here()) + images))


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
    elsewhere = OF_ENTERPRISE | OF_OTHERS[here()]
    return [one for name, one in IMAGES.items() if name not in elsewhere]


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
        hosts = {one.repository.partition("/")[0] for one in pinned()}
        assert {one.partition("/")[0] for one in pulled(made)} == hosts
        return
    past = {one.partition(":")[0] for one in pulled(made) if not one.startswith(registry)}
    known = {one.repository for one in pinned()}
    assert past == {IMAGES[name].repository for name in unmirrored(registry)} & known


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
    assert {name for name, _ in charts} == CHARTS.keys() - OF_ENTERPRISE - OF_OTHERS[here()]
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
    return [one.message for one in decide(good(platform)).findings if one.id == "config.images"]


def test_every_image_without_a_digest_is_said() -> None:
    (found,) = (one.message for one in findings(good()) if one.id == "config.image-digests")
    for one in IMAGES.values():
        assert (f"{one.repository}:{one.tag}" in found) is not bool(one.digest)


def test_what_is_pulled_past_the_mirror_is_said() -> None:
    assert images_finding(platform(here())) == []
    (past,) = images_finding(f"{platform(here())}\nimages: {{registry: {ECR}}}")
    assert "registry.example.com/acme/chat:4.5.6" in past
    (past,) = images_finding(f"{platform(here())}\nimages: {{registry: {ARTIFACTS}}}")
    assert "nvcr.io" not in past
    written = (
        f"services: {{application: {{image: '{ECR}/acme/chat:4', port: 8080, cpu: 500m, "
        "memory: 1Gi}}"
    )
    (past,) = images_finding(f"{written}\nimages: {{registry: {ECR}}}")
    assert "chat" not in past


def test_only_what_the_stack_runs_is_said_to_be_pulled_past_the_mirror() -> None:
    mirror = f"images: {{registry: {ECR}}}"
    (past,) = images_finding(mirror)
    assert "nvcr.io/nvidia/k8s/dcgm-exporter" in past
    # GKE offers GPUs by a plugin of its own
    assert ("nvcr.io/nvidia/k8s-device-plugin" in past) is (here() is Cloud.AWS)
    no_gpus = "workload: {shares: {self_hosted: 0}}"
    assert images_finding(f"{no_gpus}\n{mirror}") == []


@pytest.mark.cloud_free("a table of images beside one of workloads")
def test_what_a_mirror_refuses_is_known_by_its_workloads_name() -> None:
    assert set(unmirrored(ECR)) <= {one for names in MEMBERS.values() for one in names}
