"""Where a constraint that is asked on every cloud is shown for this one."""

from __future__ import annotations

from dataclasses import replace

from sizing.plans import Finding

# The same constraint by this cloud's figures has another source.
SOURCES = {
    "amazon-eks-ami": "gke",
    "cdk-preflight": "pulumi-gcp",
    "cfn-lint": "cyclenerd-zones-2023",
    "ec2-bandwidth": "cyclenerd-types",
    "ec2-quotas": "gce-quota-metrics",
    "eks-managed-node-groups": "gke-pods",
    "terraform-provider-aws": "pulumi-gcp",
}


def own_source(found: Finding) -> Finding:
    """Return a finding with the source that holds on this cloud."""
    return replace(found, source=SOURCES.get(found.source, found.source))
