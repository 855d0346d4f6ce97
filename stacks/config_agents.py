"""What the agent gateway serves, and whom: the part of a stack's config that says it.

Servers, agents and callers stand under their names, so that none is there twice.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import Field, field_validator

from stacks.config_errors import words
from stacks.config_parts import Strict
from stacks.config_values import AgentUrl, Expression, SecretName, ServerUrl, Slug, Url


class McpServerConfig(Strict):
    """An MCP server whose tools callers find as `<server>_<tool>`."""

    url: ServerUrl = Field(description="address of its endpoint, in the cluster or by https://")
    transport: Literal["mcp", "sse"] = Field(
        default="mcp", description='"mcp", streamable HTTP; "sse", the older server-sent events'
    )
    existing_secret: SecretName | None = Field(
        default=None,
        description="name of a secret in the cloud's store whose text it wants as bearer token",
    )


class AgentConfig(Strict):
    """An agent that others call by A2A at `/agents/<name>`."""

    url: AgentUrl = Field(description="where it answers, without a path")
    existing_secret: SecretName | None = Field(
        default=None,
        description="name of a secret in the cloud's store whose text it wants as bearer token",
    )


class TokensConfig(Strict):
    """Callers show a token (JWT) of one issuer instead of a key."""

    issuer: Url = Field(description="as its tokens name it")
    audiences: tuple[str, ...] = Field(min_length=1, description="of which a token must name one")
    keys_url: Url = Field(description="where the issuer's public keys are")


class AgentsConfig(Strict):
    """What the agent gateway serves, and whom."""

    callers: tuple[Slug, ...] = Field(
        default=("platform",),
        min_length=1,
        description="who may call: each gets a key of its own, which the platform makes",
    )
    tokens: TokensConfig | None = Field(
        default=None, description="tokens of an issuer instead of keys; `callers` then get none"
    )
    servers: dict[Slug, McpServerConfig] = Field(
        default_factory=dict, description="MCP servers by name"
    )
    agents: dict[Slug, AgentConfig] = Field(default_factory=dict, description="A2A agents by name")
    tools: tuple[Expression, ...] = Field(
        default=(),
        description="conditions (CEL) of which one must hold for a tool to be seen and called; "
        "every caller sees every tool where none is given",
    )

    @field_validator("callers")
    @classmethod
    def _each_caller_once(cls, callers: tuple[str, ...]) -> tuple[str, ...]:
        twice = [f'"{name}"' for name, times in Counter(callers).items() if times > 1]
        if twice:
            raise ValueError(f"each caller once, unlike {words(twice, 'and')}")
        return callers
