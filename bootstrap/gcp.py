"""A Google Cloud project before its first stack: APIs, state bucket, keys, deployers' accounts."""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_random as random
from pulumi_gcp import Provider, iam, kms, projects, serviceaccount, storage

from bootstrap.gcp_config import KEY, ProjectConfig, parse
from bootstrap.gcp_permissions import GRANTED, grants_only, permissions, subjects_only
from components.gcp.key_grants import USER
from components.gcp.keys import Keys, KeysArgs
from components.gcp.objects import Objects, ObjectsArgs
from components.gcp.service_agents import ServiceAgents, ServiceAgentsArgs
from components.gcp.services import Services, ServicesArgs
from components.gcp.workload_policies import ASKS_MODELS, MODEL_CALLER, model_caller
from sizing.plans import BucketPlan, KeyPlan
from stacks.config_errors import ConfigError

NAME = "bootstrap"
STATE_BUCKET = BucketPlan(
    name="state",
    planning_gib=1,
    versioned=True,
    # an old state is how a broken one is mended
    noncurrent_days=365,
    expire_days=None,
    transition_to_ia_days=None,
    force_destroy=False,
)
STATE_KEY = KeyPlan(name="state", services=("storage",), deletion_window_days=30, rotation_days=365)
SECRETS_KEY = KeyPlan(name="secrets", services=(), deletion_window_days=30, rotation_days=365)
_POOL: Final = "aigw-deployers"
_READ: Final = "roles/cloudkms.cryptoKeyDecrypter"


def main() -> None:
    """Build what the project of this stack needs.

    Raises:
        pulumi.RunError: the config is refused; nothing is registered.
    """
    namespace, _, key = KEY.partition(":")
    try:
        config = parse(
            pulumi.Config(namespace).require(key), f"bootstrap/Pulumi.{pulumi.get_stack()}.yaml"
        )
    except ConfigError as error:
        raise pulumi.RunError(f"this project's config is refused:\n{error}") from error
    for name, value in build(config).items():
        pulumi.export(name, value)


def build(config: ProjectConfig) -> dict[str, pulumi.Input[object]]:
    """Register everything of a project and return the exports."""
    labels = {
        "environment": "account",
        "tier": "none",
        "cost-centre": config.cost_center,
        "stack": NAME,
        "managed-by": "pulumi",
    }
    opts = pulumi.ResourceOptions(
        providers={
            "gcp": Provider(
                "gcp",
                project=config.project_id,
                region=config.region,
                default_labels=labels,
                add_pulumi_attribution_label=False,
            ),
            "random": random.Provider("random"),
        }
    )
    services = Services("services", ServicesArgs(project=config.project_id), opts)
    agents = ServiceAgents(
        "agents",
        ServiceAgentsArgs(
            project=config.project_id,
            project_number=config.project_number,
            after=services.ready,
        ),
        opts,
    )
    keys = Keys(
        "keys",
        KeysArgs(
            plans=(STATE_KEY, SECRETS_KEY),
            project=config.project_id,
            project_number=config.project_number,
            region=config.region,
            labels=labels,
            protect=True,
            after=agents.ready,
        ),
        opts,
    )
    objects = Objects(
        "objects",
        ObjectsArgs(
            plans=(STATE_BUCKET,),
            stack=NAME,
            region=config.region,
            objects_key=keys.ids["state"],
            key_ready=keys.ready,
            labels=labels,
            protect=True,
        ),
        opts,
    )
    project = Project(config, objects.names["state"], keys.ids["secrets"], agents.ready, opts)
    return _exports(objects.names["state"], keys.ids["secrets"], project)


class Project(pulumi.ComponentResource):
    """The accounts that deploy and preview, and who may act as them.

    Everything has a fixed name: stack files and workflows repeat them. No account has a key.
    """

    deploy_account: serviceaccount.Account
    """What builds stacks."""
    preview_account: serviceaccount.Account
    """What reads their state."""
    provider: iam.WorkloadIdentityPoolProvider
    """By which workflows become one of the two."""

    def __init__(
        self,
        config: ProjectConfig,
        bucket: pulumi.Output[str],
        secrets_key: pulumi.Output[str],
        after: list[pulumi.Resource],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("aigw:gcp:Project", "project", config.model_dump(mode="json"), opts)
        self._config = config
        self._child = pulumi.ResourceOptions(parent=self)
        self._kept = pulumi.ResourceOptions(parent=self, protect=True, depends_on=after)
        self.provider = self._federation()
        oidc = config.oidc
        self.deploy_account = self._account("deploy", oidc.deploy_subjects)
        self.preview_account = self._account("preview", oidc.preview_subjects)
        self._rights()
        self._state("deploy", bucket, "roles/storage.objectUser", secrets_key, USER)
        self._state("preview", bucket, "roles/storage.objectViewer", secrets_key, _READ)
        self.register_outputs(
            {
                "deploy_account": self.deploy_account.email,
                "preview_account": self.preview_account.email,
            }
        )

    def _federation(self) -> iam.WorkloadIdentityPoolProvider:
        """Take an issuer's tokens, those of the named subjects alone."""
        oidc = self._config.oidc
        pool = iam.WorkloadIdentityPool(
            "project-pool",
            project=self._config.project_id,
            workload_identity_pool_id=_POOL,
            description="workflows that deploy or preview stacks",
            opts=self._kept,
        )
        subjects = (*oidc.deploy_subjects, *oidc.preview_subjects)
        return iam.WorkloadIdentityPoolProvider(
            "project-issuer",
            project=self._config.project_id,
            workload_identity_pool_id=pool.workload_identity_pool_id,
            workload_identity_pool_provider_id="issuer",
            attribute_mapping={"google.subject": "assertion.sub"},
            attribute_condition=subjects_only(subjects),
            oidc=iam.WorkloadIdentityPoolProviderOidcArgs(issuer_uri=f"https://{oidc.issuer}"),
            opts=self._kept,
        )

    def _account(self, name: str, subjects: tuple[str, ...]) -> serviceaccount.Account:
        """Make an account; workflows get in by their subject, operators by hand."""
        account = serviceaccount.Account(
            f"project-{name}",
            project=self._config.project_id,
            account_id=f"aigw-{name}",
            display_name=f"{name} of the project's stacks",
            opts=self._kept,
        )
        pool = (
            f"principal://iam.googleapis.com/projects/{self._config.project_number}"
            f"/locations/global/workloadIdentityPools/{_POOL}/subject/"
        )
        workflows = {f"{pool}{one}": "roles/iam.workloadIdentityUser" for one in subjects}
        people = dict.fromkeys(self._config.operators, "roles/iam.serviceAccountTokenCreator")
        for member, role in {**workflows, **people}.items():
            serviceaccount.IAMMember(
                f"project-{name}-{member.removeprefix(pool)}",
                service_account_id=account.name,
                role=role,
                member=member,
                # a member of a pool that does not exist is refused
                opts=pulumi.ResourceOptions(parent=self, depends_on=[self.provider]),
            )
        return account

    def _rights(self) -> None:
        """Let the deployer build stacks, and give the roles that stacks give, and no other."""
        project, member = self._config.project_id, _member(self.deploy_account)
        role = projects.IAMCustomRole(
            "project-deployer",
            project=project,
            role_id="aigwDeploy",
            title="Builds stacks of the AI gateway",
            permissions=list(permissions()),
            opts=self._kept,
        )
        projects.IAMCustomRole(
            "project-model-caller",
            project=project,
            role_id=MODEL_CALLER,
            title="Asks models of Vertex AI",
            permissions=list(ASKS_MODELS),
            opts=self._kept,
        )
        projects.IAMMember(
            "project-deploy-role", project=project, role=role.name, member=member, opts=self._child
        )
        projects.IAMMember(
            "project-deploy-grants",
            project=project,
            role="roles/resourcemanager.projectIamAdmin",
            member=member,
            condition=projects.IAMMemberConditionArgs(
                title="Roles that stacks give",
                expression=grants_only((*GRANTED, model_caller(project))),
            ),
            opts=self._child,
        )

    def _state(
        self,
        name: str,
        bucket: pulumi.Output[str],
        objects_role: str,
        secrets_key: pulumi.Output[str],
        key_role: str,
    ) -> None:
        holder = {"deploy": self.deploy_account, "preview": self.preview_account}[name]
        storage.BucketIAMMember(
            f"project-{name}-state",
            bucket=bucket,
            role=objects_role,
            member=_member(holder),
            opts=self._child,
        )
        kms.CryptoKeyIAMMember(
            f"project-{name}-secrets",
            crypto_key_id=secrets_key,
            role=key_role,
            member=_member(holder),
            opts=self._child,
        )


def _member(account: serviceaccount.Account) -> pulumi.Output[str]:
    return pulumi.Output.concat("serviceAccount:", account.email)


def _exports(
    bucket: pulumi.Output[str], secrets_key: pulumi.Output[str], project: Project
) -> dict[str, pulumi.Input[object]]:
    backend = pulumi.Output.concat("gs://", bucket)
    secrets = pulumi.Output.concat("gcpkms://", secrets_key)
    return {
        "state_bucket": bucket,
        "backend": backend,
        "secrets_provider": secrets,
        "deploy_account": project.deploy_account.email,
        "preview_account": project.preview_account.email,
        "workload_identity_provider": project.provider.name,
        "next_steps": [
            pulumi.Output.concat("pulumi login '", backend, "'"),
            pulumi.Output.concat(
                "pulumi stack init <environment>-<tier>-gcp --secrets-provider '", secrets, "'"
            ),
            "pulumi up --stack <environment>-<tier>-gcp",
        ],
    }
