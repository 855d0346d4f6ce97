"""From answers to a stack file: the values of `aigw:platform`, and their YAML.

The YAML has the form of the repository's own stack files: short lists on a line, text plain where
YAML reads it as the same text, and in quotes where it would not (an account's digits).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from preview.initial.answers import NONE, Answers, parts
from preview.initial.questions import QUESTIONS, Question, applies, value
from sizing.words import Access

PRIVATE = str(Access.PRIVATE)
WIDEST = 60
"""A list whose entries have more characters stands below its key, an entry a line."""
UNBROKEN = 1 << 20
"""No text is broken in two lines."""
WHOLE = re.compile(r"0|[1-9][0-9]{0,17}")
TEXT, LIST = "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq"
SCHEMA = "preview/schemas/stack.schema.json"
ORDER = (
    "environment",
    "tier",
    "cloud",
    "shares",
    "account_id",
    "project",
    "project_number",
    "region",
    "zone_ids",
    "name",
    "cost_center",
    "network",
    "cluster",
    "iam",
    "ingress",
    "models",
    "workload",
)
"""Order of the keys; it is that of the repository's own files."""


def platform(answers: Answers) -> dict[str, object]:
    """Return the values of `aigw:platform`; a stand-in is where nothing is said yet.

    Raises:
        preview.workload_file.FileError: the workload file cannot be read.
    """
    made: dict[str, object] = {
        "environment": str(answers.environment),
        "tier": str(answers.tier),
        "cloud": str(answers.cloud),
    }
    if answers.host is not None:
        made["shares"] = answers.host.stack
    for one in QUESTIONS:
        if applies(one, answers) and one.flag != "deployer":
            _put(made, one, value(answers, one.flag) or one.stand_in)
    if not answers.in_hosts_cluster:
        _administrators(made, answers)
    return {key: made[key] for key in sorted(made, key=ORDER.index)}


def deployer_of(answers: Answers) -> str | None:
    """Return who is added to the administrators; None where nobody is, or is one already."""
    said = value(answers, "deployer")
    return None if said in {None, NONE, *parts(value(answers, "administrators") or "")} else said


def _put(made: dict[str, object], question: Question, text: str) -> None:
    if question.optional and text in {"", NONE}:
        return
    above, *inner = question.path.split(".")
    if question.flag == "reach":
        made["cluster"] = _cluster(text)
        return
    if question.flag == "workload":
        from preview.workload_file import read

        made[above] = _typed(read(Path(text)))
        return
    at = made
    for key in inner:
        below = at.setdefault(above, {})
        assert isinstance(below, dict)
        at, above = below, key
    at[above] = parts(text) if question.many else text


def _typed(said: object) -> object:
    """Return a workload with its whole numbers and truth values as such; all else is text."""
    if isinstance(said, Mapping):
        return {key: _typed(one) for key, one in said.items()}
    if isinstance(said, list):
        return [_typed(one) for one in said]
    if said in {"true", "false"}:
        return said == "true"
    return int(said) if isinstance(said, str) and WHOLE.fullmatch(said) else said


def _cluster(reach: str) -> dict[str, object]:
    if reach == PRIVATE:
        return {"access": PRIVATE, "runner": "in-vpc"}
    return {"access": str(Access.ALLOWLIST), "allow_list": parts(reach)}


def _administrators(made: dict[str, object], answers: Answers) -> None:
    cluster, more = made["cluster"], deployer_of(answers)
    assert isinstance(cluster, dict)
    if more is not None:
        cluster["admin_principals"] = [*cluster["admin_principals"], more]


def text(answers: Answers) -> str:
    """Return the text of the stack's file.

    Raises:
        preview.workload_file.FileError: the workload file cannot be read.
    """
    head = ["# Made by `aigw init`, to be changed by hand; docs/configuration.md has every key."]
    if (answers.path.parent.parent / SCHEMA).is_file():
        head.insert(0, f"# yaml-language-server: $schema=../{SCHEMA}")
    written = yaml.dump(
        {"config": {"aigw:platform": platform(answers)}},
        Dumper=_Dumper,
        sort_keys=False,
        width=UNBROKEN,
        allow_unicode=True,
    )
    return "\n".join([*head, written])


class _Dumper(yaml.SafeDumper):
    """YAML as people write it: entries of a list stand further in than their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  # PyYAML's own signature
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, said: str) -> yaml.ScalarNode:
    """Return a text in double quotes where YAML would read it as something else."""
    same = dumper.resolve(yaml.ScalarNode, said, (True, False)) == TEXT  # type: ignore[no-untyped-call]
    return dumper.represent_scalar(TEXT, said, style=None if same else '"')


def _list(dumper: yaml.SafeDumper, items: list[object]) -> yaml.SequenceNode:
    short = all(isinstance(one, str) for one in items) and len(", ".join(map(str, items))) <= WIDEST
    return dumper.represent_sequence(LIST, items, flow_style=short)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)
