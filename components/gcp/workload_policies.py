"""What each workload of the platform may do on Google Cloud, in the words of `Right`.

A workload that is not here gets none: GKE runs the autoscaler, the balancers' controller and the
drivers of volumes itself, and the search store stands in the cluster. Nobody gets a key of
objects or secrets: the services' own agents encrypt and decrypt for whoever may read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.gcp.workload_identity import Condition, Right, Target

SNAPSHOTS = "storage/snapshots/"
"""Where in the bucket the vector database keeps its snapshots: below its own folder's name."""
VAULT_SNAPSHOTS = "vault/"
"""Folder of the bucket for backups in which snapshots of the secret store stand."""

MODEL_CALLER = "aigwModelCaller"
"""The bootstrap's own role of a project: Google's narrowest that asks models makes datasets and
agents as well. https://docs.cloud.google.com/vertex-ai/generative-ai/docs/access-control"""
ASKS_MODELS = ("aiplatform.endpoints.predict",)
"""Its permissions."""

# Lists and reads objects.
READS = "roles/storage.objectViewer"
# Looks at a bucket itself, and lists its objects.
LOOKS_AT_BUCKET = "roles/storage.legacyBucketReader"
# Lists, reads, writes and deletes them; nothing of the bucket itself. To write over an object is
# to delete it here, so whoever may have to repeat an upload needs no less.
CHANGES = "roles/storage.objectUser"
# Writes new ones, and can neither read them nor write over any.
ADDS = "roles/storage.objectCreator"
READS_SECRET = "roles/secretmanager.secretAccessor"
ADDS_SECRET_VERSION = "roles/secretmanager.secretVersionAdder"
USES_KEY = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
LOOKS_AT_KEY = "roles/cloudkms.viewer"


def named_secret(project: str, name: str) -> str:
    """Return the id of a secret that somebody else made; a whole id stays what it is."""
    return name if name.startswith("projects/") else f"projects/{project}/secrets/{name}"


def secret_store_rights(
    made: Mapping[str, pulumi.Input[str]], existing: Sequence[str], *, project: str
) -> list[Right]:
    """Return what the secrets' operator does: it reads the stack's own secrets, and no others.

    Args:
        made: ids of the secrets that the stack makes, by their names in it.
        existing: names of secrets that the config points to.

    Raises:
        ValueError: nothing to read.
    """
    if not made and not existing:
        raise ValueError("an operator without a secret to read needs no rights")
    own = [_secret(f"reads-{name}", id_, READS_SECRET) for name, id_ in sorted(made.items())]
    others = [
        _secret(f"reads-named-{name.replace('/', '-')}", named_secret(project, name), READS_SECRET)
        for name in sorted(set(existing))
    ]
    return [*own, *others]


def model_reader_rights(bucket: pulumi.Input[str]) -> list[Right]:
    """Return what engines do with the bucket of weights: they read.

    Their loader looks at the bucket before it lists what is in it (run-ai/runai-model-streamer
    0.17, files.py: get_bucket), which who reads objects may not.
    """
    return [_bucket("reads", bucket, READS), _bucket("looks", bucket, LOOKS_AT_BUCKET)]


def model_writer_rights(bucket: pulumi.Input[str]) -> list[Right]:
    """Return what the jobs do that fill the bucket of weights; its versions outlive them."""
    return [_bucket("fills", bucket, CHANGES)]


def snapshot_rights(bucket: pulumi.Input[str], prefix: str = SNAPSHOTS) -> list[Right]:
    """Return what the vector database does in its part of the bucket: snapshots come and go.

    Raises:
        ValueError: a prefix that does not end in "/" would cover its neighbours' objects.
    """
    return [_bucket("snapshots", bucket, CHANGES, below(bucket, prefix))]


def model_caller(project: str) -> str:
    """Return the role of a project that asks models of Vertex AI, and does nothing else."""
    return f"projects/{project}/roles/{MODEL_CALLER}"


def model_asking_rights(project: str) -> list[Right]:
    """Return what a proxy does with models of Vertex AI: it asks them.

    Publishers' models have no policies of their own, so that it may ask each that the project has;
    an organisation's policy can name them (constraints/vertexai.allowedModels).

    Args:
        project: whose quota answers, and who pays.
    """
    role = model_caller(project)
    return [Right(name="asks", target=Target.PROJECT, resource=project, role=role)]


def application_rights(buckets: Mapping[str, pulumi.Input[str]]) -> list[Right]:
    """Return what an application does with its buckets: it reads and changes them."""
    return [_bucket(f"changes-{name}", bucket, CHANGES) for name, bucket in sorted(buckets.items())]


def shipper_rights(bucket: pulumi.Input[str]) -> list[Right]:
    """Return what a sidecar does with the bucket of metrics: it brings blocks.

    One that was brought in part is brought again, over what is there already.
    """
    return [_bucket("brings", bucket, CHANGES)]


def store_rights(bucket: pulumi.Input[str]) -> list[Right]:
    """Return what the store gateway does with the bucket of metrics: it reads."""
    return [_bucket("reads", bucket, READS)]


def compactor_rights(bucket: pulumi.Input[str]) -> list[Right]:
    """Return what the compactor does with the bucket of metrics: blocks come and go."""
    return [_bucket("compacts", bucket, CHANGES)]


def vault_server_rights(key_id: pulumi.Input[str]) -> list[Right]:
    """Return what a server of the secret store does: it looks its key up and opens itself by it."""
    return [
        Right(name="opens", target=Target.KEY, resource=key_id, role=USES_KEY),
        Right(name="looks", target=Target.KEY, resource=key_id, role=LOOKS_AT_KEY),
    ]


def vault_setup_rights(
    recovery_id: pulumi.Input[str], session_id: pulumi.Input[str]
) -> list[Right]:
    """Return what the set-up does: it stores recovery keys, and both stores and reads its token.

    Args:
        recovery_id: secret of the recovery keys, which it can never read.
        session_id: secret of the first token, which it clears once it needs it no longer.
    """
    return [
        _secret("keeps-recovery", recovery_id, ADDS_SECRET_VERSION),
        *_kept("session", session_id),
    ]


def vault_certificate_rights(
    server_id: pulumi.Input[str], authority_id: pulumi.Input[str]
) -> list[Right]:
    """Return what makes certificates: it reads and stores the servers' and the authority's."""
    return [*_kept("server", server_id), *_kept("authority", authority_id)]


def search_certificate_rights(
    members_id: pulumi.Input[str],
    authority_id: pulumi.Input[str],
    trusted_id: pulumi.Input[str],
) -> list[Right]:
    """Return what makes certificates of the search engine: it reads and stores its secrets.

    Args:
        members_id: secret of the members' certificate.
        authority_id: of the key that signs it.
        trusted_id: of whom to trust, for those who ask.
    """
    return [
        *_kept("members", members_id),
        *_kept("authority", authority_id),
        *_kept("trusted", trusted_id),
    ]


def vault_snapshot_rights(buckets: Mapping[str, pulumi.Input[str]]) -> list[Right]:
    """Return what the snapshots' job does: it adds objects below its folder, and takes none away.

    It reads none either: whoever restores is a person with rights of their own.

    Args:
        buckets: names of the buckets by a stable name ("here", "there").
    """
    return [
        _bucket(f"stores-{name}", bucket, ADDS, below(bucket, VAULT_SNAPSHOTS))
        for name, bucket in sorted(buckets.items())
    ]


def below(bucket: pulumi.Input[str], prefix: str) -> Condition:
    """Return what holds for a folder's objects, and for lists that ask for no others.

    Raises:
        ValueError: a prefix that is no folder, or that would end the expression's text.
    """
    if not prefix.endswith("/") or '"' in prefix:
        raise ValueError(f"{prefix!r} is no folder: it must end in /")
    objects = pulumi.Output.concat(
        'resource.name.startsWith("projects/_/buckets/', bucket, f'/objects/{prefix}")'
    )
    lists = (
        f'api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("{prefix}")'
    )
    return Condition(
        title=f"below {prefix}", expression=pulumi.Output.concat(objects, f" || {lists}")
    )


def _bucket(
    name: str, bucket: pulumi.Input[str], role: str, condition: Condition | None = None
) -> Right:
    return Right(name=name, target=Target.BUCKET, resource=bucket, role=role, condition=condition)


def _secret(name: str, secret_id: pulumi.Input[str], role: str) -> Right:
    return Right(name=name, target=Target.SECRET, resource=secret_id, role=role)


def _kept(name: str, secret_id: pulumi.Input[str]) -> list[Right]:
    return [
        _secret(f"reads-{name}", secret_id, READS_SECRET),
        _secret(f"keeps-{name}", secret_id, ADDS_SECRET_VERSION),
    ]
