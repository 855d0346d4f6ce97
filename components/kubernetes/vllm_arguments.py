"""How vLLM is told what the plan assumed of an engine: its flags and its variables.

Pure. Flags as v0.29 names them (https://docs.vllm.ai/en/v0.30.0/cli/serve/).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sizing.plans.workloads import ModelPlan
from sizing.units import GIB

PORT = 8000
HEALTH = "/health"
"""200 while the engine's process lives; it answers only once the weights are loaded."""
METRICS = "/metrics"
HOME = "/home/vllm"
"""Of the image's own user; every cache follows it. The image starts as root otherwise."""
TEMPORARY = "/tmp"
SHARED_MEMORY = "/dev/shm"
DRAIN_SECONDS = 570
"""How long a stopping engine finishes what it answers. With the wait before and what it takes to
end it stays within the 600 s that the cluster autoscaler grants a pod, and the proxy a request."""
# Requests to the bucket at once, of each process. The streamer's own default for object stores is
# 8; vLLM's documentation shows 16.
STREAMS = 16
# Part of the requested memory that weights on their way to the GPUs may take. Without a limit the
# streamer takes 40 GB in each process, or all of the weights where processes share the work: more
# than an engine's container may have.
# https://github.com/run-ai/runai-model-streamer/blob/master/docs/src/env-vars.md
STREAMED_SHARE = 2  # one part in so many
# A tensor is the least that is streamed: Llama 3 70B's largest takes 2.1 GB (128,256 x 8,192 of
# 2 bytes).
LEAST_STREAMED_BYTES = 2 * GIB
# The proxy keeps an idle connection for 120 s (LiteLLM, AIOHTTP_KEEPALIVE_TIMEOUT), vLLM by itself
# for 5: a request would meet one that has just been closed, and count as a failure of the engine.
KEEP_ALIVE_SECONDS = 150
DTYPES: Mapping[str, str] = {"bf16": "bfloat16"}
"""vLLM's words for what is computed in; "auto", the checkpoint's own, for narrowed weights."""
# https://docs.vllm.ai/en/latest/features/tool_calling/: what a model writes a call of a tool in.
# Without a parser an engine refuses requests that leave the choice of a tool to the model.
TOOL_PARSERS: Mapping[str, str] = {
    "meta-llama/llama-3.1-": "llama3_json",
    "meta-llama/llama-3.2-": "llama3_json",
    # https://gigagpu.com/function-calling-llama-3-3-guide/
    "meta-llama/llama-3.3-": "llama3_json",
    "qwen/qwen2.5-": "hermes",
}


def flags(model: ModelPlan, memory_bytes: int, *, traces: str = "") -> tuple[str, ...]:
    """Return what follows the model's address in `vllm serve`.

    Args:
        model: what is served, and what the plan counted with.
        memory_bytes: that the container requests.
        traces: where they go by OTLP over gRPC ("http://host:port"), "" for nowhere. The image
            holds what that takes (vllm-project/vllm #34466).
    """
    return (
        "--served-model-name",
        model.name,
        "--host",
        "0.0.0.0",
        "--port",
        str(PORT),
        "--tensor-parallel-size",
        str(model.tensor_parallel),
        "--max-model-len",
        str(model.context_tokens),
        "--max-num-seqs",
        str(model.max_sequences),
        "--gpu-memory-utilization",
        f"{model.gpu_memory_utilisation:g}",
        "--dtype",
        DTYPES.get(model.precision, "auto"),
        "--kv-cache-dtype",
        model.cache_dtype,
        *_quantization(model),
        "--load-format",
        "runai_streamer",
        "--model-loader-extra-config",
        json.dumps(_streaming(model, memory_bytes), sort_keys=True),
        "--enable-prefix-caching",
        "--shutdown-timeout",
        str(DRAIN_SECONDS),
        *(("--otlp-traces-endpoint", traces) if traces else ()),
        *_tools(model),
    )


def environment() -> Mapping[str, str]:
    """Return the variables of every engine: nothing leaves it, and caches stand where it writes."""
    return {
        "HOME": HOME,
        # torch asks for the user's name when it is imported
        "USER": "vllm",
        "LOGNAME": "vllm",
        "TMPDIR": TEMPORARY,
        "XDG_CACHE_HOME": f"{HOME}/.cache",
        "XDG_CONFIG_HOME": f"{HOME}/.config",
        "HF_HOME": f"{HOME}/.cache/huggingface",
        "VLLM_CACHE_ROOT": f"{HOME}/.cache/vllm",
        "VLLM_CONFIG_ROOT": f"{HOME}/.config/vllm",
        "VLLM_HTTP_TIMEOUT_KEEP_ALIVE": str(KEEP_ALIVE_SECONDS),
        "TORCHINDUCTOR_CACHE_DIR": f"{HOME}/.cache/torchinductor",
        "TRITON_CACHE_DIR": f"{HOME}/.cache/triton",
        "NUMBA_CACHE_DIR": f"{HOME}/.cache/numba",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "DO_NOT_TRACK": "1",
    }


def _quantization(model: ModelPlan) -> tuple[str, ...]:
    return ("--quantization", model.quantization) if model.quantization else ()


def _streaming(model: ModelPlan, memory_bytes: int) -> Mapping[str, object]:
    """Return how weights are read; one process for each GPU, all in the container's memory."""
    share = memory_bytes // STREAMED_SHARE // model.tensor_parallel
    return {
        "concurrency": STREAMS,
        # each process reads its part of the files and hands it to the others
        "distributed": model.tensor_parallel > 1,
        "memory_limit": max(LEAST_STREAMED_BYTES, share),
    }


def _tools(model: ModelPlan) -> tuple[str, ...]:
    repository = model.repository.lower()
    for prefix, parser in TOOL_PARSERS.items():
        if repository.startswith(prefix):
            return ("--enable-auto-tool-choice", "--tool-call-parser", parser)
    return ()
