"""The catalogue: what dashboards and alerts may ask for, and that it follows what is exported."""

from __future__ import annotations

import re

import pytest

from components.kubernetes import litellm_metrics, metric_catalog
from components.kubernetes.metric_catalog import METRICS, Kind

pytestmark = pytest.mark.cloud_free("a table of what programs export")
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
# a program's own gauge of a store has the store's name as its label
OF_A_STORE = re.compile(r"litellm_(\w+)_size")


def test_every_name_and_label_is_one_that_prometheus_takes() -> None:
    for component in METRICS.values():
        for metric in component.metrics.values():
            assert NAME.fullmatch(metric.name)
            assert all(LABEL.fullmatch(one) for one in metric.labels)


def test_every_component_says_its_version_and_where_its_names_were_read() -> None:
    assert len(METRICS) > 20
    for component in METRICS.values():
        assert component.metrics
        assert component.version
        assert component.source
        assert component.seen


def test_a_histogram_is_asked_by_its_buckets_sum_and_count() -> None:
    first_token = "vllm:time_to_first_token_seconds"
    assert METRICS["vllm"].metrics[first_token].kind is Kind.HISTOGRAM
    assert {f"{first_token}_{one}" for one in ("bucket", "sum", "count")} <= metric_catalog.names()
    assert first_token not in metric_catalog.names()
    assert metric_catalog.labels(f"{first_token}_bucket") >= {"le", "model_name", "pod"}
    assert "le" not in metric_catalog.labels(f"{first_token}_sum")


def test_a_counter_of_the_proxy_ends_as_its_library_writes_it() -> None:
    assert "litellm_spend_metric_total" in metric_catalog.names()
    assert "litellm_spend_metric" not in metric_catalog.names()


def test_a_label_that_the_target_has_as_well_is_found_under_another_name() -> None:
    assert {"endpoint", "exported_endpoint"} <= metric_catalog.labels("rest_responses_total")
    # whose monitor lets its own labels win
    state = metric_catalog.labels("kube_pod_status_phase")
    assert "pod" in state
    assert not [one for one in state if one.startswith("exported_")]


def test_what_nobody_exports_is_an_error() -> None:
    with pytest.raises(KeyError):
        metric_catalog.labels("litellm_imagined")


def test_the_proxy_exports_its_list_and_nothing_else() -> None:
    found = METRICS["litellm"].metrics
    plain = {name.removesuffix("_total"): metric for name, metric in found.items()}
    assert {*plain} == {name.removesuffix("_total") for name in litellm_metrics.METRICS}
    for name, metric in plain.items():
        own = set(litellm_metrics.labels(name, teams=True, keys=True))
        store = OF_A_STORE.fullmatch(name)
        assert metric.labels == own | ({store[1]} if store else set())
