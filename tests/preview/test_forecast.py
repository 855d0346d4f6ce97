"""`aigw forecast` in words and as a drawing: which month breaks what, and nothing overlaps."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest

from preview.cli import main
from preview.forecast_out import BARS, sections, sparkline
from preview.forecast_svg import BILL, COLOURS, LOAD, WIDTH, drawing
from preview.tables import plain_text
from sizing.forecast import Break, Forecast, Month
from sizing.words import Tier, Verdict
from tests.both_clouds import pytest_generate_tests as pytest_generate_tests
from tests.twins import twin

NAMESPACE = "{http://www.w3.org/2000/svg}"
WIDE = 8
"""No letter of 13 pixels is wider on average."""

drawn = pytest.mark.cloud_free("months that are given to it are shown")


def month(number: int, usd: float | None, *breaks: str, growth: float = 0.1) -> Month:
    return Month(
        month=number,
        factor=(1 + growth) ** number,
        requests_per_second_peak=100 * (1 + growth) ** number,
        tier=Tier.MEDIUM,
        monthly_usd=usd,
        obstacle="" if usd is not None else "no network is large enough",
        breaks=breaks,
    )


def broken(number: int, name: str, becomes: Verdict = Verdict.UNPROVEN) -> Break:
    return Break(
        id=name,
        month=number,
        was=Verdict.HOLDS,
        becomes=becomes,
        demand=101,
        capacity=100,
        unit="requests/s",
        message="too many",
        fix="add one",
    )


def forecast(months: list[Month], *breaks: Break) -> Forecast:
    return Forecast(growth=0.1, months=tuple(months), breaks=breaks)


GROWING = forecast(
    [month(0, 1000.0), month(1, 1100.0, "a.limit"), month(2, None), month(3, 1900.0, "b.limit")],
    broken(1, "a.limit"),
    broken(3, "b.limit", Verdict.REFUTED),
)
QUIET = forecast([month(0, 1000.0), month(1, 1000.0)])


def texts(svg: str) -> list[tuple[float, float, str, str]]:
    return [
        (float(one.attrib["x"]), float(one.attrib["y"]), one.text or "", one.attrib["fill"])
        for one in ET.fromstring(svg).iter(f"{NAMESPACE}text")
    ]


@drawn
def test_a_sparkline_rises_as_the_values_do() -> None:
    assert sparkline([1, 2, 3, 4, 5, 6, 7, 8]) == BARS
    assert sparkline([3, 1]) == f"{BARS[-1]}{BARS[0]}"
    assert sparkline([5, 5, 5]) == BARS[0] * 3
    assert sparkline([7]) == BARS[0]
    assert sparkline([1, None, 2]) == f"{BARS[0]}·{BARS[-1]}"
    assert sparkline([None]) == "·"


@drawn
def test_the_report_says_when_what_breaks_and_what_to_do() -> None:
    shown = plain_text(sections("prod-x", GROWING))
    assert "load x 1.33 in 3 months at 10.0% a month" in shown
    assert "$1,000 to $1,900 a month" in shown
    assert re.search(r"M\+1 +a\.limit +holds -> unproven +101 +100 +requests/s +add one", shown)
    assert re.search(r"M\+2 +1\.21 +121 +medium +unknown +no network is large enough", shown)


@drawn
def test_the_report_says_from_when_on_nothing_can_be_planned() -> None:
    shown = plain_text(sections("prod-x", GROWING))
    said = "No plan can be made for 1 month, the first of them M+2: no network is large enough"
    assert said in shown
    assert "No plan" not in plain_text(sections("prod-x", QUIET))


@drawn
def test_the_report_says_that_nothing_breaks() -> None:
    shown = plain_text(sections("prod-x", QUIET))
    assert (
        "What breaks of today's plan\n---------------------------\nNothing in this time." in shown
    )


@drawn
def test_a_drawing_is_xml_whose_text_is_escaped() -> None:
    found = forecast([QUIET.months[0]] * 2, broken(1, 'a<b>&"c"'))
    svg = drawing("<prod> & co", found)
    shown = [text for _, _, text, _ in texts(svg)]
    assert any(text.startswith("<prod> & co: growth") for text in shown)
    assert 'a<b>&"c": unproven' in shown


@drawn
def test_a_drawing_needs_no_other_file_and_is_light() -> None:
    svg = drawing("prod-x", GROWING)
    assert not re.search(r"href|url\(|<style|<script|<image", svg)
    assert ET.fromstring(svg)[0].attrib["fill"] == "#ffffff"


@drawn
def test_a_month_without_a_bill_leaves_a_gap() -> None:
    root = ET.fromstring(drawing("prod-x", GROWING))
    lines = list(root.iter(f"{NAMESPACE}polyline"))
    dots = list(root.iter(f"{NAMESPACE}circle"))
    assert [one.attrib["points"].count(",") for one in lines if one.attrib["stroke"] == LOAD] == [4]
    assert [one.attrib["points"].count(",") for one in lines if one.attrib["stroke"] == BILL] == [2]
    assert [one.attrib["fill"] for one in dots] == [BILL]


@drawn
def test_heights_compare_as_amounts_do() -> None:
    root = ET.fromstring(drawing("prod-x", forecast([month(0, 500.0), month(1, 1000.0)])))
    bill = next(o for o in root.iter(f"{NAMESPACE}polyline") if o.attrib["stroke"] == BILL)
    axis = max(float(one.attrib["y1"]) for one in root.iter(f"{NAMESPACE}line"))
    first, second = (float(point.split(",")[1]) for point in bill.attrib["points"].split())
    assert axis - second == pytest.approx(2 * (axis - first))


@drawn
def test_the_legend_names_each_colour_that_is_drawn() -> None:
    shown = {text: fill for _, _, text, fill in texts(drawing("prod-x", GROWING))}
    assert {"load, times today's", "$ a month to hold it", "a limit refuted"} <= shown.keys()
    assert shown["b.limit: refuted"] == COLOURS[Verdict.REFUTED]
    assert "a limit refuted" not in drawing("prod-x", QUIET)


@drawn
@pytest.mark.parametrize("months", [2, 13, 25, 36, 61, 121])
def test_no_label_overlaps_another_or_leaves_the_paper(months: int) -> None:
    growing = [month(at, 9e7 + at, growth=0.05) for at in range(months)]
    breaks = [broken(1 + at // 2, f"services.engine.limit-{at}") for at in range(40)]
    svg = drawing("prod-enterprise", forecast(growing, *breaks))
    tall = float(ET.fromstring(svg).attrib["height"])
    rows: dict[float, list[tuple[float, float]]] = {}
    for one in ET.fromstring(svg).iter(f"{NAMESPACE}text"):
        x, wide = float(one.attrib["x"]), WIDE * len(one.text or "")
        start = x - {"start": 0, "middle": wide / 2, "end": wide}[one.attrib["text-anchor"]]
        rows.setdefault(float(one.attrib["y"]), []).append((start, start + wide))
    for placed in rows.values():
        for (_, end), (start, _) in pairwise(sorted(placed)):
            assert end <= start + 1
    heights = sorted(rows)
    assert heights[-1] < tall
    assert all(end <= WIDTH for placed in rows.values() for _, end in placed)


def test_the_drawing_is_written_beside_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "growth.svg"
    arguments = [
        "forecast",
        twin("dev-small"),
        "--growth",
        "8%",
        "--months",
        "2",
        "--svg",
        str(file),
    ]
    assert main(arguments) == 0
    assert "Month by month" in capsys.readouterr().out
    assert ET.fromstring(file.read_text(encoding="utf-8")).tag == f"{NAMESPACE}svg"
