"""How a workload signs in to OpenSearch: the one place that tells the two ways apart.

A domain of AWS takes requests that are signed as the pod's own role. Members in the cluster take a
user's password, and prove themselves by a certificate of an authority of their own; both stand in
one secret of the pod's namespace, whose entries become files of the pod.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from components.kubernetes import access
from components.kubernetes.access import Blocks, Peer, Pods
from components.kubernetes.cluster import Cluster
from components.kubernetes.container import Files, SecretKey

SIGNED_PORT = 443
FOLDER = "/etc/search-login"
AUTHORITY = "ca.crt"
"""Entry of a login's secret: the authorities that vouch for the members, as PEM."""
LOGINS = "search-logins"
"""Secret of a namespace with the passwords of those who sign in from there, by user."""
_VOLUME = "search-login"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Requests are signed as the pod's own role.

    Attributes:
        region: what the signature is for, likewise `service` ("es").
    """

    region: str
    service: str = "es"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Requests carry a user's password, to members that an authority vouches for.

    Attributes:
        user: the entry of `secret` that is called so is the password.
        secret: of the pod's namespace; it has the entry `AUTHORITY` as well.
        server: pods of the members, at the port that is asked.
    """

    user: str
    secret: str
    server: Pods

    @property
    def password(self) -> SecretKey:
        """Return where the password is."""
        return SecretKey(secret=self.secret, key=self.user)

    @property
    def password_file(self) -> str:
        """Return the file that holds the password in a pod."""
        return f"{FOLDER}/{self.user}"

    @property
    def authority_file(self) -> str:
        """Return the file that holds the authorities in a pod."""
        return f"{FOLDER}/{AUTHORITY}"


SignIn = Signed | Login


def calls(sign_in: SignIn, on: Cluster) -> tuple[Peer, ...]:
    """Return whom a workload asks: the store, and who hands out what it signs with."""
    if isinstance(sign_in, Login):
        return (sign_in.server,)
    return (Blocks(blocks=on.addresses, ports=(SIGNED_PORT,)), *access.credentials(on))


def files(sign_in: SignIn, *, password: bool = True) -> tuple[Files, ...]:
    """Return what a container of ours reads to sign in.

    Args:
        sign_in: nothing is read where requests are signed.
        password: whether it is read from its file, or comes as a variable.
    """
    if not isinstance(sign_in, Login):
        return ()
    return (Files(path=FOLDER, secret=sign_in.secret, secret_keys=_entries(sign_in, password)),)


def volumes(sign_in: SignIn) -> list[dict[str, Any]]:
    """Return the volumes of a chart's pods that hold what they sign in with."""
    if not isinstance(sign_in, Login):
        return []
    items = [{"key": one, "path": one} for one in _entries(sign_in, True)]
    return [{"name": _VOLUME, "secret": {"secretName": sign_in.secret, "items": items}}]


def mounts(sign_in: SignIn) -> list[dict[str, Any]]:
    """Return where those volumes are seen."""
    if not isinstance(sign_in, Login):
        return []
    return [{"name": _VOLUME, "mountPath": FOLDER, "readOnly": True}]


def extra(sign_in: SignIn) -> dict[str, Any]:
    """Return both as values of a chart that has no others; nothing where requests are signed."""
    made = {"extraVolumes": volumes(sign_in), "extraVolumeMounts": mounts(sign_in)}
    return {name: value for name, value in made.items() if value}


def _entries(login: Login, password: bool) -> tuple[str, ...]:
    return (AUTHORITY, login.user) if password else (AUTHORITY,)
