"""Type tokens, with the older names under which the provider still registers the same thing."""

from __future__ import annotations

from typing import Final

PROVIDERS: Final = ("pulumi:providers:aws",)
EVERY_AWS: Final = ("aws:*",)

VPCS: Final = ("aws:ec2/vpc:Vpc",)
DEFAULT_VPCS: Final = ("aws:ec2/defaultVpc:DefaultVpc",)
SUBNETS: Final = ("aws:ec2/subnet:Subnet",)
FLOW_LOGS: Final = ("aws:ec2/flowLog:FlowLog",)
DEFAULT_GROUPS: Final = ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",)
SECURITY_GROUPS: Final = ("aws:ec2/securityGroup:SecurityGroup",)
GROUP_RULES: Final = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
)
GROUP_EGRESS_RULES: Final = ("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",)
FLEETS: Final = ("aws:gamelift/fleet:Fleet",)
INSTANCE_PORTS: Final = ("aws:lightsail/instancePublicPorts:InstancePublicPorts",)
PREFIX_LISTS: Final = (
    "aws:ec2/managedPrefixList:ManagedPrefixList",
    "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry",
)
NETWORK_ACLS: Final = ("aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl")
NETWORK_ACL_RULES: Final = ("aws:ec2/networkAclRule:NetworkAclRule",)
ROUTES: Final = ("aws:ec2/route:Route",)
ROUTE_TABLES: Final = ("aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable")
ROUTE_TABLE_ASSOCIATIONS: Final = ("aws:ec2/routeTableAssociation:RouteTableAssociation",)
GATEWAYS: Final = ("aws:ec2/internetGateway:InternetGateway",)
NAT_GATEWAYS: Final = ("aws:ec2/natGateway:NatGateway",)
VPC_ENDPOINTS: Final = ("aws:ec2/vpcEndpoint:VpcEndpoint",)
DATA_SUBNET_GROUPS: Final = (
    "aws:rds/subnetGroup:SubnetGroup",
    "aws:elasticache/subnetGroup:SubnetGroup",
    "aws:redshift/subnetGroup:SubnetGroup",
    "aws:docdb/subnetGroup:SubnetGroup",
    "aws:neptune/subnetGroup:SubnetGroup",
    "aws:memorydb/subnetGroup:SubnetGroup",
    "aws:dax/subnetGroup:SubnetGroup",
)
PEERINGS: Final = ("aws:ec2/vpcPeeringConnection:VpcPeeringConnection",)

INSTANCES: Final = ("aws:ec2/instance:Instance",)
SPOT_INSTANCES: Final = ("aws:ec2/spotInstanceRequest:SpotInstanceRequest",)
LAUNCH_TEMPLATES: Final = ("aws:ec2/launchTemplate:LaunchTemplate",)
SCALING_GROUPS: Final = ("aws:autoscaling/group:Group",)
LAUNCH_CONFIGURATIONS: Final = ("aws:ec2/launchConfiguration:LaunchConfiguration",)
ENCRYPTION_BY_DEFAULT: Final = ("aws:ebs/encryptionByDefault:EncryptionByDefault",)
FUNCTIONS: Final = ("aws:lambda/function:Function",)
EVENT_SOURCES: Final = ("aws:lambda/eventSourceMapping:EventSourceMapping",)
VOLUMES: Final = ("aws:ebs/volume:Volume",)

CLUSTERS: Final = ("aws:eks/cluster:Cluster",)
CLUSTER_COMPONENTS: Final = ("eks:index:Cluster",)
CLUSTER_ADDONS: Final = ("aws:eks/addon:Addon",)
NODE_GROUPS: Final = ("aws:eks/nodeGroup:NodeGroup",)

ACCELERATED: Final = ("aws:globalaccelerator/endpointGroup:EndpointGroup",)
ECS_CLUSTERS: Final = ("aws:ecs/cluster:Cluster",)
ECS_SERVICES: Final = ("aws:ecs/service:Service",)
TASK_DEFINITIONS: Final = ("aws:ecs/taskDefinition:TaskDefinition",)

DATABASES: Final = ("aws:rds/instance:Instance",)
BACKUP_REPLICATIONS: Final = ("aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",)
DATABASE_PROXIES: Final = ("aws:rds/proxy:Proxy",)
AURORA_CLUSTERS: Final = ("aws:rds/cluster:Cluster",)
AURORA_INSTANCES: Final = ("aws:rds/clusterInstance:ClusterInstance",)
PARAMETER_GROUPS: Final = ("aws:rds/parameterGroup:ParameterGroup",)
CLUSTER_PARAMETER_GROUPS: Final = ("aws:rds/clusterParameterGroup:ClusterParameterGroup",)
REDIS_GROUPS: Final = ("aws:elasticache/replicationGroup:ReplicationGroup",)
CACHE_CLUSTERS: Final = ("aws:elasticache/cluster:Cluster",)
TABLES: Final = ("aws:dynamodb/table:Table",)
TABLE_REPLICAS: Final = ("aws:dynamodb/tableReplica:TableReplica",)
SCALABLE_TARGETS: Final = ("aws:appautoscaling/target:Target",)
SCALING_POLICIES: Final = ("aws:appautoscaling/policy:Policy",)
STREAMS: Final = ("aws:msk/cluster:Cluster",)
REPLICATORS: Final = ("aws:msk/replicator:Replicator",)
STREAM_CONFIGURATIONS: Final = ("aws:msk/configuration:Configuration",)
FILE_SYSTEMS: Final = ("aws:efs/fileSystem:FileSystem",)

BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
BUCKET_ENCRYPTIONS: Final = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
BUCKET_VERSIONINGS: Final = (
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketVersioningV2:BucketVersioningV2",
)
BUCKET_BLOCKS: Final = ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",)
BUCKET_POLICIES: Final = ("aws:s3/bucketPolicy:BucketPolicy",)
BUCKET_OWNERSHIPS: Final = ("aws:s3/bucketOwnershipControls:BucketOwnershipControls",)
BUCKET_LOGGINGS: Final = ("aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2")
BUCKET_LIFECYCLES: Final = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)
BUCKET_REPLICATIONS: Final = ("aws:s3/bucketReplicationConfig:BucketReplicationConfig",)
OBJECTS: Final = (
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3/objectCopy:ObjectCopy",
)
BUCKET_ACLS: Final = ("aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")

IMAGE_REPOSITORIES: Final = ("aws:ecr/repository:Repository",)
PUBLIC_REPOSITORIES: Final = (
    "aws:ecrpublic/repository:Repository",
    "aws:ecrpublic/repositoryPolicy:RepositoryPolicy",
)
IMAGE_REPLICATIONS: Final = ("aws:ecr/replicationConfiguration:ReplicationConfiguration",)
IMAGE_LIFECYCLES: Final = ("aws:ecr/lifecyclePolicy:LifecyclePolicy",)

BALANCERS: Final = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
LISTENER_RULES: Final = ("aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule")
LISTENERS: Final = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")
TARGET_GROUPS: Final = ("aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup")
APIS: Final = ("aws:apigatewayv2/api:Api",)
API_STAGES: Final = ("aws:apigatewayv2/stage:Stage",)
API_ROUTES: Final = ("aws:apigatewayv2/route:Route",)
API_INTEGRATIONS: Final = ("aws:apigatewayv2/integration:Integration",)
API_DOMAINS: Final = ("aws:apigatewayv2/domainName:DomainName",)
API_MAPPINGS: Final = ("aws:apigatewayv2/apiMapping:ApiMapping",)
DISTRIBUTIONS: Final = ("aws:cloudfront/distribution:Distribution",)
RESPONSE_HEADERS: Final = ("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",)
LOG_DELIVERY_SOURCES: Final = ("aws:cloudwatch/logDeliverySource:LogDeliverySource",)
WEB_ACLS: Final = ("aws:wafv2/webAcl:WebAcl",)
WEB_ACL_ASSOCIATIONS: Final = ("aws:wafv2/webAclAssociation:WebAclAssociation",)
WEB_ACL_LOGGINGS: Final = ("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",)
ZONES: Final = ("aws:route53/zone:Zone",)
ZONE_SIGNINGS: Final = ("aws:route53/hostedZoneDnsSec:HostedZoneDnsSec",)
QUERY_LOGS: Final = ("aws:route53/queryLog:QueryLog",)
SIGNING_KEYS: Final = ("aws:route53/keySigningKey:KeySigningKey",)
DNS_RECORDS: Final = ("aws:route53/record:Record",)

KEYS: Final = ("aws:kms/key:Key",)
KEY_POLICIES: Final = (
    "aws:kms/keyPolicy:KeyPolicy",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
    "aws:kms/grant:Grant",
)
PARAMETERS: Final = ("aws:ssm/parameter:Parameter",)
SECRETS: Final = ("aws:secretsmanager/secret:Secret",)
ROTATIONS: Final = ("aws:secretsmanager/secretRotation:SecretRotation",)
FUNCTION_PERMISSIONS: Final = ("aws:lambda/permission:Permission",)
INVOKE_CONFIGS: Final = ("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",)
RESOURCE_SHARES: Final = ("aws:ram/resourceShare:ResourceShare",)
SERVERLESS_POLICIES: Final = (
    "aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy",
    "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy",
)
FUNCTION_URLS: Final = ("aws:lambda/functionUrl:FunctionUrl",)
SHARED_BY_LIST: Final = (
    "aws:ec2/amiLaunchPermission:AmiLaunchPermission",
    "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission",
    "aws:rds/snapshot:Snapshot",
    "aws:rds/clusterSnapshot:ClusterSnapshot",
    "aws:ssm/document:Document",
)
SHARED_BY_NAME: Final = (
    "aws:rds/snapshotCopy:SnapshotCopy",
    "aws:imagebuilder/distributionConfiguration:DistributionConfiguration",
    "aws:ram/principalAssociation:PrincipalAssociation",
    "aws:redshift/endpointAuthorization:EndpointAuthorization",
)
ACCESS_GRANTS: Final = ("aws:s3control/accessGrant:AccessGrant",)
LAKE_PERMISSIONS: Final = ("aws:lakeformation/permissions:Permissions",)
LAKE_SETTINGS: Final = ("aws:lakeformation/dataLakeSettings:DataLakeSettings",)
LOG_GROUPS: Final = ("aws:cloudwatch/logGroup:LogGroup",)

ROLES: Final = ("aws:iam/role:Role",)
USERS: Final = ("aws:iam/user:User", "aws:iam/accessKey:AccessKey")
ATTACHMENTS: Final = (
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
    "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive",
    "aws:rolesanywhere/profile:Profile",
)
MANAGED_POLICIES: Final = ("aws:iam/policy:Policy",)
ROLE_POLICIES: Final = ("aws:iam/rolePolicy:RolePolicy",)
PERMISSIONS: Final = (
    *MANAGED_POLICIES,
    *ROLE_POLICIES,
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
)
INLINE_PERMISSIONS: Final = (
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
    "aws:iot/policy:Policy",
)

METRIC_FILTERS: Final = ("aws:cloudwatch/logMetricFilter:LogMetricFilter",)
TRAILS: Final = ("aws:cloudtrail/trail:Trail",)
CONFIG_RECORDERS: Final = ("aws:cfg/recorder:Recorder",)
RECORDER_STATUSES: Final = ("aws:cfg/recorderStatus:RecorderStatus",)
DETECTORS: Final = ("aws:guardduty/detector:Detector",)
DETECTOR_FEATURES: Final = ("aws:guardduty/detectorFeature:DetectorFeature",)

VAULTS: Final = ("aws:backup/vault:Vault",)
VAULT_LOCKS: Final = ("aws:backup/vaultLockConfiguration:VaultLockConfiguration",)
VAULT_POLICIES: Final = ("aws:backup/vaultPolicy:VaultPolicy",)
VAULT_NOTIFICATIONS: Final = ("aws:backup/vaultNotifications:VaultNotifications",)
BACKUP_PLANS: Final = ("aws:backup/plan:Plan",)
BACKUP_SELECTIONS: Final = ("aws:backup/selection:Selection",)
BUDGETS: Final = ("aws:budgets/budget:Budget",)

ALARMS: Final = (
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm",
)
TOPICS: Final = ("aws:sns/topic:Topic",)
TOPIC_POLICIES: Final = ("aws:sns/topicPolicy:TopicPolicy",)
CHAT_CHANNELS: Final = (
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
)
GUARDRAILS: Final = ("aws:bedrock/guardrail:Guardrail",)
CALL_LOGGINGS: Final = ("aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration",)
EXPERIMENTS: Final = ("aws:fis/experimentTemplate:ExperimentTemplate",)
BEANSTALK_ENVIRONMENTS: Final = ("aws:elasticbeanstalk/environment:Environment",)
QUEUES: Final = ("aws:sqs/queue:Queue",)
QUEUE_POLICIES: Final = ("aws:sqs/queuePolicy:QueuePolicy",)

EVERY_KUBERNETES: Final = ("kubernetes:*",)
KUBERNETES_PODS: Final = (
    "kubernetes:core/v1:Pod",
    "kubernetes:core/v1:ReplicationController",
    "kubernetes:apps/v1:DaemonSet",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:ReplicaSet",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:batch/v1:CronJob",
    "kubernetes:batch/v1:Job",
)
KUBERNETES_NAMESPACED: Final = (
    *KUBERNETES_PODS,
    "kubernetes:core/v1:ConfigMap",
    "kubernetes:core/v1:PersistentVolumeClaim",
    "kubernetes:core/v1:Secret",
    "kubernetes:core/v1:Service",
    "kubernetes:core/v1:ServiceAccount",
)
KUBERNETES_SECRETS: Final = ("kubernetes:core/v1:Secret",)
STORAGE_CLASSES: Final = ("kubernetes:storage.k8s.io/v1:StorageClass",)
