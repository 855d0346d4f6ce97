"""Colours of pages and drawings in both themes, by what they are for; every pair is readable."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ROLES = ("gateway", "serving", "data", "vault", "observability", "apps", "system")
"""Kinds of workloads that have a colour and a letter of their own."""
LETTERS: Mapping[str, str] = MappingProxyType(
    {
        "gateway": "G",
        "serving": "S",
        "data": "D",
        "vault": "V",
        "observability": "O",
        "apps": "A",
        "system": "P",
    }
)
"""What says a kind without colour; "P" is the platform's own."""
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "gateway": "gateways",
        "serving": "model engines",
        "data": "data",
        "vault": "secrets",
        "observability": "observability",
        "apps": "applications",
        "system": "platform",
    }
)

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#ffffff",
        "ground": "#f5f7fa",
        "raised": "#ffffff",
        "ink": "#16202e",
        "soft": "#4b5a6e",
        "line": "#cfd7e2",
        "edge": "#7d8a9c",
        "accent": "#1d4fc4",
        "error": "#b3191f",
        "warning": "#8a5200",
        "fine": "#17703f",
        "zone": "#eef2f8",
        "public": "#fff6e3",
        "private": "#eaf4ee",
        "isolated": "#f1ecfb",
        "store": "#ffffff",
        "bar": "#5b83dd",
        "gateway": "#d9e5ff",
        "serving": "#e9defd",
        "data": "#d3efdd",
        "vault": "#fbe6c2",
        "observability": "#cdeef1",
        "apps": "#fbdbe9",
        "system": "#e2e7ee",
        "gateway-line": "#2c5bcb",
        "serving-line": "#7340d0",
        "data-line": "#1b7746",
        "vault-line": "#935700",
        "observability-line": "#0d6f7a",
        "apps-line": "#ad266a",
        "system-line": "#55637a",
    }
)
DARK: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#10161f",
        "ground": "#0b1017",
        "raised": "#161e2a",
        "ink": "#e8edf5",
        "soft": "#a9b6c8",
        "line": "#2d3a4c",
        "edge": "#77879d",
        "accent": "#86aaff",
        "error": "#ff8d8d",
        "warning": "#f3b95f",
        "fine": "#6fd49c",
        "zone": "#141c28",
        "public": "#2a2414",
        "private": "#13241c",
        "isolated": "#211a33",
        "store": "#1b2432",
        "bar": "#5f87e6",
        "gateway": "#1e3263",
        "serving": "#372465",
        "data": "#15412b",
        "vault": "#47320e",
        "observability": "#0f3d44",
        "apps": "#4c1c36",
        "system": "#2b3545",
        "gateway-line": "#86aaff",
        "serving-line": "#ba9bff",
        "data-line": "#68d49a",
        "vault-line": "#f0b95e",
        "observability-line": "#5fcbd6",
        "apps-line": "#ff97c5",
        "system-line": "#a6b4ca",
    }
)

READ: tuple[tuple[str, str], ...] = (
    *((ink, under) for ink in ("ink", "soft") for under in ("paper", "ground", "raised", "zone")),
    *((ink, u) for ink in ("ink", "soft") for u in ("public", "private", "isolated", "store")),
    *(
        (ink, under)
        for ink in ("accent", "error", "warning", "fine")
        for under in ("paper", "raised")
    ),
    *((ink, "ground") for ink in ("accent", "error", "warning", "fine")),
    *(("ink", role) for role in ROLES),
    *((f"{role}-line", role) for role in ROLES),
)
"""What is written on what."""
SEEN: tuple[tuple[str, str], ...] = (
    *((f"{role}-line", "paper") for role in ROLES),
    *(("edge", under) for under in ("paper", "raised", "zone", "private", "isolated", "public")),
    ("bar", "raised"),
)
"""Lines and bars that must be seen on what they lie on."""


def variables(theme: Mapping[str, str]) -> str:
    """Return a theme as CSS declarations."""
    return "".join(f"--{name}:{colour};" for name, colour in theme.items())


def role(namespace_role: str) -> str:
    """Return the kind of a namespace's workloads: what has no colour is the platform's."""
    return namespace_role if namespace_role in ROLES else "system"
