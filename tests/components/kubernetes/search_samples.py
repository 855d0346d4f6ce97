"""The search engine as samples ask it: signed, or by a password, as the running case's cloud is."""

from __future__ import annotations

from components.kubernetes.access import Pods
from components.kubernetes.app_stores import Search
from components.kubernetes.opensearch_config import HTTP_PORT
from components.kubernetes.search_access import LOGINS, SIGNED_PORT, Login, Signed, SignIn
from components.kubernetes.secrets import Remote
from tests.components.kubernetes.surroundings import here

MEMBERS = Pods(namespace="prod-data", name="opensearch", ports=(HTTP_PORT,))
SIGNED = Signed(region="us-east-1")


def login(user: str) -> Login:
    return Login(user=user, secret=LOGINS, server=MEMBERS)


def sign_in(user: str) -> SignIn:
    """Return how a user signs in on the running case's cloud."""
    return Signed(region=here().region) if here().signs else login(user)


def port() -> int:
    return SIGNED_PORT if here().signs else HTTP_PORT


def place() -> str:
    """Return where a network policy sees it: a block of the network, or a namespace."""
    return here().vpc if here().signs else MEMBERS.namespace


def peer() -> str:
    """Return how a network policy names it."""
    return here().vpc if here().signs else f"{MEMBERS.namespace}/{MEMBERS.name}"


def search() -> Search:
    """Return the engine as an application is told of it."""
    if here().signs:
        return Search(host="search.example", region=here().region)
    return Search(
        host="opensearch.prod-data.svc.cluster.local",
        port=HTTP_PORT,
        user="application",
        password=Remote(name="prod/search-application", property="password"),
        authority=Remote(name="prod/opensearch-tls", property="ca.crt"),
    )
