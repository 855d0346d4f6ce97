"""Which action makes a resource of which type."""

from __future__ import annotations

from collections.abc import Mapping

MAKING: Mapping[str, str] = {
    "aws:acm/certificate:Certificate": "acm:RequestCertificate",
    "aws:acm/certificateValidation:CertificateValidation": "acm:DescribeCertificate",
    "aws:autoscaling/tag:Tag": "autoscaling:CreateOrUpdateTags",
    "aws:backup/plan:Plan": "backup:CreateBackupPlan",
    "aws:backup/selection:Selection": "backup:CreateBackupSelection",
    "aws:backup/vault:Vault": "backup:CreateBackupVault",
    "aws:cloudwatch/logGroup:LogGroup": "logs:CreateLogGroup",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "logs:PutResourcePolicy",
    "aws:docdb/cluster:Cluster": "rds:CreateDBCluster",
    "aws:docdb/clusterInstance:ClusterInstance": "rds:CreateDBInstance",
    "aws:docdb/clusterParameterGroup:ClusterParameterGroup": "rds:CreateDBClusterParameterGroup",
    "aws:docdb/subnetGroup:SubnetGroup": "rds:CreateDBSubnetGroup",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "ec2:RevokeSecurityGroupIngress",
    "aws:ec2/eip:Eip": "ec2:AllocateAddress",
    "aws:ec2/flowLog:FlowLog": "ec2:CreateFlowLogs",
    "aws:ec2/internetGateway:InternetGateway": "ec2:CreateInternetGateway",
    "aws:ec2/launchTemplate:LaunchTemplate": "ec2:CreateLaunchTemplate",
    "aws:ec2/natGateway:NatGateway": "ec2:CreateNatGateway",
    "aws:ec2/route:Route": "ec2:CreateRoute",
    "aws:ec2/routeTable:RouteTable": "ec2:CreateRouteTable",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": "ec2:AssociateRouteTable",
    "aws:ec2/securityGroup:SecurityGroup": "ec2:CreateSecurityGroup",
    "aws:ec2/subnet:Subnet": "ec2:CreateSubnet",
    "aws:ec2/subnetCidrReservation:SubnetCidrReservation": "ec2:CreateSubnetCidrReservation",
    "aws:ec2/vpc:Vpc": "ec2:CreateVpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "ec2:CreateVpcEndpoint",
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": "ec2:CreateVpcPeeringConnection",
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": "ecr:CreatePullThroughCacheRule",
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": (
        "ecr:CreateRepositoryCreationTemplate"
    ),
    "aws:efs/accessPoint:AccessPoint": "elasticfilesystem:CreateAccessPoint",
    "aws:efs/backupPolicy:BackupPolicy": "elasticfilesystem:PutBackupPolicy",
    "aws:efs/fileSystem:FileSystem": "elasticfilesystem:CreateFileSystem",
    "aws:efs/fileSystemPolicy:FileSystemPolicy": "elasticfilesystem:PutFileSystemPolicy",
    "aws:efs/mountTarget:MountTarget": "elasticfilesystem:CreateMountTarget",
    "aws:eks/accessEntry:AccessEntry": "eks:CreateAccessEntry",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": "eks:AssociateAccessPolicy",
    "aws:eks/addon:Addon": "eks:CreateAddon",
    "aws:eks/cluster:Cluster": "eks:CreateCluster",
    "aws:eks/nodeGroup:NodeGroup": "eks:CreateNodegroup",
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": "eks:CreatePodIdentityAssociation",
    "aws:elasticache/parameterGroup:ParameterGroup": "elasticache:CreateCacheParameterGroup",
    "aws:elasticache/replicationGroup:ReplicationGroup": "elasticache:CreateReplicationGroup",
    "aws:elasticache/subnetGroup:SubnetGroup": "elasticache:CreateCacheSubnetGroup",
    "aws:iam/role:Role": "iam:CreateRole",
    "aws:iam/rolePolicy:RolePolicy": "iam:PutRolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "iam:AttachRolePolicy",
    "aws:kms/alias:Alias": "kms:CreateAlias",
    "aws:kms/key:Key": "kms:CreateKey",
    "aws:kms/replicaKey:ReplicaKey": "kms:ReplicateKey",
    "aws:lb/listener:Listener": "elasticloadbalancing:CreateListener",
    "aws:lb/listenerRule:ListenerRule": "elasticloadbalancing:CreateRule",
    "aws:lb/loadBalancer:LoadBalancer": "elasticloadbalancing:CreateLoadBalancer",
    "aws:lb/targetGroup:TargetGroup": "elasticloadbalancing:CreateTargetGroup",
    "aws:opensearch/domain:Domain": "es:CreateDomain",
    "aws:rds/cluster:Cluster": "rds:CreateDBCluster",
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": "rds:CreateDBClusterParameterGroup",
    "aws:rds/instance:Instance": "rds:CreateDBInstance",
    "aws:rds/parameterGroup:ParameterGroup": "rds:CreateDBParameterGroup",
    "aws:rds/subnetGroup:SubnetGroup": "rds:CreateDBSubnetGroup",
    "aws:route53/record:Record": "route53:ChangeResourceRecordSets",
    "aws:s3/bucket:Bucket": "s3:CreateBucket",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (
        "s3:PutLifecycleConfiguration"
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy": "s3:PutBucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "s3:PutEncryptionConfiguration"
    ),
    "aws:s3/bucketVersioning:BucketVersioning": "s3:PutBucketVersioning",
    "aws:secretsmanager/secret:Secret": "secretsmanager:CreateSecret",
    "aws:secretsmanager/secretVersion:SecretVersion": "secretsmanager:PutSecretValue",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "ec2:AuthorizeSecurityGroupEgress",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        "ec2:AuthorizeSecurityGroupIngress"
    ),
    "aws:wafv2/webAcl:WebAcl": "wafv2:CreateWebACL",
    "aws:wafv2/webAclAssociation:WebAclAssociation": "wafv2:AssociateWebACL",
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": (
        "wafv2:PutLoggingConfiguration"
    ),
}
"""Resource type -> the action that makes it; what a create call is named, by service."""
