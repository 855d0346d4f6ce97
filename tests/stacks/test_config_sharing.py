"""Which stacks may stand in another's cluster, and what their files then say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sizing.words import Cloud
from stacks.config import ConfigError, load_all, parse_platform
from stacks.config_model import stack_name
from tests.stacks.sharing import ACCOUNT, GUEST, HOST, of, refusal, write


def test_a_dev_guest_has_its_hosts_network_cluster_and_zones(tmp_path: Path) -> None:
    home = write(tmp_path, staging_medium=HOST, dev_medium=GUEST)
    guest, host = of(home, "dev-medium"), of(home, "staging-medium")
    assert guest.host == host
    assert (guest.network, guest.cluster, guest.zone_ids) == (
        host.network,
        host.cluster,
        host.zone_ids,
    )
    assert guest.in_hosts_cluster
    assert [one.stack for one in host.guests] == ["dev-medium"]


def test_the_engines_json_is_read_like_the_file(tmp_path: Path) -> None:
    home = write(tmp_path, staging_medium=HOST, dev_medium=GUEST)
    assert parse_platform(json.dumps(GUEST), "dev-medium", home) == of(home, "dev-medium")


def test_a_plan_is_made_from_the_hosts_request_and_all_its_guests(tmp_path: Path) -> None:
    home = write(tmp_path, staging_medium=HOST, dev_medium=GUEST)
    request = of(home, "dev-medium").request()
    assert request.host is not None
    assert request.host.stack == "staging-medium"
    assert request.host.request == of(home, "staging-medium").request()
    assert [one.stack for one in request.host.request.guests] == ["dev-medium"]
    assert request.host.request.guests[0].request.host is None


def test_a_stack_of_its_own_has_neither_host_nor_guests(tmp_path: Path) -> None:
    config = of(write(tmp_path, staging_medium=HOST), "staging-medium")
    assert config.host is None
    assert config.guests == ()
    assert config.request().host is None


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("staging-large", '"staging-large", which has no stack file'),
        ("prod-medium", '"prod-medium", a prod stack'),
        ("dev-medium", "the stack itself"),
        ("dev-small", '"dev-small", whose namespaces have the same names'),
        (7, "the number 7"),
        ("staging", '"staging", which has no stack file'),
    ],
)
def test_a_guest_of_what_can_be_no_host_is_refused(
    tmp_path: Path, host: object, found: str
) -> None:
    dev = {**HOST, "environment": "dev", "tier": "small"}
    home = write(
        tmp_path,
        staging_medium=HOST,
        dev_small={**dev, "network": {"vpc_cidr": "10.16.0.0/16"}},
        dev_medium={**GUEST, "name": "dev-medium", "shares": host},
    )
    assert refusal(home) == (
        f"stacks/Pulumi.dev-medium.yaml: aigw:platform.shares: found {found}; "
        'allowed: "staging-medium"'
    )


def test_prod_is_no_guest(tmp_path: Path) -> None:
    prod = {**HOST, "environment": "prod", "shares": "staging-medium"}
    home = write(tmp_path, staging_medium=HOST, prod_medium=prod)
    assert "in a prod stack; allowed: nothing: prod owns" in refusal(home, "prod-medium")


@pytest.mark.parametrize("of", ["staging-medium", "staging-large", "dev-medium"])
def test_a_guest_of_a_stack_that_names_a_host_is_refused(tmp_path: Path, of: str) -> None:
    home = write(tmp_path, staging_medium={**HOST, "shares": of}, dev_medium=GUEST)
    assert f'found "staging-medium", itself a guest of "{of}"' in refusal(home)


def test_a_host_whose_own_file_is_refused_is_named_with_the_reason(tmp_path: Path) -> None:
    home = write(tmp_path, staging_medium={**HOST, "region": "mars"}, dev_medium=GUEST)
    message = refusal(home)
    assert '"staging-medium", whose file is refused' in message
    assert '"mars"' in message


def test_a_host_that_runs_nothing_in_its_cluster_is_refused(tmp_path: Path) -> None:
    home = write(tmp_path, staging_medium={**HOST, "layers": ["infra"]}, dev_medium=GUEST)
    assert 'whose layers have no "apps"' in refusal(home)


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("account_id", "210987654322", f'"{ACCOUNT}", the host\'s'),
        ("region", "us-west-2", '"us-east-1", the host\'s'),
        ("zone_ids", ["use1-az1", "use1-az2"], "nothing: it is staging-medium's"),
        ("network", {"vpc_cidr": "10.16.0.0/16"}, "nothing: it is staging-medium's"),
        ("document_db", "documentdb", "nothing: documents are kept"),
        (
            "ingress",
            {"domain": "dev.example.dev", "zone_id": "Z0123456789ABC"},
            "nothing: callers reach a guest",
        ),
        ("layers", ["infra"], "nothing: a guest is what runs"),
    ],
)
def test_what_is_the_hosts_a_guest_does_not_say(
    tmp_path: Path, key: str, value: object, allowed: str
) -> None:
    home = write(tmp_path, staging_medium=HOST, dev_medium={**GUEST, key: value})
    with pytest.raises(ConfigError) as caught:
        of(home, "dev-medium")
    message = next(one for one in caught.value.messages if f"aigw:platform.{key}:" in one)
    assert allowed in message


def test_a_second_guest_of_one_environment_is_refused(tmp_path: Path) -> None:
    second = {**GUEST, "tier": "small", "name": "dev-small"}
    home = write(tmp_path, staging_medium=HOST, dev_medium=GUEST, dev_small=second)
    assert 'which has the guest "dev-small" already' in refusal(home)


def test_guests_take_no_addresses_but_their_hosts(tmp_path: Path) -> None:
    configs = load_all(write(tmp_path, staging_medium=HOST, dev_medium=GUEST))
    assert configs["dev-medium"].network == configs["staging-medium"].network


GOOGLE: dict[str, object] = {
    **{name: one for name, one in HOST.items() if name != "account_id"},
    "cloud": "gcp",
    "project": "acme-aigw-staging",
    "project_number": "444455556666",
    "region": "us-central1",
    "zone_ids": ["us-central1-a", "us-central1-b", "us-central1-c"],
    "network": {"vpc_cidr": "10.144.0.0/16"},
    "cluster": {
        "allow_list": ["198.18.4.10/32"],
        "admin_principals": ["group:admins@example.com", "group:break-glass@example.com"],
    },
}
LODGER: dict[str, object] = {
    "environment": "dev",
    "tier": "medium",
    "cloud": "gcp",
    "project": "acme-aigw-staging",
    "project_number": "444455556666",
    "region": "us-central1",
    "cost_center": "ai-platform",
    "shares": "staging-medium-gcp",
}


def on_google(folder: Path, **other: object) -> Path:
    return write(folder, staging_medium_gcp=GOOGLE, dev_medium_gcp={**LODGER, **other})


def test_a_dev_guest_stands_in_its_hosts_cluster_on_google_cloud_too(tmp_path: Path) -> None:
    home = on_google(tmp_path)
    guest, host = of(home, "dev-medium-gcp"), of(home, "staging-medium-gcp")
    assert guest.host == host
    assert guest.in_hosts_cluster
    assert (guest.network, guest.zone_ids) == (host.network, host.zone_ids)
    assert [one.stack for one in host.guests] == ["dev-medium-gcp"]


APPLICATION = {
    "image": "registry.example.com/acme/chat:4.5.6",
    "port": 8080,
    "cpu": "500m",
    "memory": "1Gi",
}
each_lodger = pytest.mark.parametrize(
    ("cloud", "host", "lodger"),
    [(Cloud.AWS, HOST, GUEST), (Cloud.GCP, GOOGLE, LODGER)],
    ids=[str(one) for one in Cloud],
)


@each_lodger
def test_a_guest_of_a_cluster_may_have_an_application(
    tmp_path: Path, cloud: Cloud, host: dict[str, object], lodger: dict[str, object]
) -> None:
    named = stack_name("dev", "medium", cloud)
    stacks = {
        str(lodger["shares"]): host,
        named: lodger | {"services": {"application": APPLICATION}},
    }
    home = write(tmp_path, **{name.replace("-", "_"): one for name, one in stacks.items()})
    guest = of(home, named)
    assert guest.request().switches.application
    (told,) = of(home, str(lodger["shares"])).request().guests
    assert told.request.switches.application


@each_lodger
def test_what_else_runs_in_the_cluster_is_the_hosts(
    tmp_path: Path, cloud: Cloud, host: dict[str, object], lodger: dict[str, object]
) -> None:
    named = stack_name("dev", "medium", cloud)
    stacks = {str(lodger["shares"]): host, named: lodger | {"services": {"n8n": {}}}}
    home = write(tmp_path, **{name.replace("-", "_"): one for name, one in stacks.items()})
    message = refusal(home, named)
    assert f"services.n8n: found a value beside shares: {lodger['shares']}" in message
    assert "agent_router or application alone" in message


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"project": "acme-aigw-other"}, '"acme-aigw-other" beside shares: staging-medium-gcp'),
        ({"project_number": "999999999999"}, '"999999999999" beside shares: staging-medium-gcp'),
        ({"shares": "staging-medium"}, '"staging-medium", which has no stack file'),
    ],
)
def test_a_guest_is_no_way_into_another_project(
    tmp_path: Path, changed: dict[str, object], found: str
) -> None:
    assert found in refusal(on_google(tmp_path, **changed), "dev-medium-gcp")
