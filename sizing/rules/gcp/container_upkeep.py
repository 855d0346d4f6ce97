"""What GKE refuses of a cluster's versions, its maintenance and its words."""

from __future__ import annotations

import re

from sizing.rules.conditions import (
    among,
    between,
    counts,
    each,
    equals,
    every,
    exactly_one,
    is_set,
    needs,
    refused,
    when,
)
from sizing.rules.gcp.container import CLUSTER
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import absent, items, known, text

CHANNELS = ("EXTENDED", "RAPID", "REGULAR", "STABLE", "UNSPECIFIED")
LOGS = (
    *("APISERVER", "CONTROLLER_MANAGER", "KCP_CONNECTION", "KCP_HPA", "KCP_SSHD", "KCP_VPA"),
    *("SCHEDULER", "SYSTEM_COMPONENTS", "WORKLOADS"),
)
EXCLUSION_SCOPES = ("NO_MINOR_OR_NODE_UPGRADES", "NO_MINOR_UPGRADES", "NO_UPGRADES")
EXCLUSIONS_MOST = 20
WINDOWS = (
    "maintenancePolicy.dailyMaintenanceWindow",
    "maintenancePolicy.recurringWindow",
    "maintenancePolicy.recurringMaintenanceWindow",
)
WINDOW_HOURS = 48
"""Hours that maintenance needs in `WINDOW_DAYS`, by stretches that count (gke-windows)."""
WINDOW_DAYS = 32
WINDOW_STRETCH = 4
"""Hours of the shortest stretch that counts (gke-windows)."""
WEEK_DAYS = 7
MINUTES_PER_HOUR = 60
_ENDS = ("startTime", "endTime")
_INSTANT = re.compile(r"(?P<day>[\d-]{10})T(?P<hour>\d\d):(?P<minute>\d\d):\d\dZ")
_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_WEEK = re.compile(rf"FREQ=WEEKLY;BYDAY=({_DAY}(?:,{_DAY})*)")


def _same_version(inputs: Inputs) -> str | None:
    node, master = text(inputs, "nodeVersion"), text(inputs, "minMasterVersion")
    if node is None or master is None or node.split("-")[0] == master.split("-")[0]:
        return None
    return f"nodeVersion is {node}, minMasterVersion is {master}"


def _ends_once(inputs: Inputs) -> str | None:
    ends, behaves = "endTime", "exclusionOptions.endTimeBehavior"
    if known(inputs, ends) and known(inputs, behaves):
        return f"{ends} and {behaves} set together"
    if absent(inputs, ends) and absent(inputs, behaves):
        return f"neither {ends} nor {behaves} set"
    return None


def _long_enough(inputs: Inputs) -> str | None:
    window = "maintenancePolicy.recurringWindow"
    start, end = (_INSTANT.fullmatch(text(inputs, f"{window}.{key}") or "") for key in _ENDS)
    days = _WEEK.fullmatch(text(inputs, f"{window}.recurrence") or "")
    # a window over midnight is as long as its days say, which is not counted here
    if start is None or end is None or start["day"] != end["day"]:
        return None
    hours = _hours(end) - _hours(start)
    if hours < WINDOW_STRETCH:
        return f"{hours:g} hours at a time"
    if days is None:
        return None
    available = hours * len(days[1].split(",")) * (WINDOW_DAYS // WEEK_DAYS)
    return f"{available:g} hours in {WINDOW_DAYS} days" if available < WINDOW_HOURS else None


def _hours(instant: re.Match[str]) -> float:
    return int(instant["hour"]) + int(instant["minute"]) / MINUTES_PER_HOUR


def _only_known_logs(inputs: Inputs) -> str | None:
    found = items(inputs, "loggingConfig.enableComponents") or []
    others = [one for one in found if isinstance(one, str) and one.isupper() and one not in LOGS]
    return f"enableComponents hold {others[0]}" if others else None


RULES = (
    Rule(
        id="gcp.gke.channel",
        types=CLUSTER,
        property="releaseChannel.channel",
        statement="A cluster is on a release channel, or on none by UNSPECIFIED.",
        source="terraform-provider-google",
        check=among("releaseChannel.channel", CHANNELS),
        passing={"releaseChannel": {"channel": "REGULAR"}},
        failing={"releaseChannel": {"channel": "NONE"}},
    ),
    Rule(
        id="gcp.gke.default-pool",
        types=CLUSTER,
        property="initialNodeCount",
        statement="A cluster begins with a node in each zone, also where its pool then goes.",
        source="pulumi-gcp",
        check=when(
            equals("removeDefaultNodePool", True),
            every(needs("initialNodeCount"), between("initialNodeCount", 1, None)),
        ),
        passing={"removeDefaultNodePool": True, "initialNodeCount": 1},
        failing={"removeDefaultNodePool": True},
    ),
    Rule(
        id="gcp.gke.no-version-of-a-pool-that-goes",
        types=CLUSTER,
        property="nodeVersion",
        statement="A cluster whose first pool goes takes no version of nodes.",
        source="terraform-provider-google",
        check=when(equals("removeDefaultNodePool", True), refused("nodeVersion")),
        passing={"removeDefaultNodePool": True, "minMasterVersion": "1.35"},
        failing={"removeDefaultNodePool": True, "nodeVersion": "1.35.7-gke.1"},
    ),
    Rule(
        id="gcp.gke.one-version",
        types=CLUSTER,
        property="nodeVersion",
        statement="Nodes are created in the version of the control plane.",
        source="terraform-provider-google",
        check=_same_version,
        passing={"nodeVersion": "1.35.7-gke.1", "minMasterVersion": "1.35.7-gke.2"},
        failing={"nodeVersion": "1.35.6-gke.1", "minMasterVersion": "1.35.7-gke.1"},
    ),
    Rule(
        id="gcp.gke.one-window",
        types=CLUSTER,
        property="maintenancePolicy",
        statement="A maintenance policy has one window.",
        source="terraform-provider-google",
        check=when(is_set("maintenancePolicy"), exactly_one(*WINDOWS)),
        passing={"maintenancePolicy": {"dailyMaintenanceWindow": {"startTime": "03:00"}}},
        failing={"maintenancePolicy": {"maintenanceExclusions": []}},
    ),
    Rule(
        id="gcp.gke.window-long-enough",
        types=CLUSTER,
        property="maintenancePolicy.recurringWindow",
        statement="Maintenance has 48 hours in 32 days, by stretches of four hours and more.",
        source="gke-windows",
        check=_long_enough,
        passing={
            "maintenancePolicy": {
                "recurringWindow": {
                    "startTime": "2026-01-03T02:00:00Z",
                    "endTime": "2026-01-03T08:00:00Z",
                    "recurrence": "FREQ=WEEKLY;BYDAY=SA,SU",
                }
            }
        },
        failing={
            "maintenancePolicy": {
                "recurringWindow": {
                    "startTime": "2026-01-03T02:00:00Z",
                    "endTime": "2026-01-03T06:00:00Z",
                    "recurrence": "FREQ=WEEKLY;BYDAY=SA,SU",
                }
            }
        },
    ),
    Rule(
        id="gcp.gke.exclusions",
        types=CLUSTER,
        property="maintenancePolicy.maintenanceExclusions",
        statement="An exclusion has one end and one of three scopes; there are at most 20.",
        source="terraform-provider-google",
        check=every(
            counts("maintenancePolicy.maintenanceExclusions", None, EXCLUSIONS_MOST),
            each(
                "maintenancePolicy.maintenanceExclusions",
                every(among("exclusionOptions.scope", EXCLUSION_SCOPES), _ends_once),
            ),
        ),
        passing={
            "maintenancePolicy": {"maintenanceExclusions": [{"endTime": "2027-01-04T00:00:00Z"}]}
        },
        failing={"maintenancePolicy": {"maintenanceExclusions": [{"exclusionName": "freeze"}]}},
    ),
    Rule(
        id="gcp.gke.logs",
        types=CLUSTER,
        property="loggingConfig.enableComponents",
        statement="Logs are of the control plane's parts, the system and workloads.",
        source="terraform-provider-google",
        check=_only_known_logs,
        passing={"loggingConfig": {"enableComponents": ["SYSTEM_COMPONENTS", "APISERVER"]}},
        failing={"loggingConfig": {"enableComponents": ["AUDIT"]}},
    ),
    Rule(
        id="gcp.gke.words",
        types=CLUSTER,
        property="gatewayApiConfig.channel",
        statement="Gateways, images' policies and the posture have words of their own.",
        source="terraform-provider-google",
        check=every(
            among(
                "gatewayApiConfig.channel",
                ("CHANNEL_DISABLED", "CHANNEL_EXPERIMENTAL", "CHANNEL_STANDARD"),
            ),
            among(
                "binaryAuthorization.evaluationMode",
                ("DISABLED", "PROJECT_SINGLETON_POLICY_ENFORCE"),
            ),
            among("securityPostureConfig.mode", ("BASIC", "DISABLED", "ENTERPRISE")),
        ),
        passing={"gatewayApiConfig": {"channel": "CHANNEL_STANDARD"}},
        failing={"gatewayApiConfig": {"channel": "STANDARD"}},
    ),
)
