"""The catalogue against what its sources say, and its rows against each other."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sizing.catalog import (
    UnknownNameError,
    cache_node,
    cache_nodes,
    control_plane_refused_zone_ids,
    eks_support,
    instance,
    instances,
    llm_price,
    llm_prices,
    price,
    price_items,
    rds_class,
    rds_classes,
    region_zone_ids,
    regions,
    search_node,
    search_nodes,
)
from sizing.sources import source, sources
from sizing.units import GIB
from sizing.words import Cloud, PostgresForm

pytestmark = pytest.mark.cloud_free("tables of both clouds, each beside its own sources")

SIZING = Path(__file__).parents[2] / "sizing"
DATA = SIZING / "catalog" / "data"
ISO = re.compile(r"20[0-3]\d(-[01]\d(-[0-3]\d)?)?")
AWS_REGIONS = ("eu-west-1", "us-east-1", "us-west-2")


def source_ids_of_data() -> Iterator[tuple[str, str]]:
    """Yield (where, id) for every id that a packaged row names."""

    def walk(where: str, value: object) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            for key, child in value.items():
                if key == "source" and child is not None:
                    yield where, child
                elif key == "sources":
                    yield from ((where, each) for each in child.values())
                else:
                    yield from walk(where, child)
        elif isinstance(value, list):
            for child in value:
                name = child.get("name", child.get("item")) if isinstance(child, dict) else ""
                yield from walk(f"{where} {name}", child)

    for path in sorted(DATA.glob("*.json")):
        if path.name != "sources.json":
            yield from walk(path.name, json.loads(path.read_text()))


def source_ids_of_figures() -> Iterator[tuple[str, str]]:
    """Yield (where, id) for every literal source of a Figure, a Source or a rule in sizing."""
    for path in sorted(SIZING.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            for keyword in node.keywords:
                if keyword.arg == "source" and isinstance(keyword.value, ast.Constant):
                    yield f"{path.name}:{node.lineno}", str(keyword.value.value)


def test_every_row_names_sources_that_exist() -> None:
    rows = list(source_ids_of_data())
    assert len(rows) > len(sources())
    assert {where: each for where, each in rows if each not in sources()} == {}


def test_every_figure_names_a_source_that_exists() -> None:
    figures = list(source_ids_of_figures())
    assert figures
    assert {where: each for where, each in figures if each not in sources()} == {}


def test_every_source_says_what_where_and_when() -> None:
    for each in sources().values():
        assert each.what, each.id
        assert each.where, each.id
        assert ISO.fullmatch(each.date), each.id


def test_an_unknown_source_is_refused_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"hearsay.*document-001"):
        source("hearsay")


def test_rows_of_the_data_are_sorted_one_to_a_line() -> None:
    for path in DATA.glob("*.json"):
        table = json.loads(path.read_text())
        if "rows" not in table:
            continue
        keys = [
            (r.get("cloud", ""), r.get("name", r.get("item", r.get("id")))) for r in table["rows"]
        ]
        assert keys == sorted(keys), path.name
        assert sum('{"' in line for line in path.read_text().splitlines()) == len(keys), path.name


# Karpenter's price table of 2026-07-20 and the autoscaler's shapes of 2026-01-22.
@pytest.mark.parametrize(
    ("name", "vcpu", "gib", "usd"),
    [
        ("m5.xlarge", 4, 16, 0.192),
        ("m5.8xlarge", 32, 128, 1.536),
        ("g4dn.xlarge", 4, 16, 0.526),
        ("g5.4xlarge", 16, 64, 1.624),
        ("p4d.24xlarge", 96, 1152, 21.957642),
    ],
)
def test_the_documents_instance_types_have_their_shape_and_price(
    name: str, vcpu: int, gib: int, usd: float
) -> None:
    machine = instance(Cloud.AWS, name)
    assert (machine.vcpu, machine.memory_bytes) == (vcpu, gib * GIB)
    assert machine.price("us-east-1") == usd


def test_every_aws_machine_is_priced_where_it_is_sold_and_nowhere_else() -> None:
    for machine in instances(Cloud.AWS):
        priced = {region for region in AWS_REGIONS if machine.price(region) is not None}
        assert priced == set(machine.sold), machine.name


def test_zones_of_a_machine_lie_in_their_region() -> None:
    for cloud in Cloud:
        known = {region: set(region_zone_ids(cloud, region)) for region in regions(cloud)}
        for machine in instances(cloud):
            for region, zones in machine.zones.items():
                assert set(zones) <= known[region], machine.name
                assert bool(zones) is machine.offered(region), (machine.name, region)


def test_unknown_zones_differ_from_no_zone() -> None:
    assert instance(Cloud.AWS, "m5.large").zone_ids("us-east-1") is None
    assert instance(Cloud.AWS, "g6.xlarge").zone_ids("eu-west-1") == ()
    assert instance(Cloud.AWS, "p4d.24xlarge").zone_ids("eu-west-1") == ("euw1-az2",)


def test_spot_is_below_on_demand() -> None:
    for machine in instances(Cloud.AWS):
        for region, spot in machine.spot.items():
            on_demand = machine.price(region)
            assert on_demand is not None
            assert machine.spot_low[region] <= spot < on_demand, (machine.name, region)


def test_a_gpu_machine_says_which_and_how_much_memory() -> None:
    for cloud in Cloud:
        for machine in instances(cloud):
            has = bool(machine.gpus)
            assert (bool(machine.gpu_model), bool(machine.gpu_memory_gib)) == (has, has), machine


def test_the_control_plane_refuses_the_zones_of_the_user_guide() -> None:
    # EKS User Guide, network requirements
    assert control_plane_refused_zone_ids() == ("cac1-az3", "use1-az3", "usw1-az2")


def test_deployment_kinds_sell_different_classes() -> None:
    single = {c.name for c in rds_classes(PostgresForm.SINGLE)}
    cluster = {c.name for c in rds_classes(PostgresForm.MULTI_AZ_CLUSTER)}
    assert single == {c.name for c in rds_classes(PostgresForm.MULTI_AZ_INSTANCE)}
    assert not single & cluster
    assert all("d." in name for name in cluster)  # only families with local disks (cfn-lint E3692)


def test_a_cluster_class_has_no_price_where_none_is_sourced_but_a_rank() -> None:
    cls = rds_class("db.m6gd.2xlarge")
    form = PostgresForm.MULTI_AZ_CLUSTER
    assert cls.price(form, "us-east-1") is None
    sibling = rds_class("db.m6g.2xlarge").price(PostgresForm.SINGLE, "us-east-1")
    assert sibling is not None
    assert cls.rank_usd(form) == pytest.approx(3 * sibling)
    assert "db.m6g.2xlarge" in cls.rank_basis
    # the one cluster price that a source shows (AWS price list, 2026-10-01)
    assert rds_class("db.m6gd.large").price(form, "ap-northeast-2") == 0.783
    assert rds_class("db.c6gd.2xlarge").rank_usd(form) is None


def test_ranks_are_prices_where_a_price_is_known() -> None:
    for form in (PostgresForm.SINGLE, PostgresForm.MULTI_AZ_INSTANCE):
        for cls in rds_classes(form):
            assert cls.rank_usd(form) == cls.price(form, "us-east-1"), cls.name


def test_valkey_costs_four_fifths_of_redis() -> None:
    for node in cache_nodes():  # AWS price list read 2026-10-02
        for region in AWS_REGIONS:
            valkey, redis = node.price("valkey", region), node.price("redis", region)
            assert valkey is not None
            assert redis is not None
            assert valkey == pytest.approx(0.8 * redis, abs=1e-4), node.name


def test_search_nodes_have_the_volume_limits_of_the_guide() -> None:
    assert search_node("m6g.large.search").max_volume_gib == 512
    assert search_node("or1.large.search").min_volume_gib == 20
    assert search_node("r7g.large.search").price("us-east-1") == 0.178
    assert all(node.price(region) for node in search_nodes() for region in AWS_REGIONS)


# AWS offer files 20260831, as the architecture notes of 2026-08-31 quote them.
@pytest.mark.parametrize(
    ("item", "usd"),
    [
        ("eks.control_plane.standard.hour", 0.10),
        ("eks.control_plane.extended.hour", 0.60),
        ("ebs.gp3.gib_month", 0.08),
        ("nat.hour", 0.045),
        ("s3.standard.gib_month", 0.023),
        ("kms.key.month", 1.0),
    ],
)
def test_list_prices_of_us_east_1(item: str, usd: float) -> None:
    figure = price(item, "us-east-1")
    assert figure is not None
    assert figure.value == usd


def test_a_price_that_no_source_shows_is_none_and_an_unknown_item_is_an_error() -> None:
    assert price("rds.io2.gib_month.multi_az_cluster", "us-east-1") is None
    assert price("nat.hour", "eu-west-1") is None
    with pytest.raises(UnknownNameError, match=r"nat.hours.*nat.hour"):
        price("nat.hours", "us-east-1")
    assert list(price_items()) == sorted(set(price_items()))


@pytest.mark.parametrize(
    ("look_up", "near"),
    [
        (lambda: instance(Cloud.AWS, "m5.9xlarge"), "m5.8xlarge"),
        (lambda: instance(Cloud.GCP, "m5.8xlarge"), "a2-highgpu-1g"),
        (lambda: rds_class("db.m6g.huge"), "db.m6g.large"),
        (lambda: cache_node("cache.r7g.huge"), "cache.r7g.large"),
        (lambda: search_node("r7g.huge.search"), "r7g.large.search"),
        (lambda: llm_price("gpt-4"), "gpt-4o"),
        (lambda: region_zone_ids(Cloud.AWS, "us-east-2"), "us-east-1"),
    ],
)
def test_an_unknown_name_is_answered_with_near_ones(
    look_up: Callable[[], object], near: str
) -> None:
    with pytest.raises(UnknownNameError) as refused:
        look_up()
    assert near in str(refused.value)


def test_models_cost_more_to_write_than_to_read() -> None:
    for model in llm_prices():
        assert model.output_usd >= model.input_usd or model.output_usd == 0, model.name
    assert (llm_price("gpt-4o").input_usd, llm_price("gpt-4o").output_usd) == (2.5, 10)


def test_support_ends_stand_in_order_of_the_minors() -> None:
    support = eks_support("1.35")
    assert support is not None
    assert (support.standard_ends, support.extended_ends) == ("2027-03-27", "2028-03-27")
    assert eks_support("1.99") is None
