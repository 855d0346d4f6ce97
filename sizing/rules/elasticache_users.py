"""What ElastiCache refuses of users and of groups of them."""

from __future__ import annotations

from sizing.rules.conditions import among, avoids, counts, equals, every, matches, needs, when
from sizing.rules.elasticache import SECRET_FORM
from sizing.rules.rule import Inputs, Rule
from sizing.rules.values import items, text

USER = ("aws:elasticache/user:User",)
USER_GROUP = ("aws:elasticache/userGroup:UserGroup",)


def _passwords(inputs: Inputs) -> str | None:
    given = [
        *(items(inputs, "passwords") or []),
        *(items(inputs, "authenticationMode.passwords") or []),
    ]
    form = matches("password", SECRET_FORM, secret=True)
    said = (form({"password": one}) for one in given)
    return next((one for one in said if one is not None), None)


RULES = (
    Rule(
        id="elasticache.user-passwords",
        types=USER,
        property="passwords",
        statement="A user has at most two passwords of 16 to 128 allowed characters.",
        source="cdk-preflight",
        check=every(
            counts("passwords", None, 2),
            counts("authenticationMode.passwords", None, 2),
            _passwords,
        ),
        passing={"passwords": ["correct-horse-battery"]},
        failing={"passwords": ["short"]},
    ),
    Rule(
        id="elasticache.user-without-password",
        types=USER,
        property="noPasswordRequired",
        statement="No user of valkey goes without a password.",
        source="cdk-preflight",
        check=when(
            equals("engine", "valkey"),
            every(
                among("noPasswordRequired", (False,)),
                among("authenticationMode.type", ("password", "iam")),
            ),
        ),
        passing={"engine": "valkey", "authenticationMode": {"type": "iam"}},
        failing={"engine": "valkey", "noPasswordRequired": True},
    ),
    Rule(
        id="elasticache.user-iam",
        types=USER,
        property="userName",
        statement="An IAM user's id and name are the same.",
        source="cdk-preflight",
        check=when(
            equals("authenticationMode.type", "iam"),
            lambda inputs: (
                f"{one} and {other}"
                if (one := text(inputs, "userId")) is not None
                and (other := text(inputs, "userName")) is not None
                and one != other
                else None
            ),
        ),
        passing={"authenticationMode": {"type": "iam"}, "userId": "web", "userName": "web"},
        failing={"authenticationMode": {"type": "iam"}, "userId": "web", "userName": "api"},
    ),
    Rule(
        id="elasticache.user-access",
        types=USER,
        property="accessString",
        statement="An access string holds no rule about passwords and no reset.",
        source="cdk-preflight",
        check=avoids("accessString", r"(^|\s)([<>#!]\S+|nopass|resetpass|reset)(\s|$)"),
        passing={"accessString": "on ~* +@all"},
        failing={"accessString": "on nopass ~* +@all"},
    ),
    Rule(
        id="elasticache.redis-default-user",
        types=USER_GROUP,
        property="userIds",
        statement="A group of redis users is not empty: one of them is named default.",
        source="cdk-preflight",
        check=when(equals("engine", "redis"), every(needs("userIds"), counts("userIds", 1, None))),
        passing={"engine": "redis", "userIds": ["default-off"]},
        failing={"engine": "redis", "userIds": []},
    ),
)
