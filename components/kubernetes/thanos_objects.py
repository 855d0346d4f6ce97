"""Where Thanos keeps blocks of metrics, as its programs are told. Pure: no key stands in it.

Whoever writes or reads proves who it is by its pod's own identity (`aws_sdk_auth`); the bucket
encrypts by itself (docs/storage.md of Thanos v0.42).
"""

from __future__ import annotations

import json

KEY = "objstore.yml"


def text(bucket: str, region: str) -> str:
    """Return the configuration of a bucket of S3; JSON is YAML as well."""
    return json.dumps(
        {
            "type": "S3",
            "config": {
                "bucket": bucket,
                "endpoint": f"s3.{region}.amazonaws.com",
                "region": region,
                "aws_sdk_auth": True,
            },
        }
    )


def text_of_google(bucket: str) -> str:
    """Return the configuration of a bucket of Cloud Storage, read and written as the pod itself.

    Without a key of an account the programs use the credentials of where they run.
    """
    return json.dumps({"type": "GCS", "config": {"bucket": bucket}})
