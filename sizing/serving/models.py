"""Models by shape: what their weights and one token of their cache take, by precision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sizing.serving.tables import pick, rows

KEY_AND_VALUE: Final = 2  # a cache holds both
GATED: Final = 3  # matrices of a gated feed-forward block: gate, up, down
# Bytes of a weight. int4 in groups of 128 carries a 16-bit scale and a 4-bit zero a group: 4.16
# bits; with 8-bit layers left in, checkpoints come to about 4.25. Embeddings and the output head
# stay in 16 bits where weights are narrower. Source: qwen-speed (sizes of GPTQ checkpoints).
WEIGHT_BYTES: Final = {"bf16": 2.0, "fp8": 1.0, "int8": 1.0, "int4": 0.53}
CACHE_BYTES: Final = {"bf16": 2.0, "fp8": 1.0}
EMBEDDING_BYTES: Final = 2.0  # see WEIGHT_BYTES
PRECISIONS: Final = tuple(WEIGHT_BYTES)
CACHE_PRECISIONS: Final = tuple(CACHE_BYTES)

_IGNORED = re.compile(r"instruct|chat|hf|it|base|meta|fp8|awq|gptq|bf16|v\d+(\.\d+)?|\d{4}|\d+k")
_SPLIT = re.compile(r"[-_ ]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelShape:
    """A decoder model as its config.json states it.

    Attributes:
        intermediate: width of a feed-forward block; of one expert where there are experts.
        tied: the output head reads the embedding's table.
        experts: 0 for a dense model.
        experts_per_token: how many of them one token passes.
        source: id of where the shape was read.
    """

    name: str
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    intermediate: int
    vocabulary: int
    tied: bool
    experts: int = 0
    experts_per_token: int = 0
    source: str = ""

    @property
    def attention(self) -> int:
        """Return the weights of all attention blocks."""
        width = self.head_dim * (self.heads + self.kv_heads)
        return self.layers * KEY_AND_VALUE * self.hidden * width

    @property
    def expert(self) -> int:
        """Return the weights of one feed-forward block in every layer."""
        return self.layers * GATED * self.hidden * self.intermediate

    @property
    def feed_forward(self) -> int:
        """Return the weights of all feed-forward blocks, and of what routes to them."""
        return self.expert * max(1, self.experts) + self.layers * self.hidden * self.experts

    @property
    def embedding(self) -> int:
        """Return the weights of the token table."""
        return self.vocabulary * self.hidden

    @property
    def embeddings(self) -> int:
        """Return the weights of the token table and of the output head."""
        return self.embedding if self.tied else self.embedding * KEY_AND_VALUE

    @property
    def parameters(self) -> int:
        """Return all weights, without norms and biases (below a thousandth)."""
        return self.attention + self.feed_forward + self.embeddings

    @property
    def active(self) -> int:
        """Return the weights of the layers that one token passes."""
        routed = self.expert * max(1, self.experts_per_token)
        return self.attention + routed + self.layers * self.hidden * self.experts

    @property
    def active_parameters(self) -> int:
        """Return the weights that one token passes, embeddings included."""
        return self.active + self.embeddings

    def experts_read(self, tokens: float) -> float:
        """Return the share of the experts that some of a number of tokens pass, on average."""
        if not self.experts:
            return 1.0
        passed = self.experts_per_token / self.experts
        return 1 - float((1 - passed) ** tokens)


def model_shape(name: str) -> ModelShape:
    """Return a model by name or by its repository ("meta-llama/Llama-3.1-8B-Instruct").

    Raises:
        UnknownNameError: the table does not hold it; the message names the nearest.
    """
    return pick(_by_key(), _key(name), name, "model", model_names())


def model_names() -> tuple[str, ...]:
    """Return the names of all models, in the table's order."""
    return tuple(row["name"] for row in rows("models"))


def weight_bytes(shape: ModelShape, precision: str) -> float:
    """Return the bytes of all weights.

    Raises:
        KeyError: not one of `PRECISIONS`.
    """
    narrow = (shape.attention + shape.feed_forward) * WEIGHT_BYTES[precision]
    return narrow + shape.embeddings * EMBEDDING_BYTES


def read_bytes(shape: ModelShape, precision: str, sequences: float) -> float:
    """Return the bytes of weights that one step reads: no token table, and the experts chosen."""
    each = WEIGHT_BYTES[precision]
    experts = shape.feed_forward * shape.experts_read(sequences)
    return (shape.attention + experts) * each + shape.embedding * EMBEDDING_BYTES


def kv_bytes_per_token(shape: ModelShape, precision: str = "bf16") -> float:
    """Return the bytes that one token takes in the cache.

    Raises:
        KeyError: not one of `CACHE_PRECISIONS`.
    """
    values = KEY_AND_VALUE * shape.layers * shape.kv_heads * shape.head_dim
    return values * CACHE_BYTES[precision]


def _key(name: str) -> str:
    words = _SPLIT.split(name.lower().rpartition("/")[-1])
    return "".join(word for word in words if not _IGNORED.fullmatch(word))


@cache
def _by_key() -> dict[str, ModelShape]:
    found = {}
    for row in rows("models"):
        for spelling in (row["name"], *row["aliases"]):
            found[_key(spelling)] = _read(row)
    return found


def _read(row: dict[str, Any]) -> ModelShape:
    fields = {key: row[key] for key in ModelShape.__dataclass_fields__ if key in row}
    return ModelShape(**fields)
