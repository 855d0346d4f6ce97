"""`aigw init` on a terminal: it asks, explains a wrong answer, asks again, and can be left."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from sizing.words import Cloud
from stacks.config_model import stack_name
from tests.preview.initial import ACCOUNT, ADMINISTRATOR, REACH, config, flags, root
from tests.preview.verbs import ROOT

WIDTH = 60
PROMPT = re.compile(r"^(?P<flag>[a-z-]+)(?: \[(?P<default>[^\]]*)\])?: $")
TYPED = re.compile(r"[a-z-]+( \[[^\]]*\])?: ")
END_OF_INPUT, INTERRUPT = "\x04", "\x03"
NEEDED = {"account": (ACCOUNT,), "reach": (REACH,), "administrators": (ADMINISTRATOR,)}
"""What has no default, with an answer each; Enter answers whatever is not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What happened: asked, defaults shown, all that the terminal showed, stdout apart."""

    code: int
    asked: tuple[str, ...]
    defaults: Mapping[str, str | None]
    shown: str
    out: str

    @property
    def widest(self) -> int:
        """Return the columns of the widest line that nobody typed."""
        told = (line for line in self.shown.splitlines() if not TYPED.match(line))
        return max(map(len, told))


def session(
    folder: Path,
    *arguments: str,
    answers: Mapping[str, tuple[str, ...]] = NEEDED,
    piped: bool = False,
) -> Session:
    """Run the verb on a terminal of its own and answer what it asks.

    Args:
        folder: the project's.
        arguments: of the verb.
        answers: by flag, in turn.
        piped: stdout is no terminal.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    environment = {key: one for key, one in os.environ.items() if key not in {"COLUMNS", "CI"}}
    with subprocess.Popen(
        [sys.executable, "-m", "preview.cli", "init", *arguments, "--root", str(folder)],
        cwd=ROOT,
        stdin=theirs,
        stdout=subprocess.PIPE if piped else theirs,
        stderr=theirs,
        env={**environment, "TERM": "xterm", "NO_COLOR": "1"},
        preexec_fn=_own_terminal,
    ) as running:
        os.close(theirs)
        left = {flag: list(one) for flag, one in answers.items()}
        asked: list[str] = []
        defaults: dict[str, str | None] = {}
        shown = ""
        for part in _parts(ours):
            shown += part
            prompt = PROMPT.match(re.sub(r"\x1b\[[0-9;?]*[a-z]", "", shown).rpartition("\n")[2])
            if prompt:
                asked.append(prompt["flag"])
                defaults[prompt["flag"]] = prompt["default"]
                typed = left.get(prompt["flag"])
                word = typed.pop(0) if typed else ""
                os.write(ours, (word if word < " " and word else f"{word}\n").encode())
                shown += "\0"  # a prompt is answered once
        out = running.stdout.read().decode() if running.stdout else ""
        code = running.wait()
    os.close(ours)
    told = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\0|\r", "", shown)
    return Session(code=code, asked=tuple(asked), defaults=defaults, shown=told, out=out)


def answers_of(cloud: Cloud) -> dict[str, tuple[str, ...]]:
    """Return an answer to whatever has no default on a cloud."""
    needed = flags(cloud)
    return {flag[2:]: (one,) for flag, one in zip(needed[::2], needed[1::2], strict=True)}


def _own_terminal() -> None:
    """Make stdin the terminal that signals come from, and heed them, as a shell does."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever runs the tests may ignore it
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _parts(terminal: int) -> Iterator[str]:
    with suppress(OSError):  # Linux ends a terminal's last read with an error
        while part := os.read(terminal, 1 << 16):
            yield part.decode()


def test_it_asks_for_everything_and_writes_what_was_answered(tmp_path: Path) -> None:
    folder = root(tmp_path)
    answers = {
        **NEEDED,
        "environment": ("staging",),
        "tier": ("medium",),
        "region": ("us-west-2",),
        "domain": ("ai.acme.com",),
        "dns-zone": ("Z77",),
    }
    done = session(folder, answers=answers)
    assert done.code == 0
    assert done.asked == (
        "cloud",
        "environment",
        "tier",
        "account",
        "region",
        "cost-center",
        "vpc-cidr",
        "reach",
        "administrators",
        "domain",
        "dns-zone",
        "workload",
    )
    assert done.defaults["cloud"] == "aws"
    assert done.defaults["vpc-cidr"] == "10.16.0.0/16"
    assert done.defaults["account"] is None
    assert "eu-west-1, us-east-1, us-west-2" in done.shown
    assert "stacks/Pulumi.staging-medium.yaml is written" in done.shown
    assert done.widest <= WIDTH
    made = config(folder, "staging-medium")
    assert (made.owner, made.region) == (ACCOUNT, "us-west-2")
    assert made.cluster.allow_list == (REACH,)
    assert made.ingress is not None
    assert made.ingress.domain == "ai.acme.com"


def test_a_wrong_answer_is_explained_and_asked_again(tmp_path: Path) -> None:
    folder = root(tmp_path, "prod-large")
    answers = {
        **NEEDED,
        "environment": ("production", "prod"),
        "tier": ("small",),
        "account": ("123456789012", "12", ACCOUNT),
        "region": ("mars",),
        "vpc-cidr": ("10.80.0.0/20", "10.0.0.0/28"),
        "reach": ("", "0.0.0.0/0", REACH),
    }
    done = session(folder, answers=answers)
    assert done.code == 0
    told = " ".join(done.shown.split())
    for one in (
        'found "production"; allowed: dev, staging or prod',
        'found "123456789012", which stacks/Pulumi.prod-large.yaml names, too; allowed: account of',
        'found "12"; allowed: 12 digits',
        'found "mars"; allowed: eu-west-1, us-east-1 or us-west-2',
        "found 10.80.0.0/20, which overlaps 10.80.0.0/16 of stacks/Pulumi.prod-large.yaml",
        "found 10.0.0.0/28, too small: each of 3 zones needs",
        "found nothing; allowed: IPv4 blocks",
        'found "0.0.0.0/0"; allowed: IPv4 blocks of your own egress addresses',
    ):
        assert one in told
    assert done.asked.count("account") == 3
    assert done.widest <= WIDTH
    assert config(folder, "prod-small").owner == ACCOUNT


def test_three_wrong_answers_end_it(tmp_path: Path) -> None:
    folder = root(tmp_path)
    done = session(folder, "dev-small", answers={"account": ("1", "2", "3", ACCOUNT)})
    assert done.code == 2
    assert done.asked == ("account",) * 3
    assert 'aigw: --account: found "3"; allowed: 12 digits' in done.shown
    assert list((folder / "stacks").iterdir()) == []


@pytest.mark.parametrize("cloud", Cloud)
def test_the_end_of_the_input_ends_it(cloud: Cloud, tmp_path: Path) -> None:
    folder = root(tmp_path)
    stack = stack_name("dev", "small", cloud)
    done = session(folder, stack, answers={**answers_of(cloud), "reach": (END_OF_INPUT,)})
    assert done.code == 2
    assert "aigw: --reach: the input ended before an answer" in done.shown
    assert list((folder / "stacks").iterdir()) == []


@pytest.mark.parametrize("cloud", Cloud)
def test_ctrl_c_ends_it(cloud: Cloud, tmp_path: Path) -> None:
    folder = root(tmp_path)
    stack = stack_name("dev", "small", cloud)
    done = session(folder, stack, answers={**answers_of(cloud), "region": (INTERRUPT,)})
    assert done.code == 130
    assert "Traceback" not in done.shown
    assert list((folder / "stacks").iterdir()) == []


def test_a_flag_is_not_asked_and_yes_takes_every_default(tmp_path: Path) -> None:
    folder = root(tmp_path)
    done = session(folder, "dev-small", "--yes", "--region", "eu-west-1", "--account", ACCOUNT)
    assert done.code == 0
    assert done.asked == ("reach", "administrators")
    assert config(folder, "dev-small").region == "eu-west-1"


def test_a_wrong_flag_ends_it_before_anything_is_asked(tmp_path: Path) -> None:
    done = session(root(tmp_path), "dev-small", "--region", "mars")
    assert (done.code, done.asked) == (2, ())
    assert 'aigw: --region: found "mars"' in done.shown


def test_a_file_that_is_there_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    done = session(
        root(tmp_path, "dev-small"), answers={"environment": ("dev",), "tier": ("small",)}
    )
    assert (done.code, done.asked) == (2, ("cloud", "environment", "tier"))
    assert "is there already, an example" in " ".join(done.shown.split())


def test_questions_are_no_part_of_what_is_piped_on(tmp_path: Path) -> None:
    done = session(root(tmp_path), "dev-small", "--dry-run", piped=True)
    assert done.code == 0
    assert done.asked[0] == "account"
    assert done.out.startswith("# Made by `aigw init`")
    assert done.out.endswith("existing_secret: aigw/huggingface\n")
    assert "config:" not in done.shown


def test_nothing_is_asked_of_a_closed_input(tmp_path: Path) -> None:
    folder = root(tmp_path)
    script = f'exec "{sys.executable}" -m preview.cli init dev-small --root "$0" <&-'
    done = subprocess.run(
        ["sh", "-c", script, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("aigw: --account is missing: ")


def test_google_cloud_is_asked_in_its_own_words(tmp_path: Path) -> None:
    folder = root(tmp_path)
    done = session(folder, "dev-large-gcp", answers=answers_of(Cloud.GCP))
    assert done.code == 0
    assert done.asked[:3] == ("project", "project-number", "region")
    assert "group:platform@example.com" in done.shown
    assert config(folder, "dev-large-gcp").owner == "acme-aigw"
