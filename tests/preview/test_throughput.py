"""`aigw throughput`: what it prints, as a table and as JSON, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from preview.cli import parser
from preview.misuse import MisuseError
from preview.verbs import throughput

ASKED = "--gpu H100 --tp 2 --model llama-3.1-70b --precision fp8 --isl 5000 --osl 500"
pytestmark = pytest.mark.cloud_free("a GPU is the same wherever it is rented")


def run(line: str) -> int:
    return throughput.run(parser().parse(["throughput", *line.split()]))


def document(line: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert run(f"{line} --json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_json_has_an_object_a_profile(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(f"{ASKED} --concurrency 50 --itl-ms 50", capsys)

    assert found["request"]["kv_precision"] == "fp8"
    rates = [
        found[profile]["output_tokens_per_second"]
        for profile in ("conservative", "current", "physical")
    ]
    assert rates == sorted(rates)
    assert found["current"]["output_tokens_per_second"] == pytest.approx(814, rel=0.3)  # measured
    assert found["current"]["itl_ms"] == pytest.approx(59.7, rel=0.3)
    assert found["current"]["ttft_ms"] == pytest.approx(834, rel=0.3)
    assert 0 < found["conservative"]["slots"] < found["physical"]["slots"]


def test_what_does_not_fit_has_a_reason_and_nulls(capsys: pytest.CaptureFixture[str]) -> None:
    found = document("--gpu A10G --model llama-3.1-70b --isl 100 --osl 100", capsys)["current"]

    assert found["fits"] is False
    assert "leave no memory" in found["reason"]
    assert found["output_tokens_per_second"] is None


def test_the_table_says_plainly_what_does_not_fit(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--gpu T4 --model llama-3.1-8b --isl 100 --osl 100") == 0

    shown = capsys.readouterr().out
    assert "current: does not fit: T4 has no bf16 arithmetic" in shown


def test_the_table_names_what_was_asked_and_what_binds(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"{ASKED} --itl-ms 50") == 0

    shown = capsys.readouterr().out
    assert shown.startswith("llama-3.1-70b in fp8 (cache in fp8) on 2 x H100: 5,000 tokens in")
    assert "slots within 50 ms" in shown
    assert "bound by" in shown


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (ASKED.replace("5000", "-1"), "--isl: found -1; allowed: a whole number from 1 to 2,000"),
        (ASKED.replace("5000", "NaN"), "--isl: found 'NaN'; allowed: a whole number from 1 to"),
        (ASKED.replace("5000", "0"), "--isl: found 0"),
        (ASKED.replace("--osl 500", "--osl 9e9"), "--osl: found '9e9'"),
        (ASKED.replace("--tp 2", "--tp 7"), "--tp: found 7; allowed: a number that divides the 64"),
        (ASKED.replace("fp8", "fp3"), "--precision: found 'fp3'; allowed: bf16, fp8, int8, int4"),
        (ASKED.replace("H100", "H1000"), "--gpu: found 'H1000'; allowed: .*near it: H100"),
        (ASKED.replace("70b", "71b"), "--model: found 'llama-3.1-71b'; .*near it: llama-3.1-70b"),
        (f"{ASKED} --concurrency 0", "--concurrency: found 0"),
        (f"{ASKED} --concurrency 1000000000", "--concurrency: found 1000000000; allowed"),
        (f"{ASKED} --kv-precision int4", "--kv-precision: found 'int4'; allowed: bf16, fp8"),
        (f"{ASKED} --itl-ms nan", "--itl-ms: found 'nan'; allowed: a number above 0"),
        (f"{ASKED} --itl-ms -5", "--itl-ms: found '-5'"),
        (f"{ASKED} --context 0", "--context: found 0"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_allowed(line: str, message: str) -> None:
    with pytest.raises(MisuseError, match=message):
        run(line)
