"""What no trace and no log line may keep: keys, tokens, passwords, and what people asked a model.

Pure. In the words of the collector's `redaction` processor: patterns are RE2, a value that holds a
match keeps the rest of it, and a key that matches loses its value. Keys are whole names of
attributes, whose counters ("gen_ai.usage.input_tokens") are no secrets.
"""

from __future__ import annotations

from typing import Any

NAME = "redaction"
# Keys of LiteLLM, OpenAI and Anthropic; of Hugging Face, AWS, Vault; tokens by their form.
SECRETS: tuple[str, ...] = (
    r"sk-[A-Za-z0-9_-]{8,}",
    r"hf_[A-Za-z0-9]{16,}",
    r"\b(AKIA|ASIA)[A-Z0-9]{16}\b",
    r"\bhv[sbr]\.[A-Za-z0-9_-]{16,}",
    r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
)
# What a log line says of itself that it is secret: headers, variables, addresses with passwords.
NAMED_SECRETS: tuple[str, ...] = (
    # "basic" alone is a word of its own
    r"(?i)\bauthorization[\"']?\s*[:=]\s*[\"']?(basic|bearer|digest|negotiate)\s+[^\s\"',;}]+",
    r"(?i)\bbearer\s+[A-Za-z0-9._~+/=-]{6,}",
    r"(?i)\b(x-)?(api[-_]?key|authorization|cookie|passwd|password|secret|x-amz-security-token)"
    r"[\"']?\s*[:=]\s*[\"']?[^\s\"',;}]{4,}",
    r"://[^/\s:@]*:[^/\s@]+@",
)
SECRET_KEYS: tuple[str, ...] = (
    r".*authorization.*",
    r".*cookie.*",
    r".*passw(or)?d.*",
    r".*secret.*",
    r".*api[-_.]?key",
    r"(.*[._-])?(access|bearer|id|refresh|security|session)[-_.]?token",
)
# Prompts and answers, as OpenTelemetry's conventions and their forerunners name them.
CONTENT_KEYS: tuple[str, ...] = (
    r"gen_ai\.(prompt|completion)(\..*)?",
    r"gen_ai\.(input|output)\.messages",
    r"gen_ai\.system_instructions",
    r"gen_ai\.tool\.call\.(arguments|result)",
    r"gen_ai\.event\.content",
    r"llm\.(prompts|completions|request\.messages|response\.choices)(\..*)?",
    r"(input|output)\.value",
    r"traceloop\.entity\.(input|output)",
)


def processor() -> dict[str, Any]:
    """Return the processor's configuration; it lets every key pass and says nothing of its own."""
    return {
        "allow_all_keys": True,
        "blocked_values": [*NAMED_SECRETS, *SECRETS],
        "blocked_key_patterns": [_whole(one) for one in (*SECRET_KEYS, *CONTENT_KEYS)],
        # it would add to each record what it has found there
        "summary": "silent",
    }


def _whole(pattern: str) -> str:
    return f"(?i)^(?:{pattern})$"
