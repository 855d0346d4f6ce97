"""The report in a real browser: quiet, offline, on a phone, by keyboard, for who cannot see."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from preview.report_page.palette import DARK, LIGHT
from tests.preview.report_page.facts import STACKS, html, svg
from tests.services.browser.chromium import Page
from tests.services.browser.environment import REQUIREMENTS, VERSION, axe
from tests.services.requirements import without_hashes

pytestmark = pytest.mark.services
STACK = "prod-large"
JUDGED_PAGES = (
    (STACK, "light"),
    (STACK, "dark"),
    ("prod-large-gcp", "light"),
    ("dev-small", "dark"),
)
"""Both clouds and both themes; to judge every shape of a page takes seconds."""
TAB, ENTER, ESCAPE = 9, 13, 27
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
WIDE = "document.documentElement.scrollWidth"
FOCUSABLE = """
[...document.querySelectorAll('a[href], button, summary, [tabindex="0"]')]
  .filter((one) => one.checkVisibility()).length
"""
NAMED = """(() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  window.numbers = window.numbers || new Map();
  if (!window.numbers.has(one)) window.numbers.set(one, window.numbers.size);
  return window.numbers.get(one);
})()"""
SPILT = """
[...document.querySelectorAll('g.tip')].flatMap((group) => {
  const frame = group.querySelector('rect:not(.rail):not(.bar)');
  if (!frame || group.dataset.pool) return [];
  const box = frame.getBoundingClientRect();
  return [...group.querySelectorAll('text')]
    .filter((text) => text.getBoundingClientRect().right > box.right + 1)
    .map((text) => text.textContent);
})
"""
JUDGED = """
axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations
  .filter((one) => ['serious', 'critical'].includes(one.impact))
  .map((one) => `${one.id}: ${one.nodes.length} x ${one.nodes[0].html.slice(0, 160)} `
    + one.nodes[0].failureSummary))
"""


@pytest.fixture
def report(folder: Path, request: pytest.FixtureRequest) -> Path:
    stack = getattr(request, "param", STACK)
    file = folder / f"{stack}.html"
    file.write_text(html(stack), encoding="utf-8")
    return file


def opened(tab: Page, file: Path, *, theme: str = "light", width: int = 1280) -> None:
    tab.theme(theme)
    tab.resize(width, 900)
    tab.open(file)


def pressed(tab: Page, key: str, code: int) -> None:
    tab.press(key, code=code)


@pytest.mark.parametrize("report", STACKS, indirect=True)
def test_the_console_is_quiet_and_nothing_is_asked_of_a_network(tab: Page, report: Path) -> None:
    opened(tab, report)
    tab.run(OPEN_ALL)
    assert tab.seen("Log.entryAdded") == []
    assert tab.seen("Runtime.exceptionThrown") == []
    assert tab.seen("Runtime.consoleAPICalled") == []
    asked = [one["request"]["url"] for one in tab.seen("Network.requestWillBeSent")]
    assert asked == [report.as_uri()]


def test_the_policy_lets_nothing_out(tab: Page, report: Path) -> None:
    opened(tab, report)
    asked = "fetch('http://127.0.0.1:9/').then(() => 'let out', (error) => error.name)"
    assert tab.run(asked) == "TypeError"
    assert "Content Security Policy" in str(tab.seen("Log.entryAdded"))


@pytest.mark.parametrize("width", [320, 390, 768])
@pytest.mark.parametrize("report", STACKS, indirect=True)
def test_a_narrow_screen_is_not_overflowed(tab: Page, report: Path, width: int) -> None:
    opened(tab, report, width=width)
    tab.run(OPEN_ALL)
    assert tab.run(WIDE) <= width


@pytest.mark.parametrize(("report", "theme"), JUDGED_PAGES, indirect=["report"])
def test_axe_has_nothing_serious_to_say(tab: Page, report: Path, theme: str) -> None:
    opened(tab, report, theme=theme)
    tab.run(OPEN_ALL)
    tab.run(axe())
    assert tab.run("axe.version") == VERSION
    assert tab.run(JUDGED) == []


def test_axe_has_nothing_serious_to_say_of_a_phone(tab: Page, report: Path) -> None:
    opened(tab, report, width=390)
    tab.run(OPEN_ALL)
    tab.run(axe())
    assert tab.run(JUDGED) == []


def test_axe_would_say_so(tab: Page, report: Path) -> None:
    opened(tab, report)
    tab.run("document.querySelectorAll('button').forEach((one) => { one.textContent = ''; })")
    tab.run(axe())
    one_rule = JUDGED.replace("{resultTypes", "{runOnly: ['button-name'], resultTypes")
    assert any(one.startswith("button-name") for one in tab.run(one_rule))


def test_the_tab_key_reaches_everything_that_tells_more(tab: Page, report: Path) -> None:
    opened(tab, report)
    wanted = tab.run(FOCUSABLE)
    assert wanted > 60
    reached = set()
    for _ in range(wanted):
        pressed(tab, "Tab", TAB)
        reached.add(tab.run(NAMED))
    assert None not in reached
    assert len(reached) == wanted


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("[data-node='general/1']", "litellm"),
        ("[data-store='postgres']", "RDS PostgreSQL"),
        ("[data-service='litellm']", "replicas (minimum, planned, maximum)"),
        ("[data-component='gpu-h100']", "$"),
        ("button.cited", "list prices"),
        ("a.cited", "document"),
    ],
)
def test_what_has_the_focus_tells_more_until_escape(
    tab: Page, report: Path, what: str, told: str
) -> None:
    opened(tab, report)
    shown = "document.getElementById('tip').checkVisibility()"
    assert tab.run(shown) is False
    tab.run(f'document.querySelector("{what}").focus({{preventScroll: true}})')
    assert tab.run(shown) is True
    assert told in tab.run("document.getElementById('tip').textContent")
    pressed(tab, "Escape", ESCAPE)
    assert tab.run(shown) is False


def test_the_source_of_a_number_is_a_link_to_its_place(tab: Page, report: Path) -> None:
    opened(tab, report)
    goal = tab.run("document.querySelector('#capacity a.cited').getAttribute('href')")
    tab.run("document.querySelector('#capacity a.cited').click()")
    assert tab.run("location.hash") == goal
    assert tab.run(f"document.querySelector('{goal}').checkVisibility()")


def test_the_theme_follows_the_system_until_it_is_chosen(tab: Page, report: Path) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    opened(tab, report, theme="light")
    light = tab.run(ground)
    tab.theme("dark")
    dark = tab.run(ground)
    assert light != dark
    tab.run("document.getElementById('theme').click()")
    assert (tab.run("document.documentElement.dataset.theme"), tab.run(ground)) == ("light", light)
    tab.theme("light")
    tab.run("document.getElementById('theme').click()")
    assert (tab.run("document.documentElement.dataset.theme"), tab.run(ground)) == ("dark", dark)
    tab.run("document.getElementById('theme').click()")
    assert tab.run("document.documentElement.dataset.theme") is None


def test_a_service_that_is_pointed_at_shows_its_own_connections(tab: Page, report: Path) -> None:
    opened(tab, report)
    tab.run("document.querySelector(\"[data-service='pgbouncer']\").focus()")
    marked: list[list[str]] = tab.run(
        "[...document.querySelectorAll('g.route.on')].map((o) => [o.dataset.from, o.dataset.to])"
    )
    assert sorted(map(tuple, marked)) == [("litellm", "pgbouncer"), ("pgbouncer", "postgres")]


@pytest.mark.parametrize("report", STACKS, indirect=True)
def test_every_node_store_and_finding_can_be_seen_once(tab: Page, report: Path) -> None:
    opened(tab, report)
    tab.run(OPEN_ALL)
    for kind in ("pool", "node", "service", "store", "finding"):
        ids: list[Any] = tab.run(
            f"[...document.querySelectorAll('[data-{kind}]')].map((one) => {{"
            " const box = one.getBoundingClientRect();"
            f" return box.width * box.height > 0 ? one.dataset.{kind} : null; }})"
        )
        assert ids
        assert None not in ids
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("report", STACKS, indirect=True)
def test_no_words_of_the_drawing_leave_their_box(tab: Page, report: Path) -> None:
    opened(tab, report, width=1440)
    assert tab.run(SPILT) == []


def test_print_is_light_and_has_the_drawing_on_its_pages(tab: Page, report: Path) -> None:
    opened(tab, report, theme="dark")
    ink = "getComputedStyle(document.documentElement).getPropertyValue('--ink')"
    assert tab.run(ink) == DARK["ink"]
    printed = tab.pdf()  # the page stays as it prints
    assert tab.run(ink) == LIGHT["ink"]
    assert printed.startswith(b"%PDF-")
    assert 5 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 40


def test_the_drawing_by_itself_follows_the_theme(tab: Page, folder: Path) -> None:
    file = folder / "drawing.svg"
    file.write_text(svg(STACK), encoding="utf-8")
    paper = "getComputedStyle(document.querySelector('rect')).fill"
    opened(tab, file, theme="light")
    light = tab.run(paper)
    tab.theme("dark")
    assert tab.run(paper) != light
    assert tab.seen("Log.entryAdded") == []


def test_axe_is_known_by_its_hashes() -> None:
    assert without_hashes(REQUIREMENTS) == []
