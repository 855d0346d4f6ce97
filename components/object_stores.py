"""The kinds of object storage that programs here speak to, whichever cloud keeps it."""

from __future__ import annotations

from enum import StrEnum


class ObjectStore(StrEnum):
    """How a bucket is spoken to."""

    S3 = "s3"
    GCS = "gcs"

    @property
    def scheme(self) -> str:
        """What addresses of its objects begin with, as programs take them ("gs://...")."""
        return _SCHEMES[self]


_SCHEMES = {ObjectStore.S3: "s3", ObjectStore.GCS: "gs"}
