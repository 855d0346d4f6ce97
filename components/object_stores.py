"""The kinds of object storage that programs here speak to, whichever cloud keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from sizing.words import Cloud


class ObjectStore(StrEnum):
    """How a bucket is spoken to."""

    S3 = "s3"
    GCS = "gcs"

    @property
    def scheme(self) -> str:
        """What addresses of its objects begin with, as programs take them ("gs://...")."""
        return _SCHEMES[self]


OF_CLOUD: Mapping[Cloud, ObjectStore] = MappingProxyType(
    {Cloud.AWS: ObjectStore.S3, Cloud.GCP: ObjectStore.GCS}
)
"""What a cloud's own buckets speak."""
_SCHEMES = {ObjectStore.S3: "s3", ObjectStore.GCS: "gs"}
