"""Document 003, what models and machines cost and how its models compare.

Source: document-003, 2024-11-18.
"""

from __future__ import annotations

from dataclasses import dataclass

from sizing.documents.amounts import Amount, amount, amounts, words
from sizing.documents.block import Block, table


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow:
    """A model in the document's own grades."""

    provider: str
    latency: str
    cost: str
    quality: str
    use_case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPrice:
    """US dollars for 1,000 tokens in and out."""

    written: str
    input_usd: Amount
    output_usd: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmCostRow:
    """What a model costs in a month at a number of requests a day."""

    model: str
    price_per_thousand_tokens: TokenPrice
    requests_per_day: Amount
    monthly: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class InfrastructureCostRow:
    """What one machine costs in a month."""

    option: str
    monthly: Amount
    pros: str
    cons: str


def _price(written: str) -> TokenPrice:
    both = amounts(written)
    return TokenPrice(written=written, input_usd=both[0], output_usd=both[-1])


LLM_PROVIDERS = (
    ProviderRow(
        provider="GPT-4 Turbo",
        latency="Low",
        cost="High",
        quality="Excellent",
        use_case="Critical tasks",
    ),
    ProviderRow(
        provider="GPT-3.5 Turbo",
        latency="Very Low",
        cost="Medium",
        quality="Good",
        use_case="Quick responses",
    ),
    ProviderRow(
        provider="Claude Opus",
        latency="Low",
        cost="High",
        quality="Excellent",
        use_case="Complex reasoning",
    ),
    ProviderRow(
        provider="Local (Ollama)",
        latency="Medium",
        cost="Free",
        quality="Good",
        use_case="Privacy-sensitive",
    ),
)

GPT4_COST = LlmCostRow(
    model="GPT-4",
    price_per_thousand_tokens=_price("$0.03 input, $0.06 output"),
    requests_per_day=amount("1,000"),
    monthly=amount("$150-300"),
)
GPT35_COST = LlmCostRow(
    model="GPT-3.5 Turbo",
    price_per_thousand_tokens=_price("$0.001 input, $0.002 output"),
    requests_per_day=amount("1,000"),
    monthly=amount("$10-20"),
)
OLLAMA_COST = LlmCostRow(
    model="Local (Ollama)",
    price_per_thousand_tokens=_price("$0 (hardware only)"),
    requests_per_day=words("Unlimited"),
    monthly=amount("$0"),
)
LLM_COST = (GPT4_COST, GPT35_COST, OLLAMA_COST)

INFRASTRUCTURE_COST = (
    InfrastructureCostRow(
        option="AWS EC2 (t3.xlarge)",
        monthly=amount("$120"),
        pros="Scalable",
        cons="Ongoing cost",
    ),
    InfrastructureCostRow(
        option="DigitalOcean Droplet",
        monthly=amount("$80"),
        pros="Simple",
        cons="Limited resources",
    ),
    InfrastructureCostRow(
        option="Self-hosted (amortized)",
        monthly=amount("$30"),
        pros="Full control",
        cons="Upfront cost",
    ),
)


def blocks() -> tuple[Block, ...]:
    """Return the blocks of models and costs, in the document's order."""
    return (
        table(
            "003-llm-providers",
            "LLM Provider Optimization",
            ("Provider", "Latency", "Cost", "Quality", "Use Case"),
            LLM_PROVIDERS,
        ),
        table(
            "003-llm-cost",
            "LLM Usage",
            ("Model", "Cost per 1K tokens", "Requests/Day", "Monthly Cost"),
            LLM_COST,
        ),
        table(
            "003-infrastructure-cost",
            "Infrastructure",
            ("Option", "Monthly Cost", "Pros", "Cons"),
            INFRASTRUCTURE_COST,
        ),
    )
