"""Alertmanager as others find it: its name and its ports. Pure."""

from __future__ import annotations

NAME = "alertmanager"
PORT = 9093
PORT_NAME = "web"
GOSSIP_PORT = 9094
"""By which several tell each other what is told already, over TCP and UDP."""
