"""`aigw throughput`: what a model does on some GPUs, by three profiles."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from preview.misuse import FINE, MisuseError
from preview.result import write
from preview.verbs.arguments import GPU, MODEL, add_json, completed, verb

if TYPE_CHECKING:
    from preview.tables import Section, Table
    from sizing.model import Json
    from sizing.serving.profiles import ProfileName
    from sizing.serving.request import Serving
    from sizing.serving.throughput import Prediction

T = TypeVar("T")

SCHEMA: Final = 1
MOST_MILLISECONDS: Final = 60_000
EXAMPLES: Final = """\
examples:
  aigw throughput --gpu H100 --tp 2 --model llama-3.1-70b --precision fp8 \\
      --isl 5000 --osl 500 --concurrency 50
  aigw throughput --gpu A10G --model llama-3.1-8b --precision int4 --isl 1500 --osl 500 --itl-ms 50
  aigw throughput --gpu a100-40gb --model mistralai/Mistral-7B-Instruct-v0.3 --isl 550 --osl 150

No measurement is looked up: a datasheet, the model's shape, one parameter set a profile.
"""
FIELDS: Final = {
    "tensor_parallel": "--tp",
    "precision": "--precision",
    "cache_precision": "--kv-precision",
    "input_tokens": "--isl",
    "output_tokens": "--osl",
    "concurrency": "--concurrency",
    "requests": "--requests",
    "max_num_seqs": "--max-num-seqs",
    "context_tokens": "--context",
}
"""How each field of a request is spelled on the command line."""
WHOLE: Final = {
    "tensor_parallel": "tp",
    "input_tokens": "isl",
    "output_tokens": "osl",
    "concurrency": "concurrency",
    "requests": "requests",
    "max_num_seqs": "max_num_seqs",
    "context_tokens": "context",
}
"""The whole numbers among them, as argparse calls them."""
ROWS: Final = (
    ("output tokens/s", "output_tokens_per_second"),
    ("input and output tokens/s", "total_tokens_per_second"),
    ("requests/s", "requests_per_second"),
    ("between tokens, ms", "itl_ms"),
    ("first token, ms", "ttft_ms"),
    ("first token P95, ms", "ttft_p95_ms"),
    ("requests at a time", "batch"),
    ("one prompt, ms", "prefill_ms"),
    ("one step of decoding, ms", "step_ms"),
    ("roofline of decoding, tokens/s", "roofline_tokens_per_second"),
)
MEANING: Final = (
    "conservative: nine of ten published runs reach it. current: the best estimate.",
    "physical: the datasheet's cap, which nothing exceeds.",
)


def add(verbs: Any) -> None:  # noqa: ANN401  # argparse has no public type for it
    """Register the verb."""
    own = verb(verbs, "throughput", "tokens a second and latency of a model on GPUs", EXAMPLES)
    gpu = own.add_argument(
        "--gpu", required=True, metavar="NAME", help="for example H100 or a100-40gb"
    )
    model = own.add_argument("--model", required=True, metavar="NAME", help="name or repository")
    completed(gpu, GPU)
    completed(model, MODEL)
    own.add_argument("--tp", default="1", metavar="N", help="GPUs that share the model (1)")
    own.add_argument(
        "--precision", default="bf16", metavar="P", help="bf16 | fp8 | int8 | int4 (bf16)"
    )
    own.add_argument(
        "--kv-precision", metavar="P", help="bf16 | fp8 (fp8 where weights and arithmetic are)"
    )
    own.add_argument("--isl", required=True, metavar="TOKENS", help="input of a request")
    own.add_argument("--osl", required=True, metavar="TOKENS", help="output of a request")
    own.add_argument("--concurrency", metavar="N", help="requests at a time (all that fit)")
    own.add_argument("--requests", metavar="N", help="how many come in all, at once (no end)")
    own.add_argument("--max-num-seqs", metavar="N", help="the engine's limit of sequences a step")
    own.add_argument("--context", metavar="TOKENS", help="longest sequence that must fit")
    own.add_argument("--itl-ms", metavar="MS", help="also: requests at a time within this time")
    add_json(own)


def run(options: argparse.Namespace) -> int:
    """Show the predictions.

    Raises:
        MisuseError: an option out of its range, or a name that no table holds.
    """
    from sizing.serving.request import ServingError

    try:
        serving, objective = asked(options)
    except ServingError as error:
        option = FIELDS.get(error.field, error.field)
        raise MisuseError(f"{option}: found {error.found!r}; allowed: {error.allowed}") from None
    write(
        options,
        document=lambda: document(serving, objective),
        sections=lambda: sections(serving, objective),
    )
    return FINE


def sections(serving: Serving, objective: float | None) -> tuple[Section, ...]:
    """Return the predictions as a table, with what its columns mean."""
    from preview.tables import Section

    table, notes = report(serving, objective)
    return (Section(title=title(serving), table=table, lines=(*notes, *MEANING)),)


def asked(options: argparse.Namespace) -> tuple[Serving, float | None]:
    """Return what the options ask for, and the inter-token objective in ms.

    Raises:
        ServingError: an option out of its range, or a name that no table holds.
    """
    from sizing.serving.gpus import gpu
    from sizing.serving.models import model_shape
    from sizing.serving.request import Serving

    wanted = {field: getattr(options, name) for field, name in WHOLE.items()}
    whole = {field: _whole(field, said) for field, said in wanted.items() if said is not None}
    serving = Serving(
        gpu=_named("--gpu", gpu, options.gpu),
        model=_named("--model", model_shape, options.model),
        precision=options.precision,
        cache_precision=options.kv_precision,
        **whole,
    )
    return serving, None if options.itl_ms is None else _milliseconds("--itl-ms", options.itl_ms)


def report(serving: Serving, objective: float | None) -> tuple[Table, tuple[str, ...]]:
    """Return the predictions side by side, and why a profile has none."""
    from preview.tables import Table
    from sizing.serving.throughput import predictions
    from sizing.units import GIB

    found = predictions(serving)
    lines = [(label, *(_number(getattr(p, key)) for p in found.values())) for label, key in ROWS]
    lines.append(("cache, GiB", *(f"{p.kv_pool_bytes / GIB:.1f}" for p in found.values())))
    lines.append(("bound by", *(p.bound or "-" for p in found.values())))
    if objective is not None:
        kept = slots_within(serving, objective)
        lines.append((f"slots within {objective:g} ms", *(str(kept[name]) for name in found)))
    columns = ("", *found)
    notes = tuple(f"{name}: does not fit: {p.reason}" for name, p in found.items() if not p.fits)
    return Table(columns=columns, rows=tuple(lines), right=frozenset(found)), notes


def document(serving: Serving, objective: float | None = None) -> dict[str, Json]:
    """Return the predictions as JSON: what was asked, then one object a profile."""
    from sizing.serving.throughput import predictions

    request: dict[str, Json] = {
        "gpu": serving.gpu.name,
        "tensor_parallel": serving.tensor_parallel,
        "model": serving.model.name,
        "precision": serving.precision,
        "kv_precision": serving.cache,
        "input_tokens": serving.input_tokens,
        "output_tokens": serving.output_tokens,
        "concurrency": serving.concurrency,
        "requests": serving.requests,
    }
    found = {str(name): _fields(one) for name, one in predictions(serving).items()}
    if objective is not None:
        for name, kept in slots_within(serving, objective).items():
            found[name]["slots"] = kept
    return {"schema": SCHEMA, "request": request, **found}


def slots_within(serving: Serving, objective: float) -> dict[ProfileName, int]:
    """Return the requests at a time within an inter-token objective, by profile."""
    from sizing.serving.profiles import ProfileName
    from sizing.serving.throughput import slots

    return {name: slots(serving, name, itl_ms=objective) for name in ProfileName}


def _fields(prediction: Prediction) -> dict[str, Json]:
    from sizing.model import plain

    shown = plain(prediction)
    assert isinstance(shown, dict)
    return {key: round(one, 3) if isinstance(one, float) else one for key, one in shown.items()}


def title(serving: Serving) -> str:
    """Return what is predicted, in a line."""
    load = str(serving.concurrency or "as many as fit")
    if serving.requests is not None:
        load += f", {serving.requests:,} in all"
    return (
        f"{serving.model.name} in {serving.precision} (cache in {serving.cache}) on "
        f"{serving.tensor_parallel} x {serving.gpu.name}: {serving.input_tokens:,} tokens in, "
        f"{serving.output_tokens:,} out, at a time: {load}"
    )


def _named(option: str, find: Callable[[str], T], name: str) -> T:
    from sizing.catalog.shapes import UnknownNameError
    from sizing.serving.request import ServingError

    try:
        return find(name)
    except UnknownNameError as error:
        near = str(error).partition("; ")[-1]
        raise ServingError(option, name, f"a name of the table; {near}") from None


def _whole(field: str, text: str) -> int:
    from sizing.serving.request import ServingError, allowed_range

    try:
        return int(text)
    except ValueError:
        raise ServingError(field, text, allowed_range(field)) from None


def _milliseconds(option: str, text: str) -> float:
    from sizing.serving.request import ServingError

    allowed = f"a number above 0, at most {MOST_MILLISECONDS:,}"
    try:
        value = float(text)
    except ValueError:
        raise ServingError(option, text, allowed) from None
    if not 0 < value <= MOST_MILLISECONDS:
        raise ServingError(option, text, allowed)
    return value


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if isinstance(value, int) or value >= 100 else f"{value:,.1f}"
