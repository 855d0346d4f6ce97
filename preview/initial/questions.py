"""Everything that `aigw init` asks or takes as a flag: in words, with what is taken unasked.

Imported by the command line's grammar, so that what only an answer needs is imported where it is
used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from preview.initial import defaults
from preview.initial.answers import NONE, Answers
from sizing.words import Cloud


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing that a stack file says.

    Attributes:
        flag: its flag, without the dashes.
        text: what is asked.
        path: dotted path inside `aigw:platform` of what the answer fills.
        stand_in: a good answer, while a later one is not known yet; it is never written.
        default: what is taken where nothing is said; None must be answered, "none" is left out.
        clouds: where it is a question at all.
        many: values with commas between them.
        optional: "none" leaves it out.
        asked: it is asked on a terminal; else its default is taken unless its flag is there.
        of_guest: a stack in another one's cluster says it, too.
        with_flag: another flag, without which this one says nothing.
        choices: what there is to choose from, shown beside the question.
    """

    flag: str
    metavar: str
    text: str
    path: str
    stand_in: str = ""
    default: defaults.Default = lambda _: None
    clouds: tuple[Cloud, ...] = tuple(Cloud)
    many: bool = False
    optional: bool = False
    asked: bool = True
    of_guest: bool = False
    with_flag: str = ""
    choices: Callable[[Answers], tuple[str, ...]] = lambda _: ()


def applies(question: Question, answers: Answers) -> bool:
    """Say whether a stack has what a question asks for."""
    if answers.cloud not in question.clouds:
        return False
    if answers.in_hosts_cluster and not question.of_guest:
        return False
    return not question.with_flag or value(answers, question.with_flag) not in {None, NONE}


def value(answers: Answers, flag: str) -> str | None:
    """Return what stands for a flag: what was said, else its default; None for nothing."""
    if flag in answers.said:
        return answers.said[flag]
    found = [one for one in QUESTIONS if one.flag == flag and answers.cloud in one.clouds]
    return found[0].default(answers) if found else None


def by_flag() -> dict[str, list[Question]]:
    """Return what each flag answers: one question, or one of each cloud, AWS' first."""
    rows: dict[str, list[Question]] = {}
    for one in QUESTIONS:
        rows.setdefault(one.flag, []).append(one)
    return rows


def missing(answers: Answers) -> Iterator[Question]:
    """Return what must be answered and is not."""
    for one in QUESTIONS:
        open_yet = not one.optional and value(answers, one.flag) is None
        if open_yet and applies(one, answers):
            yield one


AWS, GCP = (Cloud.AWS,), (Cloud.GCP,)
QUESTIONS = (
    Question(
        flag="account",
        metavar="ID",
        text="AWS account that the stack stands in, 12 digits; a prod stack has one of its own",
        path="account_id",
        stand_in="000000000000",
        default=defaults.of_host("owner"),
        clouds=AWS,
        of_guest=True,
    ),
    Question(
        flag="project",
        metavar="ID",
        text="Google Cloud project that the stack stands in; a prod stack has one of its own",
        path="project",
        stand_in="stand-in-project",
        default=defaults.of_host("owner"),
        clouds=GCP,
        of_guest=True,
    ),
    Question(
        flag="project-number",
        metavar="N",
        text="the same project's number",
        path="project_number",
        stand_in="100000000000",
        default=defaults.of_host("project_number"),
        clouds=GCP,
        of_guest=True,
    ),
    Question(
        flag="region",
        metavar="REGION",
        text="region of the cloud; another one later is another stack",
        path="region",
        default=defaults.region,
        of_guest=True,
        choices=defaults.regions,
    ),
    Question(
        flag="zones",
        metavar="ZONES",
        text="zones, three, in dev two or three: on AWS by id (use1-az1)",
        path="zone_ids",
        default=defaults.zones,
        many=True,
        asked=False,
    ),
    Question(
        flag="name",
        metavar="NAME",
        text="first part of physical names where the environment alone is taken",
        path="name",
        default=defaults.name,
        optional=True,
        asked=False,
        of_guest=True,
    ),
    Question(
        flag="cost-center",
        metavar="TEXT",
        text="cost centre that every resource is tagged with",
        path="cost_center",
        default=defaults.cost_center,
        of_guest=True,
    ),
    Question(
        flag="vpc-cidr",
        metavar="BLOCK",
        text="private addresses of the network; no other stack, nor any network it is to be "
        "joined with, has a part of them",
        path="network.vpc_cidr",
        stand_in="192.168.0.0/16",
        default=defaults.free_block,
    ),
    Question(
        flag="reach",
        metavar="BLOCKS",
        text="IPv4 blocks that reach the Kubernetes API, your own egress addresses with commas "
        'between them; "private" where only the network itself does, and `pulumi up` runs in it',
        path="cluster.allow_list",
        stand_in="192.0.2.1/32",
        many=True,
    ),
    Question(
        flag="administrators",
        metavar="ARNS",
        text="IAM roles or users that administer the cluster, ARNs with commas between them; the "
        "role that deploys is added",
        path="cluster.admin_principals",
        stand_in="arn:aws:iam::000000000000:role/a,arn:aws:iam::000000000000:role/b",
        clouds=AWS,
        many=True,
    ),
    Question(
        flag="administrators",
        metavar="ARNS",
        text="who administers the cluster, with commas between them (group:platform@example.com); "
        "the account that deploys is added",
        path="cluster.admin_principals",
        stand_in="group:a@example.com,group:b@example.com",
        clouds=GCP,
        many=True,
    ),
    Question(
        flag="deployer",
        metavar="WHO",
        text="whom `pulumi up` runs as: the bootstrap's aigw-deploy, unless said",
        path="cluster.admin_principals",
        default=defaults.deployer,
        optional=True,
        asked=False,
    ),
    Question(
        flag="boundary",
        metavar="ARN",
        text="policy that bounds every role: the bootstrap's on AWS, unless said",
        path="iam.permissions_boundary",
        default=defaults.boundary,
        clouds=AWS,
        optional=True,
        asked=False,
        of_guest=True,
    ),
    Question(
        flag="domain",
        metavar="NAME",
        text='DNS name that callers reach the platform below (ai.example.com); "none" builds no '
        "load balancer",
        path="ingress.domain",
        default=defaults.left_out,
        optional=True,
    ),
    Question(
        flag="dns-zone",
        metavar="ID",
        text="Route 53 hosted zone that holds the domain, by its id (Z...)",
        path="ingress.zone_id",
        stand_in="Z0",
        clouds=AWS,
        with_flag="domain",
    ),
    Question(
        flag="dns-zone",
        metavar="ID",
        text="managed zone of Cloud DNS that holds the domain, by its name",
        path="ingress.zone_id",
        stand_in="a",
        clouds=GCP,
        with_flag="domain",
    ),
    Question(
        flag="huggingface-secret",
        metavar="NAME",
        text="name of the secret, in the cloud's store, that holds the Hugging Face token",
        path="models.huggingface.existing_secret",
        default=defaults.secret,
        asked=False,
    ),
    Question(
        flag="workload",
        metavar="FILE",
        text='workload file that says what your users do (docs/workload.md); "none" takes the '
        "tier's reference load",
        path="workload",
        default=defaults.left_out,
        optional=True,
        of_guest=True,
    ),
)
"""In the order in which they are asked."""
