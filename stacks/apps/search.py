"""OpenSearch: the cloud's, or members in the cluster where it sells none; and who may do what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi

from components.generated import GeneratedKey, GeneratedSecret
from components.kubernetes import opensearch, opensearch_config, search_rules
from components.kubernetes.access import Peer, Pods
from components.kubernetes.certificate_job import CertificateArgs
from components.kubernetes.opensearch import OpenSearch, OpenSearchArgs
from components.kubernetes.search_access import AUTHORITY
from components.kubernetes.search_setup import NAME as SEARCH_SETUP
from components.kubernetes.search_setup import SearchSetup, SearchSetupArgs
from components.kubernetes.secrets import Remote
from sizing.planning.attached import search_prefix
from sizing.planning.lodging import namespaces_of
from sizing.planning.observability import BLACKBOX_EXPORTER
from sizing.plans import PlatformPlan, ServicePlan
from stacks.apps import tracing_rules
from stacks.apps.controllers import Controllers
from stacks.apps.site import SearchEngine, Site
from stacks.apps.tracing_rules import (
    APPLICATION,
    accounts,
    applications_of_lodgers,
    guests_variable,
    lodgers_account,
    variable,
)

ROLE, SEARCHERS = "data", "observability"
"""Roles of the namespaces of the members, and of those who ask them."""
ADMINISTRATOR = "opensearch-administrator"
MEMBERS, TRUSTED, SIGNER = "opensearch-tls", "opensearch-trusted", "opensearch-authority"
"""Secrets that a job fills: the members' certificate and whom to trust, which the cluster reads,
and what signs it."""
PASSWORD = opensearch_config.PASSWORD_KEY
# Letters and digits, as many as the administrator's. Another one would be told to nobody but the
# pods: the job that lays users down runs again when what they may do changes.
_LENGTH = opensearch_config.PASSWORD.length


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What gives others a way in.

    Attributes:
        allowed: gives everybody their rights.
        logins: makes what pods cannot start without, nothing where requests are signed.
    """

    allowed: Sequence[pulumi.Resource] = ()
    logins: Sequence[pulumi.Resource] = ()


def in_cluster(plan: PlatformPlan) -> ServicePlan | None:
    """Return the members of a plan, None where the cloud runs them."""
    return next((one for one in plan.services if one.name == opensearch_config.NAME), None)


def engine(members: ServicePlan) -> SearchEngine:
    """Return members of the cluster as who asks them sees them."""
    port = opensearch_config.HTTP_PORT
    server = Pods(namespace=members.namespace, name=members.name, ports=(port,))
    return SearchEngine(host=opensearch.host(members), port=port, server=server)


def generated(plan: PlatformPlan) -> tuple[GeneratedSecret, ...]:
    """Return the secrets of passwords: the administrator's, and that of each who asks.

    A guest of the cluster finds its application's with its host.
    """
    if in_cluster(plan) is None:
        return ()
    users = GeneratedKey(name=PASSWORD, length=_LENGTH)
    return (
        GeneratedSecret(
            name=ADMINISTRATOR,
            # where nothing is protected, the members go with their index
            keys=(replace(opensearch_config.PASSWORD, permanent=plan.protect),),
            protect=plan.protect,
        ),
        *(
            GeneratedSecret(name=secret(one), keys=(users,), protect=plan.protect)
            for one in _users(plan)
        ),
    )


def kept(plan: PlatformPlan) -> tuple[str, ...]:
    """Return the secrets that the members' jobs fill."""
    return () if in_cluster(plan) is None else (SIGNER, MEMBERS, TRUSTED)


def lent(plan: PlatformPlan) -> tuple[str, ...]:
    """Return the secrets of its host that a guest reads, as its host calls them.

    They are its application's password, and who vouches for the members; nothing where it has none.
    """
    if not plan.request.switches.application:
        return ()
    return (secret(application(plan)), TRUSTED)


def secret(account: str) -> str:
    """Return the secret that holds the password of who asks."""
    return f"search-{account}"


def authority(site: Site) -> Remote:
    """Return who vouches for members of the cluster, as PEM."""
    return site.secret(TRUSTED, AUTHORITY)


def application(plan: PlatformPlan) -> str:
    """Return the user that a stack's application is: of its own search engine, or its host's."""
    if plan.request.in_hosts_cluster:
        return lodgers_account(search_prefix(plan.request))
    return APPLICATION


def _users(plan: PlatformPlan) -> tuple[str, ...]:
    """Return who has a password: the stack's own accounts, and its guests' applications."""
    return (*accounts(plan), *applications_of_lodgers(plan))


def build_search(site: Site, around: Controllers) -> Search:
    """Register members, where the cluster runs them, and who may do what in them."""
    members = in_cluster(site.plan)
    made = () if members is None else _members(site, around, members)
    if not site.plan.request.switches.own_stores:
        return Search()  # the domain's own stack has given this one its rights
    allowed = _rights(site, around, made)
    return Search(allowed=allowed, logins=() if members is None else allowed)


def _members(site: Site, around: Controllers, plan: ServicePlan) -> Sequence[pulumi.Resource]:
    return OpenSearch(
        plan.name,
        OpenSearchArgs(
            cluster=around.inside[ROLE],
            namespace=site.cluster.namespaces[ROLE],
            plan=plan,
            name=site.config.platform,
            password=site.secret(ADMINISTRATOR, PASSWORD),
            certificates=CertificateArgs(
                plan=site.helper(opensearch.CERTIFICATES),
                region=site.region,
                server=site.kept[MEMBERS],
                authority=site.kept[SIGNER],
                entry=site.secrets[MEMBERS],
                trusted=site.kept[TRUSTED],
            ),
            callers=_callers(site),
        ),
        site.opts,
    ).ready


def _callers(site: Site) -> tuple[Peer, ...]:
    """Return whom the members let in: who asks, who gives rights, and who looks at certificates."""
    port = (opensearch_config.HTTP_PORT,)
    beside = [BLACKBOX_EXPORTER] if site.has(BLACKBOX_EXPORTER) else []
    names = (*accounts(site.plan), SEARCH_SETUP, *beside)
    return (
        *(Pods(namespace=_home(site, one), name=one, ports=port) for one in names),
        *(
            Pods(namespace=namespaces_of(one.request)["apps"], name=APPLICATION, ports=port)
            for one in applications_of_lodgers(site.plan).values()
        ),
    )


def _home(site: Site, account: str) -> str:
    return site.cluster.namespaces["apps" if account == APPLICATION else SEARCHERS]


def _rights(
    site: Site, around: Controllers, after: Sequence[pulumi.Resource]
) -> Sequence[pulumi.Resource]:
    """Let the administrator give everybody their rights; nothing where nobody has any."""
    asked = tracing_rules.rules(site.plan)
    if not asked.rights:
        return ()
    roles, held = _roles(site), search_rules.holders(asked.rights)
    passwords = site.search.server is not None
    return SearchSetup(
        SEARCH_SETUP,
        SearchSetupArgs(
            plan=site.helper(SEARCH_SETUP),
            cluster=around.inside[SEARCHERS],
            namespace=site.cluster.namespaces[SEARCHERS],
            url=site.search.url,
            sign_in=site.search.sign_in(opensearch_config.ADMINISTRATOR),
            rules=asked,
            roles={one: roles[one] for one in held},
            users=_users(site.plan) if passwords else (),
            logins=_logins(site) if passwords else {},
            after=after,
        ),
        site.opts,
    ).ready


def _roles(site: Site) -> Mapping[str, pulumi.Input[str]]:
    """Return what rights name their holders by: roles of the cloud, or users."""
    own = accounts(site.plan)
    if site.search.server is not None:
        guests = applications_of_lodgers(site.plan)
        return {variable(one): one for one in own} | {guests_variable(one): one for one in guests}
    return {variable(one): site.cluster.identity(_home(site, one), one).role for one in own} | {
        guests_variable(one): role for one, role in site.searchers.items()
    }


def _logins(site: Site) -> Mapping[str, Remote]:
    """Return what those who ask sign in with, by user, and who vouches for the members."""
    users = {one: site.secret(secret(one), PASSWORD) for one in _users(site.plan)}
    administrator = site.secret(ADMINISTRATOR, PASSWORD)
    return {
        AUTHORITY: authority(site),
        opensearch_config.ADMINISTRATOR: administrator,
        **users,
    }
