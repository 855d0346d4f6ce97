"""Panels of what is searched: OpenSearch and the vector database."""

from __future__ import annotations

from components.kubernetes.dashboards.facts import Facts, steps, within
from components.kubernetes.dashboards.model import Colour, Graph, Query, Step, Unit
from components.kubernetes.dashboards.promql import percentiles, planned, quantile, rate

RESTING = (Step(value=1, colour=Colour.CRITICAL),)


def search() -> tuple[Graph, ...]:
    """Return the panels of OpenSearch."""
    heap = '{area="heap"}'
    return (
        Graph(
            title="Health",
            description="1 for the colour that the cluster has.",
            queries=(
                Query(
                    expr="max by (color) (elasticsearch_cluster_health_status)", legend="{{color}}"
                ),
            ),
        ),
        Graph(
            title="Heap in use",
            queries=(
                Query(
                    expr=f"max by (name) (elasticsearch_jvm_memory_used_bytes{heap} / "
                    f"elasticsearch_jvm_memory_max_bytes{heap})",
                    legend="{{name}}",
                ),
            ),
            unit=Unit.SHARE,
            steps=steps("memory"),
        ),
        Graph(
            title="Disk in use",
            queries=(
                Query(
                    expr="max by (name) (1 - elasticsearch_filesystem_data_available_bytes / "
                    "elasticsearch_filesystem_data_size_bytes)",
                    legend="{{name}}",
                ),
            ),
            unit=Unit.SHARE,
            steps=steps("volume"),
        ),
        Graph(
            title="Searches and documents written",
            queries=(
                Query(expr=rate("elasticsearch_indices_search_query_total"), legend="searches"),
                Query(expr=rate("elasticsearch_indices_indexing_index_total"), legend="written"),
            ),
            unit=Unit.OPERATIONS,
        ),
        Graph(
            title="Shards nobody holds",
            queries=(
                Query(
                    expr="max(elasticsearch_cluster_health_unassigned_shards)", legend="unassigned"
                ),
            ),
            steps=RESTING,
        ),
        Graph(
            title="Work refused",
            queries=(
                Query(
                    expr=rate("elasticsearch_thread_pool_rejected_count", ["type"]),
                    legend="{{type}}",
                ),
            ),
            unit=Unit.OPERATIONS,
        ),
    )


def vectors(facts: Facts) -> tuple[Graph, ...]:
    """Return the panels of Qdrant."""
    service = '{service="qdrant"}'
    member = facts.services["qdrant"].memory_limit_bytes
    return (
        Graph(
            title="Memory of a member",
            queries=(
                Query(expr=f"max by (pod) (memory_resident_bytes{service})", legend="{{pod}}"),
                planned(member, "limit"),
            ),
            unit=Unit.BYTES,
            steps=within(member),
        ),
        Graph(
            title="Vectors",
            queries=(
                Query(expr="max by (collection) (collection_vectors)", legend="{{collection}}"),
                planned(facts.plan.request.load.vectors, "planned"),
            ),
            stacked=True,
        ),
        Graph(
            title="Searches",
            queries=(
                *percentiles("rest_responses_duration_seconds", of=service),
                Query(
                    expr=quantile(0.95, "grpc_responses_duration_seconds", of=service),
                    legend="P95 of gRPC",
                ),
            ),
            unit=Unit.SECONDS,
        ),
        Graph(
            title="Copies that are dead",
            queries=(Query(expr="max(collection_dead_replicas)", legend="dead"),),
            steps=RESTING,
        ),
    )
