"""The stores of a platform on AWS, from plans made by hand."""

from __future__ import annotations

from components.aws.backups import Backups, BackupsArgs
from components.aws.cache import Cache, CacheArgs
from components.aws.document_db import DocumentDb, DocumentDbArgs
from components.aws.files import Files, FilesArgs
from components.aws.objects import Objects, ObjectsArgs
from components.aws.postgres import Postgres, PostgresArgs
from components.aws.search import Search, SearchArgs
from sizing.plans import BackupPlan, BucketPlan, CachePlan, FilesPlan, PostgresPlan, SearchPlan
from sizing.plans.edge import DocumentDatabasePlan
from sizing.words import CacheRole
from tests.components.aws import edge_plans
from tests.components.aws import store_plans as known
from tests.components.support import ACCOUNT, REGION, TAGS, Recorder, Registered, record

ROLE = "arn:aws:iam::123456789012:role/csi"
INSTANCE = "aws:rds/instance:Instance"
CLUSTER = "aws:rds/cluster:Cluster"


def postgres(plan: PostgresPlan, *, protect: bool = True) -> Recorder:
    args = PostgresArgs(
        plan=plan,
        stack=known.STACK,
        region=REGION,
        account_id=ACCOUNT,
        vpc_id="vpc-1",
        subnet_ids=known.SUBNETS,
        client_security_group_ids=known.CLIENTS,
        data_key_arn=known.DATA_KEY,
        logs_key_arn=known.LOGS_KEY,
        iam=known.IAM,
        tags=TAGS,
        protect=protect,
    )
    return record(lambda: Postgres("postgres", args))


def server(recorder: Recorder) -> Registered:
    """Return the server, of whichever kind."""
    (found,) = [*recorder.all(INSTANCE), *recorder.all(CLUSTER)]
    return found


def cache(plan: CachePlan, *, protect: bool = True) -> Recorder:
    args = CacheArgs(
        plan=plan,
        stack=known.STACK,
        vpc_id="vpc-1",
        subnet_ids=known.SUBNETS,
        client_security_group_ids=known.CLIENTS,
        data_key_arn=known.DATA_KEY,
        logs_key_arn=known.LOGS_KEY,
        tags=TAGS,
        protect=protect,
    )
    return record(lambda: Cache(f"cache-{plan.role.value}", args))


def sharded() -> CachePlan:
    return known.cache(CacheRole.CACHE, shards=3, replicas=1, cluster=True)


def files(
    plan: FilesPlan, *, roles: dict[str, str] | None = None, protect: bool = True
) -> Recorder:
    args = FilesArgs(
        plan=plan,
        stack=known.STACK,
        vpc_id="vpc-1",
        subnet_ids=known.SUBNETS,
        client_security_group_ids=known.CLIENTS,
        client_role_arns={"csi": ROLE} if roles is None else roles,
        data_key_arn=known.DATA_KEY,
        tags=TAGS,
        protect=protect,
    )
    return record(lambda: Files("files", args))


def objects(*plans: BucketPlan, protect: bool = True) -> Recorder:
    args = ObjectsArgs(
        plans=plans,
        stack=known.STACK,
        objects_key_arn=known.OBJECTS_KEY,
        tags=TAGS,
        protect=protect,
    )
    return record(lambda: Objects("objects", args))


def backups(plan: BackupPlan, *, protect: bool = True) -> Recorder:
    args = BackupsArgs(
        plan=plan,
        stack=known.STACK,
        region=REGION,
        data_key_arn=known.DATA_KEY,
        iam=known.IAM,
        tags=TAGS,
        protect=protect,
    )
    return record(lambda: Backups("backups", args))


def search(plan: SearchPlan, *, protect: bool = True) -> Recorder:
    args = SearchArgs(
        plan=plan,
        stack=known.STACK,
        region=REGION,
        account_id=ACCOUNT,
        vpc_id="vpc-1",
        subnet_ids=known.SUBNETS,
        client_security_group_ids=known.CLIENTS,
        administrator="data/search-setup",
        data_key_arn=known.DATA_KEY,
        logs_key_arn=known.LOGS_KEY,
        iam=known.IAM,
        tags=TAGS,
        protect=protect,
    )
    return record(lambda: Search("search", args))


def document_arguments(
    plan: DocumentDatabasePlan | None = None, *, protect: bool = True
) -> DocumentDbArgs:
    return DocumentDbArgs(
        plan=plan or edge_plans.documents(),
        stack=known.STACK,
        vpc_id="vpc-1",
        subnet_ids=known.SUBNETS,
        client_security_group_ids=known.CLIENTS,
        data_key_arn=known.DATA_KEY,
        logs_key_arn=known.LOGS_KEY,
        tags=TAGS,
        protect=protect,
    )


def documents(plan: DocumentDatabasePlan | None = None, *, protect: bool = True) -> Recorder:
    return record(lambda: DocumentDb("documents", document_arguments(plan, protect=protect)))
