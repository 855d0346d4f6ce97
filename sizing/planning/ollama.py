"""Ollama's size, and the GPU machine that it stands on where it has one.

Its models are named, not described: how many parameters one has and how wide they are is read off
its tag ("llama3.1:8b-instruct-q8_0"), four bits where the tag says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sizing.capacity.ends import highest
from sizing.capacity.osmen_settings import FOUR_BITS_IN_BYTES, container
from sizing.catalog import InstanceType, instances
from sizing.documents.osmen_resources import GPUS
from sizing.pack import Item, most_of
from sizing.planning.environment import Setting
from sizing.planning.machines import sold
from sizing.planning.serving import hourly
from sizing.planning.sizes import Size
from sizing.plans.tools import CHEAPEST_GPU, OllamaRequest
from sizing.reserve import room
from sizing.serving.gpus import gpu, gpu_of
from sizing.units import GIB, GIGA, MILLIS_PER_CPU

NAME = "ollama"
GPU_COUNT = 1  # a model is on one of them where it fits there. Source: ollama-faq, 2026.
# Document 003's Qdrant has half of its CPU limit requested in this platform's sizes; so do these.
REQUESTED = 0.5
BITS_PER_BYTE = 8
# Numbers in a tag are billions; "8x7b" shares parts between its experts, so that no product says
# how many it has.
_PARAMETERS = re.compile(r"(?<![a-z0-9.x])(\d+(?:\.\d+)?)b(?![a-z0-9])")
_MIXTURE = re.compile(r"\d+x\d+")
_WIDTH = re.compile(r"(?<![a-z0-9])(?:q(?P<quantized>[2-8])_|(?:bf|fp|f)(?P<plain>16|32))")


def limits(row: str) -> Size:
    """Return the limits of a row of the allocation table; half of the CPU is requested."""
    found = container(row)
    cpu = int(highest(found.cpu_limit)) * MILLIS_PER_CPU
    memory = round(highest(found.memory_limit) / GIGA) * GIB
    return Size(
        cpu_millis=int(cpu * REQUESTED),
        cpu_limit_millis=cpu,
        memory_bytes=memory,
        memory_limit_bytes=memory,
    )


SIZE = limits("Ollama (optional)")
ITEM = Item(
    name=NAME,
    replicas=1,
    millis=SIZE.cpu_millis,
    memory_bytes=SIZE.memory_bytes,
    gpus=GPU_COUNT,
)
"""Its only pod where it computes on a GPU."""


def on_gpu(setting: Setting) -> OllamaRequest | None:
    """Return what is asked of Ollama on a GPU; None where it is off or computes on CPU."""
    asked = setting.request.switches.osmen.ollama
    return asked if asked is not None and asked.gpu else None


def parameters(model: str) -> float | None:
    """Return how many parameters a model's name says it has, None where it says none."""
    name = model.lower()
    found = _PARAMETERS.findall(name)
    return None if not found or _MIXTURE.search(name) else float(found[-1]) * GIGA


def weights(model: str) -> float | None:
    """Return the bytes that a model's weights take at the least, None where nothing says it."""
    known, width = parameters(model), _WIDTH.search(model.lower())
    if known is None:
        return None
    bits = next((one for one in width.groups() if one), "") if width else ""
    return known * (int(bits) / BITS_PER_BYTE if bits else FOUR_BITS_IN_BYTES)


def gpu_bytes(models: Iterable[str]) -> float:
    """Return the memory of a GPU for the largest of the models, as document 003 gives it.

    Its weights, or the memory that the document's table gives a class of so many parameters,
    whichever is more; of a model that says nothing, the table's smallest.
    """
    return max((_memory(one) for one in models), default=_documented(0))


def _memory(model: str) -> float:
    return max(weights(model) or 0, _documented(parameters(model) or 0))


def _documented(of_parameters: float) -> float:
    sized = [one for one in GPUS if one.models.parameters is not None]
    held = (one for one in sized if of_parameters <= highest(one.models.parameters))  # type: ignore[arg-type]
    return highest(next(held, sized[-1]).memory)


def usable(machine: InstanceType) -> float:
    """Return the bytes that a process can take of one of a machine's GPUs; 0 where unknown."""
    known = gpu_of(machine.gpu_model, machine.gpu_memory_gib)
    return known.usable_bytes if known else 0


def fits(asked: OllamaRequest, machine: InstanceType) -> bool:
    """Say whether a machine is what is asked for: the named GPU, or any that holds the models."""
    if not machine.gpus or machine.architecture != "amd64" or not most_of(ITEM, room(machine)):
        return False
    if asked.gpu == CHEAPEST_GPU:
        return usable(machine) >= gpu_bytes(asked.models)
    return gpu_of(machine.gpu_model, machine.gpu_memory_gib) == gpu(asked.gpu)


def machine(setting: Setting, asked: OllamaRequest) -> InstanceType:
    """Return the cheapest machine of what is asked for; without any, the one with most memory.

    Raises:
        ValueError: the cloud rents no machine with the named GPU.
        UnknownNameError: nobody knows a GPU of that name.
    """
    every = [one for one in instances(setting.request.cloud) if one.gpus]
    suited = [one for one in every if fits(asked, one)]
    if not suited and asked.gpu != CHEAPEST_GPU:
        known = ", ".join(sorted({one.gpu_model.removeprefix("NVIDIA ") for one in every}))
        raise ValueError(
            f"services.ollama.gpu: {setting.request.cloud} rents no {asked.gpu}; it has {known}"
        )
    if not suited:
        most = max(usable(one) for one in every if sold(setting, one))
        suited = [one for one in every if usable(one) == most]
    # what is not sold here is taken where nothing else is: the checks say so
    offered = [one for one in suited if sold(setting, one)] or suited
    priced = [one for one in offered if hourly(setting, one, "gpu") is not None] or offered
    return min(priced, key=lambda one: (hourly(setting, one, "gpu") or 0, one.name))
