"""A dashboard as the JSON that Grafana reads: the same text for the same dashboard, always.

The words are those of Grafana 13's classic schema (`@grafana/schema`, raw/dashboard and the panels'
own); files of it are provisioned as they are, and nobody saves over them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from string import ascii_uppercase
from typing import Any

from components.kubernetes.dashboards.model import (
    GRID_WIDTH,
    Bars,
    Colour,
    Dashboard,
    Graph,
    Heatmap,
    Number,
    Panel,
    Query,
    Row,
    Step,
)

PROMETHEUS_UID = "prometheus"
"""Of the data source that every panel asks."""
SCHEMA_VERSION = 42
"""What Grafana 13 reads without changing it."""
REFRESH = "1m"
HOURS_SHOWN = "now-6h"
_SOURCE = {"type": "prometheus", "uid": PROMETHEUS_UID}
_DASHED = {"fill": "dash", "dash": [8, 8]}
_TYPES: dict[type, str] = {
    Graph: "timeseries",
    Number: "stat",
    Bars: "bargauge",
    Heatmap: "heatmap",
}


def files(dashboards: Iterable[Dashboard]) -> dict[str, str]:
    """Return each dashboard's file by its name, sorted.

    Raises:
        ValueError: two dashboards of one uid.
    """
    made: dict[str, str] = {}
    for one in sorted(dashboards, key=lambda each: each.uid):
        name = f"{one.uid}.json"
        if name in made:
            raise ValueError(f"two dashboards are called {one.uid}")
        made[name] = json.dumps(rendered(one), sort_keys=True, separators=(",", ":"))
    return made


def rendered(dashboard: Dashboard) -> dict[str, Any]:
    """Return a dashboard as Grafana's JSON."""
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.description,
        "tags": ["aigw"],
        "schemaVersion": SCHEMA_VERSION,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,  # one crosshair for all panels
        "fiscalYearStartMonth": 0,
        "liveNow": False,
        "refresh": REFRESH,
        "time": {"from": HOURS_SHOWN, "to": "now"},
        "timepicker": {},
        "timezone": "utc",
        "weekStart": "",
        "preload": False,
        "annotations": {"list": []},
        "links": [_siblings()],
        "templating": {"list": []},
        "panels": list(_panels(dashboard.rows)),
    }


def _siblings() -> dict[str, Any]:
    return {
        "type": "dashboards",
        "title": "Dashboards",
        "tags": ["aigw"],
        "asDropdown": True,
        "includeVars": False,
        "keepTime": True,
        "targetBlank": False,
        "icon": "external link",
        "tooltip": "",
        "url": "",
    }


def _panels(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Return rows and panels, placed from left to right and from top to bottom."""
    count, top = 0, 0
    for row in rows:
        count += 1
        yield {
            "id": count,
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "panels": [],
            "gridPos": {"h": 1, "w": GRID_WIDTH, "x": 0, "y": top},
        }
        top, left, tallest = top + 1, 0, 0
        for panel in row.panels:
            if left + panel.width > GRID_WIDTH:
                top, left, tallest = top + tallest, 0, 0
            count += 1
            place = {"h": panel.height, "w": panel.width, "x": left, "y": top}
            yield _panel(panel, count, place)
            left, tallest = left + panel.width, max(tallest, panel.height)
        top += tallest


def _panel(panel: Panel, number: int, place: dict[str, int]) -> dict[str, Any]:
    return {
        "id": number,
        "type": _TYPES[type(panel)],
        "title": panel.title,
        "description": panel.description,
        "datasource": dict(_SOURCE),
        "gridPos": place,
        "fieldConfig": {"defaults": _defaults(panel), "overrides": _overrides(panel)},
        "options": _options(panel),
        "targets": [_target(query, letters(at), panel) for at, query in enumerate(panel.queries)],
    }


def letters(number: int) -> str:
    """Return how a panel calls its query of a number, from 0 on: A to Z, then AA, AB and so on."""
    before, last = divmod(number, len(ascii_uppercase))
    return (letters(before - 1) if before else "") + ascii_uppercase[last]


def _target(query: Query, letter: str, panel: Panel) -> dict[str, Any]:
    now = isinstance(panel, Number | Bars)
    return {
        "refId": letter,
        "datasource": dict(_SOURCE),
        "editorMode": "code",
        "expr": query.expr,
        "legendFormat": query.legend,
        "instant": now,
        "range": not now,
        "format": "heatmap" if isinstance(panel, Heatmap) else "time_series",
    }


def _defaults(panel: Panel) -> dict[str, Any]:
    found: dict[str, Any] = {"unit": panel.unit, "thresholds": _thresholds(panel.steps)}
    if isinstance(panel, Number | Bars):
        found["color"] = {"mode": "thresholds"}
    else:
        found["color"] = {"mode": "palette-classic"}
    if isinstance(panel, Bars):
        found |= {"min": 0, "max": panel.most}
    if isinstance(panel, Graph):
        found |= {"min": 0, "custom": _drawn(panel)}
    return found


def _drawn(panel: Graph) -> dict[str, Any]:
    return {
        "drawStyle": "line",
        "lineWidth": 1,
        "fillOpacity": 20 if panel.stacked else 5,
        "showPoints": "never",
        "spanNulls": False,
        "stacking": {"mode": "normal" if panel.stacked else "none", "group": "A"},
        "thresholdsStyle": {"mode": "dashed" if panel.steps else "off"},
    }


def _thresholds(steps: tuple[Step, ...]) -> dict[str, Any]:
    first = Colour.GOOD if steps else Colour.PLAIN
    rising = [{"color": one.colour, "value": one.value} for one in steps]
    return {"mode": "absolute", "steps": [{"color": first, "value": None}, *rising]}


def _overrides(panel: Panel) -> list[dict[str, Any]]:
    """Return how the plan's lines differ from what is measured."""
    if not isinstance(panel, Graph):
        return []
    return [
        {
            "matcher": {"id": "byName", "options": query.legend},
            "properties": [
                {"id": "custom.lineStyle", "value": dict(_DASHED)},
                {"id": "custom.fillOpacity", "value": 0},
                {"id": "custom.stacking", "value": {"mode": "none", "group": "A"}},
            ],
        }
        for query in panel.queries
        if query.line
    ]


def _options(panel: Panel) -> dict[str, Any]:
    if isinstance(panel, Graph):
        return {
            "legend": {
                "displayMode": "list",
                "placement": "bottom",
                "showLegend": True,
                "calcs": [],
            },
            "tooltip": {"mode": "multi", "sort": "desc"},
        }
    if isinstance(panel, Heatmap):
        return _heat(panel)
    reduced = {"calcs": ["lastNotNull"], "values": False, "fields": ""}
    if isinstance(panel, Number):
        return {
            "reduceOptions": reduced,
            "orientation": "auto",
            "colorMode": "value",
            "graphMode": "none",
            "justifyMode": "auto",
            "textMode": "auto",
            "wideLayout": True,
            "showPercentChange": False,
            "percentChangeColorMode": "standard",
        }
    return {
        "reduceOptions": reduced,
        "orientation": "horizontal",
        "displayMode": "basic",
        "valueMode": "color",
        "namePlacement": "auto",
        "showUnfilled": True,
        "sizing": "auto",
        "minVizWidth": 8,
        "minVizHeight": 16,
        "maxVizHeight": 300,
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": False, "calcs": []},
    }


def _heat(panel: Heatmap) -> dict[str, Any]:
    return {
        "calculate": False,
        "cellGap": 1,
        "color": {
            "mode": "scheme",
            "scheme": "Oranges",
            "steps": 64,
            "exponent": 0.5,
            "fill": "dark-orange",
            "reverse": False,
        },
        "exemplars": {"color": "rgba(255,0,255,0.7)"},
        "filterValues": {"le": 1e-9},
        "legend": {"show": True},
        "rowsFrame": {"layout": "auto"},
        "showValue": "never",
        "tooltip": {"mode": "single", "showColorScale": False, "yHistogram": False},
        "yAxis": {"axisPlacement": "left", "reverse": False, "unit": panel.unit},
    }
