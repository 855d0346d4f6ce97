"""What a stack's config says of its dashboards, and of who looks at them.

Knows no file, no engine and no cloud. A key's description is what an editor, the documentation
and the error messages say of it, so it stands here once.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from stacks.config_parts import Strict
from stacks.config_secrets import GRAFANA_OIDC, set_with
from stacks.config_values import Domain, SecretName, Url, matching

# Nothing that Helm's templates or Grafana's own expansion would read as theirs.
RolePath = Annotated[
    str,
    matching(
        r"(?!.*(\{\{|\$__|\$\{))[^\n]{1,500}",
        "one line of JMESPath, at most 500 characters, without {{ and $",
    ),
]
Scope = Annotated[str, matching(r"[\w:./-]{1,100}", "letters, digits and : . / _ -")]
ClientId = Annotated[str, matching(r"[\w@:./-]{1,200}", "letters, digits and @ : . / _ -")]


class GrafanaOidcConfig(Strict):
    """Whom an identity provider has to vouch for, by OpenID Connect."""

    auth_url: Url = Field(description="https:// address that browsers are sent to, to log in")
    token_url: Url = Field(description="https:// address at which a code becomes a token")
    api_url: Url = Field(description="https:// address that says who has logged in (userinfo)")
    client_id: ClientId = Field(description="what the provider calls this client")
    existing_secret: SecretName | None = Field(
        default=None,
        description="name of a secret in the cloud's store that holds the client secret; else it "
        f"is set by {set_with(GRAFANA_OIDC)}",
    )
    scopes: tuple[Scope, ...] = Field(
        default=("openid", "profile", "email"), min_length=1, description="what is asked for"
    )
    role_attribute_path: RolePath | None = Field(
        default=None,
        description="JMESPath that makes Viewer, Editor or Admin of what the provider says; who "
        "gets none of them stays outside. Everybody is a Viewer where it is left out",
    )
    allowed_domains: tuple[Domain, ...] = Field(
        default=(), description="domains of mail addresses that may come in; all where left out"
    )


class GrafanaConfig(Strict):
    """Dashboards, on where nothing is said."""

    enabled: bool = Field(default=True, description="run Grafana")
    oidc: GrafanaOidcConfig | None = Field(
        default=None,
        description="single sign-on; an administrator with a generated password where it is left "
        "out",
    )
    host: bool = Field(
        default=False,
        description="answer as grafana.<domain> behind the load balancer, only with oidc; within "
        "the cluster alone where it is false",
    )

    @model_validator(mode="after")
    def _nobody_guesses_a_password(self) -> GrafanaConfig:
        if self.host and self.oidc is None:
            raise ValueError("host: found true without oidc; allowed: single sign-on first")
        return self
