"""What people look at, as code: dashboards of a plan, and the JSON that Grafana reads. Pure."""

from __future__ import annotations

from components.kubernetes.dashboards.model import Dashboard
from components.kubernetes.dashboards.render import files
from components.kubernetes.dashboards.shelf import dashboards

__all__ = ["Dashboard", "dashboards", "files"]
