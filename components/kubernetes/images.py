"""What a node pulls for an image's name, and as whom and with which folders the image runs.

With `images.registry` every reference points to a mirror that fills itself on the first pull:

- an ECR registry "<account>.dkr.ecr.<region>.amazonaws.com", with or without "/<prefix>": one
  pull-through cache rule per upstream, whose repository prefix is "<prefix>/<upstream>", with the
  upstreams' names of `UPSTREAMS`;
- an Artifact Registry location "<region>-docker.pkg.dev/<project>/<prefix>": one remote repository
  per upstream, called "<prefix>-<upstream>".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from components.kubernetes.image_facts import FACTS, ImageFacts
from sizing.versions import IMAGES

# Ours: a rule's prefix is free to choose, and stays within 30 characters with short names.
UPSTREAMS: Mapping[str, str] = MappingProxyType(
    {
        "docker.io": "docker-hub",
        "ghcr.io": "ghcr",
        "nvcr.io": "nvcr",
        "public.ecr.aws": "ecr-public",
        "quay.io": "quay",
        "registry.k8s.io": "k8s",
    }
)
# What a pull-through cache rule takes as upstream, of those above; any other URL is refused:
# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html
ECR_UPSTREAMS = frozenset({"docker.io", "ghcr.io", "public.ecr.aws", "quay.io", "registry.k8s.io"})

ECR = re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?(/[a-z0-9._/-]+)?")
ARTIFACT_REGISTRY = re.compile(r"[a-z0-9-]+-docker\.pkg\.dev/[a-z0-9:.-]+/[a-z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageParts:
    """A reference in the pieces that charts ask for; `digest` may be ""."""

    host: str
    path: str
    tag: str
    digest: str

    @property
    def repository(self) -> str:
        """Host and path, without tag."""
        return f"{self.host}/{self.path}"


def facts(name: str) -> ImageFacts:
    """Return as whom an image runs and what it writes.

    Raises:
        KeyError: no image of `sizing.versions.IMAGES` has that name.
    """
    return FACTS[name]


def parts(name: str, registry: str) -> ImageParts:
    """Return where an image is pulled from; an upstream that the mirror refuses stays as it is.

    Args:
        registry: the mirror, "" for none.

    Raises:
        KeyError: no image of `sizing.versions.IMAGES` has that name.
        ValueError: the mirror is neither of ECR nor of Artifact Registry.
    """
    pin = IMAGES[name]
    upstream, _, path = pin.repository.partition("/")
    if not registry or name in unmirrored(registry):
        return ImageParts(host=upstream, path=path, tag=pin.tag, digest=pin.digest)
    host, _, prefix = registry.partition("/")
    joint = "/" if ECR.fullmatch(registry) else "-"
    folder = f"{prefix}{joint}{UPSTREAMS[upstream]}" if prefix else UPSTREAMS[upstream]
    return ImageParts(host=host, path=f"{folder}/{path}", tag=pin.tag, digest=pin.digest)


def reference(name: str, registry: str) -> str:
    """Return "repository:tag@digest", the digest only where it is known.

    Args:
        registry: the mirror, "" for none.

    Raises:
        KeyError: no image of `sizing.versions.IMAGES` has that name.
        ValueError: the mirror is neither of ECR nor of Artifact Registry.
    """
    found = parts(name, registry)
    tagged = f"{found.repository}:{found.tag}"
    return f"{tagged}@{found.digest}" if found.digest else tagged


def unmirrored(registry: str) -> tuple[str, ...]:
    """Return the images that a mirror cannot hold: nodes pull them from their upstream.

    Raises:
        ValueError: the mirror is neither of ECR nor of Artifact Registry.
    """
    if not registry or ARTIFACT_REGISTRY.fullmatch(registry):
        return ()
    if not ECR.fullmatch(registry):
        raise ValueError(
            f"images.registry {registry!r}: expected <account>.dkr.ecr.<region>.amazonaws.com"
            "[/<prefix>] or <region>-docker.pkg.dev/<project>/<prefix>"
        )
    return tuple(
        name
        for name, pin in sorted(IMAGES.items())
        if pin.repository.partition("/")[0] not in ECR_UPSTREAMS
    )
