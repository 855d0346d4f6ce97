"""The dashboards: valid, the same each time, and asking only for what somebody exports."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from components.kubernetes import metric_catalog
from components.kubernetes.dashboards import Dashboard, dashboards, files
from components.kubernetes.dashboards.capacity import live
from components.kubernetes.dashboards.facts import facts
from components.kubernetes.dashboards.model import (
    GRID_WIDTH,
    Colour,
    Graph,
    Number,
    Query,
    Row,
    Step,
    Unit,
)
from components.kubernetes.dashboards.render import (
    PROMETHEUS_UID,
    SCHEMA_VERSION,
    letters,
    rendered,
)
from components.kubernetes.dashboards.shelf import HOME
from sizing.check import check
from sizing.plan import plan
from sizing.plans import PlatformPlan
from sizing.plans.request import Switches
from sizing.plans.tools import ArchestraRequest, OsmenRequest
from sizing.versions import IMAGES
from sizing.words import Environment, Tier
from tests.components.kubernetes.plans import kept, planned, request
from tests.kubernetes.dashboards import refused, version
from tests.kubernetes.promql import groupings, selectors
from tests.sizing.requests import PRESETS

MEBIBYTE = 1 << 20
ASKED = Query(expr="up", legend="up")


@kept
def everything() -> tuple[Dashboard, ...]:
    """Return the dashboards of a plan that has every part that has one."""
    return dashboards(with_apps())


@kept
def with_apps() -> PlatformPlan:
    switches = Switches(
        archestra=ArchestraRequest(), osmen=OsmenRequest(n8n=True, gateway=True, langflow=True)
    )
    return plan(replace(request(), switches=switches))


def queries() -> list[tuple[str, str]]:
    return [
        (f"{board.uid}: {panel.title}", query.expr)
        for board in everything()
        for panel in board.panels()
        for query in panel.queries
    ]


def test_each_query_asks_for_a_metric_that_a_component_exports() -> None:
    unknown = {
        (place, one.metric)
        for place, expr in queries()
        for one in selectors(expr)
        if one.metric not in metric_catalog.names()
    }
    assert unknown == set()


def test_each_query_names_only_labels_that_its_metric_has() -> None:
    wrong = set()
    for place, expr in queries():
        for one in selectors(expr):
            extra = one.labels - metric_catalog.labels(one.metric)
            wrong |= {(place, one.metric, label) for label in extra}
        for group in groupings(expr):
            for metric in group.metrics:
                extra = group.labels - metric_catalog.labels(metric)
                wrong |= {(place, metric, label) for label in extra}
    assert wrong == set()


def test_each_panel_measures_something_or_shows_the_bill() -> None:
    for board in everything():
        for panel in board.panels():
            measured = any(selectors(query.expr) for query in panel.queries)
            assert measured or panel.title == "The bill by component", panel.title


def test_legends_name_labels_that_the_query_keeps() -> None:
    for board in everything():
        for panel in board.panels():
            for query in panel.queries:
                for part in query.legend.split("{{")[1:]:
                    assert part.partition("}}")[0] in query.expr, (panel.title, query.legend)


def test_grafana_takes_every_dashboard() -> None:
    for board in everything():
        assert refused(json.loads(json.dumps(rendered(board)))) == []


def test_the_schemas_are_of_the_pinned_version() -> None:
    assert version() == IMAGES["grafana"].tag


def test_a_misspelt_field_would_be_refused() -> None:
    made = json.loads(json.dumps(rendered(everything()[0])))
    made["refersh"] = "1m"
    made["panels"][1]["options"]["colour"] = "red"
    assert len(refused(made)) >= 2


@pytest.mark.parametrize(("environment", "tier"), PRESETS)
def test_the_same_plan_gives_the_same_files_and_they_fit(
    environment: Environment, tier: Tier
) -> None:
    found = plan(request(environment, tier))
    first = files(dashboards(found))
    assert first == files(dashboards(plan(request(environment, tier))))
    assert list(first) == sorted(first)
    # what a ConfigMap holds, and as much again for its other fields and for growth
    assert sum(len(text.encode()) for text in first.values()) < MEBIBYTE / 2


def test_panels_stand_beside_each_other_and_on_the_grid() -> None:
    for board in everything():
        taken: set[tuple[int, int]] = set()
        numbers = []
        for panel in rendered(board)["panels"]:
            place = panel["gridPos"]
            numbers.append(panel["id"])
            assert place["x"] + place["w"] <= GRID_WIDTH
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert not taken & cells, panel["title"]
            taken |= cells
        assert numbers == list(range(1, len(numbers) + 1))


def test_every_panel_asks_the_one_data_source_by_its_uid() -> None:
    for board in everything():
        for panel in rendered(board)["panels"]:
            for target in panel.get("targets", []):
                assert target["datasource"]["uid"] == PROMETHEUS_UID


def test_letters_tell_a_panels_queries_apart() -> None:
    for board in everything():
        for panel, made in zip(
            board.panels(),
            [one for one in rendered(board)["panels"] if one["type"] != "row"],
            strict=True,
        ):
            letters = [target["refId"] for target in made["targets"]]
            assert len(set(letters)) == len(panel.queries) == len(letters)


def test_a_panel_may_have_more_queries_than_there_are_letters() -> None:
    assert [letters(one) for one in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]
    assert len({letters(one) for one in range(1000)}) == 1000


def test_there_is_a_dashboard_for_each_part_of_the_plan() -> None:
    uids = {one.uid for one in everything()}
    assert uids == {
        "aigw-archestra",
        "aigw-capacity",
        "aigw-cost",
        "aigw-gateway",
        "aigw-osmen",
        HOME,
        "aigw-serving",
        "aigw-stores",
        "aigw-system",
        "aigw-telemetry",
    }
    assert "aigw-archestra" not in {one.uid for one in dashboards(planned())}


def test_the_capacity_page_shows_what_the_check_compared() -> None:
    found = facts(planned())
    known = {one.id: one for one in check(planned())}
    shown = [one for one in live(found) if one.finding in known]
    assert len(shown) >= 10
    board = next(one for one in dashboards(planned()) if one.uid == "aigw-capacity")
    lines = {
        query.expr
        for panel in board.panels()
        if panel.title == "Connections of PostgreSQL"
        for query in panel.queries
    }
    finding = known["postgres.server-connections"]
    assert finding.capacity
    assert {f"vector({finding.demand:.0f})", f"vector({finding.capacity:.0f})"} <= lines


def test_thresholds_are_those_of_the_documented_table() -> None:
    board = next(one for one in everything() if one.uid == "aigw-gateway")
    errors = next(one for one in board.panels() if one.title == "Error ratio")
    assert [step.value for step in errors.steps] == [0.01, 0.05]
    first = next(one for one in board.panels() if one.title == "Time to first token")
    assert [step.value for step in first.steps] == [2, 5]
    made = next(one for one in rendered(board)["panels"] if one["title"] == "Error ratio")
    assert [one["value"] for one in made["fieldConfig"]["defaults"]["thresholds"]["steps"]] == [
        None,
        0.01,
        0.05,
    ]


def test_what_the_plan_says_is_drawn_dashed() -> None:
    board = Dashboard(
        uid="x",
        title="X",
        description="",
        rows=(
            Row(
                title="R",
                panels=(
                    Graph(
                        title="G",
                        queries=(ASKED, Query(expr="vector(3)", legend="planned", line=True)),
                    ),
                ),
            ),
        ),
    )
    (override,) = rendered(board)["panels"][1]["fieldConfig"]["overrides"]
    assert override["matcher"]["options"] == "planned"
    assert rendered(board)["schemaVersion"] == SCHEMA_VERSION


def test_a_panel_that_could_not_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="queries"):
        Graph(title="empty", queries=())
    with pytest.raises(ValueError, match="grid"):
        Number(title="wide", queries=(ASKED,), width=GRID_WIDTH + 1)
    rising = Step(value=2, colour=Colour.WARNING), Step(value=1, colour=Colour.CRITICAL)
    with pytest.raises(ValueError, match="rise"):
        Graph(title="falling", queries=(ASKED,), steps=rising, unit=Unit.NONE)
    with pytest.raises(ValueError, match="uid"):
        Dashboard(uid="Has Spaces", title="", description="", rows=())
    twice = Row(title="R", panels=(Graph(title="A", queries=(ASKED,)),) * 2)
    with pytest.raises(ValueError, match="two panels"):
        Dashboard(uid="x", title="", description="", rows=(twice,))


def test_two_dashboards_of_one_address_are_refused() -> None:
    with pytest.raises(ValueError, match="two dashboards"):
        files([everything()[0], everything()[0]])
