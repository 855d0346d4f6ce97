"""Which changed properties make the provider replace a resource instead of updating it.

Read from the provider's own schemas, where a property forces a new resource
(terraform-provider-aws 6.47, internal/service; the random provider's docstrings). A path names a
property of a block; a shorter path stands for the whole block. A type is here with all of its
properties: what is not named is updated in place. What depends on both ends of a change
(`CustomizeDiff`) is in `replaces_when` besides, which then decides.
"""

from __future__ import annotations

from collections.abc import Mapping

REPLACES: Mapping[str, frozenset[str]] = {
    # eks/cluster.go
    "aws:eks/cluster:Cluster": frozenset(
        {
            "name",
            "roleArn",
            "bootstrapSelfManagedAddons",
            "accessConfig.bootstrapClusterCreatorAdminPermissions",
            "encryptionConfig",
            "kubernetesNetworkConfig.ipFamily",
            "kubernetesNetworkConfig.serviceIpv4Cidr",
            "outpostConfig",
        }
    ),
    # autoscaling/group_tag.go
    "aws:autoscaling/tag:Tag": frozenset({"autoscalingGroupName", "tag.key"}),
    # eks/node_group.go
    "aws:eks/nodeGroup:NodeGroup": frozenset(
        {
            "amiType",
            "capacityType",
            "clusterName",
            "diskSize",
            "instanceTypes",
            "launchTemplate.id",
            "launchTemplate.name",
            "nodeGroupName",
            "nodeGroupNamePrefix",
            "nodeRoleArn",
            "remoteAccess",
            "subnetIds",
        }
    ),
    "aws:eks/addon:Addon": frozenset({"addonName", "clusterName", "namespaceConfig"}),
    "aws:eks/accessEntry:AccessEntry": frozenset({"clusterName", "principalArn", "type"}),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": frozenset(
        {"accessScope", "clusterName", "policyArn", "principalArn"}
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": frozenset(
        {"clusterName", "namespace", "serviceAccount"}
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": frozenset({"name", "namePrefix"}),
    "aws:ec2/vpc:Vpc": frozenset({"cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"}),
    "aws:ec2/subnet:Subnet": frozenset(
        {
            *("availabilityZone", "availabilityZoneId", "cidrBlock", "ipv4IpamPoolId"),
            *("ipv4NetmaskLength", "ipv6IpamPoolId", "ipv6Native", "ipv6NetmaskLength"),
            *("outpostArn", "vpcId"),
        }
    ),
    "aws:ec2/internetGateway:InternetGateway": frozenset(),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": frozenset({"vpcId"}),
    "aws:ec2/subnetCidrReservation:SubnetCidrReservation": frozenset(
        {"cidrBlock", "description", "reservationType", "subnetId"}
    ),
    "aws:ec2/natGateway:NatGateway": frozenset(
        {"allocationId", "availabilityMode", "connectivityType", "privateIp", "subnetId", "vpcId"}
    ),
    "aws:ec2/eip:Eip": frozenset(
        {"address", "domain", "ipamPoolId", "networkBorderGroup", "publicIpv4Pool"}
    ),
    "aws:ec2/route:Route": frozenset(
        {"destinationCidrBlock", "destinationIpv6CidrBlock", "routeTableId"}
    ),
    "aws:ec2/routeTable:RouteTable": frozenset({"vpcId"}),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": frozenset({"gatewayId", "subnetId"}),
    # ec2/vpc_peering_connection.go
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": frozenset(
        {"peerOwnerId", "peerRegion", "peerVpcId", "vpcId"}
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": frozenset(
        {
            *("dnsOptions.privateDnsPreference", "dnsOptions.privateDnsSpecifiedDomains"),
            *("resourceConfigurationArn", "serviceName", "serviceNetworkArn", "serviceRegion"),
            *("vpcEndpointType", "vpcId"),
        }
    ),
    "aws:ec2/securityGroup:SecurityGroup": frozenset(
        {"description", "name", "namePrefix", "vpcId"}
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": frozenset({"securityGroupId"}),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": frozenset({"securityGroupId"}),
    "aws:ec2/flowLog:FlowLog": frozenset(
        {
            *("deliverCrossAccountRole", "destinationOptions", "eniId", "iamRoleArn"),
            *("logDestination", "logDestinationType", "logFormat", "maxAggregationInterval"),
            *("regionalNatGatewayId", "subnetId", "trafficType", "transitGatewayAttachmentId"),
            *("transitGatewayId", "vpcId"),
        }
    ),
    # rds/instance.go; another identifier renames it in place
    "aws:rds/instance:Instance": frozenset(
        {
            *("availabilityZone", "backupTarget", "characterSetName", "customIamInstanceProfile"),
            *("dbName", "engine", "kmsKeyId", "ncharCharacterSetName", "restoreToPointInTime"),
            *("s3Import", "snapshotIdentifier", "storageEncrypted", "timezone", "username"),
        }
    ),
    # rds/cluster.go; the storage type only where the engine is not Aurora's
    "aws:rds/cluster:Cluster": frozenset(
        {
            *("availabilityZones", "clusterIdentifier", "clusterIdentifierPrefix"),
            *("clusterScalabilityType", "databaseName", "dbSubnetGroupName", "dbSystemId"),
            *("engine", "engineMode", "kmsKeyId", "masterUsername", "restoreToPointInTime"),
            *("s3Import", "snapshotIdentifier", "sourceRegion", "storageEncrypted", "storageType"),
        }
    ),
    "aws:rds/subnetGroup:SubnetGroup": frozenset({"name", "namePrefix"}),
    "aws:rds/parameterGroup:ParameterGroup": frozenset(
        {"description", "family", "name", "namePrefix"}
    ),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": frozenset(
        {"description", "family", "name", "namePrefix"}
    ),
    # elasticache/replication_group.go
    "aws:elasticache/replicationGroup:ReplicationGroup": frozenset(
        {
            *("atRestEncryptionEnabled", "dataTieringEnabled", "globalReplicationGroupId"),
            *("kmsKeyId", "networkType", "nodeGroupConfigurations", "port"),
            *("replicationGroupId", "securityGroupNames", "snapshotArns", "snapshotName"),
            "subnetGroupName",
        }
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": frozenset({"name"}),
    "aws:elasticache/parameterGroup:ParameterGroup": frozenset({"description", "family", "name"}),
    "aws:elasticache/user:User": frozenset({"userId", "userName"}),
    "aws:elasticache/userGroup:UserGroup": frozenset({"userGroupId"}),
    # efs/file_system.go, mount_target.go, access_point.go
    "aws:efs/fileSystem:FileSystem": frozenset(
        {"availabilityZoneName", "creationToken", "encrypted", "kmsKeyId", "performanceMode"}
    ),
    "aws:efs/mountTarget:MountTarget": frozenset(
        {"fileSystemId", "ipAddress", "ipAddressType", "ipv6Address", "subnetId"}
    ),
    "aws:efs/backupPolicy:BackupPolicy": frozenset({"fileSystemId"}),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": frozenset({"fileSystemId"}),
    "aws:efs/accessPoint:AccessPoint": frozenset({"fileSystemId", "posixUser", "rootDirectory"}),
    # opensearch/domain.go; of the VPC options only their presence replaces, not their subnets
    "aws:opensearch/domain:Domain": frozenset(
        {
            "domainName",
            "advancedSecurityOptions.enabled",
            "encryptAtRest.enabled",
            "encryptAtRest.kmsKeyId",
            "nodeToNodeEncryption.enabled",
        }
    ),
    # elbv2/load_balancer.go, target_group.go, listener.go, listener_rule.go
    "aws:lb/loadBalancer:LoadBalancer": frozenset(
        {"customerOwnedIpv4Pool", "internal", "loadBalancerType", "name", "namePrefix"}
    ),
    "aws:lb/targetGroup:TargetGroup": frozenset(
        {
            *("ipAddressType", "name", "namePrefix", "port", "protocol", "protocolVersion"),
            *("targetControlPort", "targetType", "vpcId"),
        }
    ),
    "aws:lb/listener:Listener": frozenset({"loadBalancerArn"}),
    "aws:lb/listenerRule:ListenerRule": frozenset({"listenerArn"}),
    # acm/certificate.go, certificate_validation.go, route53/record.go
    "aws:acm/certificate:Certificate": frozenset(
        {
            *("certificateAuthorityArn", "domainName", "keyAlgorithm", "subjectAlternativeNames"),
            *("validationMethod", "validationOptions"),
        }
    ),
    "aws:acm/certificateValidation:CertificateValidation": frozenset(
        {"certificateArn", "validationRecordFqdns"}
    ),
    "aws:route53/record:Record": frozenset({"name", "type", "zoneId"}),
    # wafv2/web_acl.go, web_acl_association.go, web_acl_logging_configuration.go
    "aws:wafv2/webAcl:WebAcl": frozenset({"name", "namePrefix", "scope"}),
    "aws:wafv2/webAclAssociation:WebAclAssociation": frozenset({"resourceArn", "webAclArn"}),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": frozenset(
        {"logDestinationConfigs", "resourceArn"}
    ),
    # docdb/cluster.go, cluster_instance.go
    "aws:docdb/cluster:Cluster": frozenset(
        {
            *("availabilityZones", "clusterIdentifier", "clusterIdentifierPrefix"),
            *("dbSubnetGroupName", "engine", "kmsKeyId", "masterUsername", "port"),
            *("restoreToPointInTime", "snapshotIdentifier", "storageEncrypted"),
        }
    ),
    "aws:docdb/clusterInstance:ClusterInstance": frozenset(
        {"availabilityZone", "clusterIdentifier", "engine", "identifier", "identifierPrefix"}
    ),
    "aws:docdb/subnetGroup:SubnetGroup": frozenset({"name", "namePrefix"}),
    "aws:docdb/clusterParameterGroup:ClusterParameterGroup": frozenset(
        {"description", "family", "name", "namePrefix"}
    ),
    # ecr/pull_through_cache_rule.go, repository_creation_template.go
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": frozenset(
        {"ecrRepositoryPrefix", "upstreamRegistryUrl", "upstreamRepositoryPrefix"}
    ),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": frozenset({"prefix"}),
    "aws:s3/bucket:Bucket": frozenset(
        {
            *("bucket", "bucketNamespace", "bucketPrefix", "objectLockEnabled"),
            "objectLockConfiguration.objectLockEnabled",
        }
    ),
    "aws:s3/bucketVersioning:BucketVersioning": frozenset({"bucket"}),
    "aws:s3/bucketPolicy:BucketPolicy": frozenset({"bucket"}),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": frozenset({"bucket"}),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": frozenset({"bucket"}),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": frozenset(
        {"bucket", "expectedBucketOwner"}
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        frozenset({"bucket"})
    ),
    "aws:kms/key:Key": frozenset(
        {"customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"}
    ),
    "aws:kms/replicaKey:ReplicaKey": frozenset({"primaryKeyArn"}),
    "aws:kms/alias:Alias": frozenset({"name", "namePrefix"}),
    "aws:cloudwatch/logGroup:LogGroup": frozenset({"logGroupClass", "name", "namePrefix"}),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": frozenset({"policyName", "resourceArn"}),
    "aws:secretsmanager/secret:Secret": frozenset({"name", "namePrefix"}),
    "aws:secretsmanager/secretVersion:SecretVersion": frozenset(
        {"secretBinary", "secretId", "secretString"}
    ),
    "aws:backup/vault:Vault": frozenset({"kmsKeyArn", "name"}),
    "aws:backup/plan:Plan": frozenset({"name"}),
    "aws:backup/selection:Selection": frozenset(
        {
            *("conditions", "iamRoleArn", "name", "notResources", "planId", "resources"),
            "selectionTags",
        }
    ),
    "aws:iam/role:Role": frozenset({"name", "namePrefix", "path"}),
    "aws:iam/policy:Policy": frozenset({"description", "name", "namePrefix", "path"}),
    "aws:iam/rolePolicy:RolePolicy": frozenset({"name", "namePrefix", "role"}),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": frozenset({"policyArn", "role"}),
    # every property of a random value, since a new value is a new secret
    "random:index/randomPassword:RandomPassword": frozenset(
        {
            *("keepers", "length", "lower", "minLower", "minNumeric", "minSpecial", "minUpper"),
            *("number", "numeric", "overrideSpecial", "special", "upper"),
        }
    ),
    "random:index/randomBytes:RandomBytes": frozenset({"keepers", "length"}),
    "random:index/randomId:RandomId": frozenset({"byteLength", "keepers", "prefix"}),
}
