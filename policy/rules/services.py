"""Services beside those that hold most data: encrypted, closed, logged, and set as AWS and public checkers advise.

A row a control. That nothing switches a good default off is asked of every input of the provider at once
(`policy/rules/switches.py`); a row here names the control that a checker knows it by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Level, Severity
from policy.rules.aspects import LAYERS, LOGS, encrypted, in_transit, logged, own_key, private
from policy.table import Must, be, be_one_of, be_set, not_be, only, paired
from policy.values import Block, listed, same

if TYPE_CHECKING:
    from policy.resources import Resource
    from policy.rule import Rule

_SEARCH: Final = ("aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain")
_BUILD: Final = "aws:codebuild/project:Project"
_MQ: Final = "aws:mq/broker:Broker"
_AIRFLOW: Final = "aws:mwaa/environment:Environment"
_AURORA: Final = "aws:rds/cluster:Cluster"
_DLM: Final = "aws:dlm/lifecyclePolicy:LifecyclePolicy"
_QUALITY: Final = "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition"
_TLS12: Final = (
    "Policy-Min-TLS-1-2-2019-07",
    "Policy-Min-TLS-1-2-PFS-2023-10",
    "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08",
)


def _has_artifacts(project: Resource) -> bool:
    return project.get("artifacts.type") != "NO_ARTIFACTS"


def _speaks_openwire(broker: Resource) -> bool:
    return broker.get("engineType") != "RabbitMQ"


def _watches_load(database: Resource) -> bool:
    return same(database.get("performanceInsightsEnabled"), wanted=True)


def _keeps_video(config: Resource) -> bool:
    return config.has("storageConfig.kinesisVideoStreamConfig")


def _keeps_objects(config: Resource) -> bool:
    return config.has("storageConfig.s3Config")


def _runs_shells(cluster: Resource) -> bool:
    return cluster.has("configuration.executeCommandConfiguration")


def _copies_events(policy: Resource) -> bool:
    return policy.has("policyDetails.action.crossRegionCopies")


def _copies_snapshots(policy: Resource) -> bool:
    return policy.has("policyDetails.schedules.crossRegionCopyRules")


def _has_disks(recipe: Resource) -> bool:
    return recipe.has("blockDeviceMappings.ebs")


def _is_mysql(cluster: Resource) -> bool:
    return "mysql" in str(cluster.get("engine") or "aurora-mysql")


def _records_audit(found: object) -> bool:
    options = Block({"logs": found}).blocks("logs")
    return any(one.get("logType") == "AUDIT_LOGS" and not same(one.get("enabled"), wanted=False) for one in options)


_KEYS: Final = (
    own_key("mq: Brokers of MQ are", _MQ, "encryptionOptions.kmsKeyId", "CKV_AWS_209"),
    own_key("codepipeline: Artifacts of CodePipeline are", "aws:codepipeline/pipeline:Pipeline",
            "artifactStores.encryptionKey.id", "CKV_AWS_219"),
    own_key("codeartifact: CodeArtifact is", "aws:codeartifact/domain:Domain", "encryptionKey", "CKV_AWS_221"),
    own_key("ebs-copies: Copies of volumes and images are",
            ("aws:ec2/amiCopy:AmiCopy", "aws:ebs/snapshotCopy:SnapshotCopy"), "kmsKeyId", "CKV_AWS_183",
            "CKV_AWS_236"),
    own_key("rds-copies: Copies of snapshots of databases are", "aws:rds/snapshotCopy:SnapshotCopy", "kmsKeyId",
            "CKV_AWS_266"),
    own_key("rds-activity: Activity streams are", "aws:rds/clusterActivityStream:ClusterActivityStream", "kmsKeyId",
            "CKV_AWS_246"),
    only(_watches_load, own_key("rds-insights: Performance Insights are",
                                ("aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"),
                                "performanceInsightsKmsKeyId", "CKV_AWS_354", "AWS-0078")),
    own_key("dynamodb-replica: Replicas of tables are", "aws:dynamodb/tableReplica:TableReplica", "kmsKeyArn",
            "CKV_AWS_271"),
    own_key("keyspaces: Keyspaces is", "aws:keyspaces/table:Table", "encryptionSpecification.kmsKeyIdentifier",
            "CKV_AWS_265"),
    own_key("memorydb-snapshot: Snapshots of MemoryDB are", "aws:memorydb/snapshot:Snapshot", "kmsKeyArn",
            "CKV_AWS_278"),
    own_key("redshift-copy: Copies of Redshift's snapshots are", "aws:redshift/snapshotCopyGrant:SnapshotCopyGrant",
            "kmsKeyId", "CKV_AWS_281"),
    own_key("kendra: Kendra is", "aws:kendra/index:Index", "serverSideEncryptionConfiguration.kmsKeyId",
            "CKV_AWS_262"),
    own_key("appflow: AppFlow is",
            ("aws:appflow/flow:Flow", "aws:appflow/connectorProfile:ConnectorProfile"), "kmsArn", "CKV_AWS_263",
            "CKV_AWS_264"),
    own_key("comprehend-model: Models of Comprehend are", "aws:comprehend/entityRecognizer:EntityRecognizer",
            "modelKmsKeyId", "CKV_AWS_267"),
    own_key("comprehend-volume: Volumes of Comprehend are", "aws:comprehend/entityRecognizer:EntityRecognizer",
            "volumeKmsKeyId", "CKV_AWS_268"),
    only(_keeps_video, own_key(
        "connect-video: Video of Connect is", "aws:connect/instanceStorageConfig:InstanceStorageConfig",
        "storageConfig.kinesisVideoStreamConfig.encryptionConfig.keyId", "CKV_AWS_269")),
    only(_keeps_objects, own_key(
        "connect-objects: Objects of Connect are", "aws:connect/instanceStorageConfig:InstanceStorageConfig",
        "storageConfig.s3Config.encryptionConfig.keyId", "CKV_AWS_270")),
    own_key("dms-endpoint: Endpoints of DMS are", ("aws:dms/endpoint:Endpoint", "aws:dms/s3Endpoint:S3Endpoint"),
            "kmsKeyArn", "CKV_AWS_296", "CKV_AWS_298"),
    own_key("scheduler: Schedules of EventBridge are", "aws:scheduler/schedule:Schedule", "kmsKeyArn", "CKV_AWS_297"),
    own_key("network-firewall: Network firewalls are",
            ("aws:networkfirewall/firewall:Firewall", "aws:networkfirewall/ruleGroup:RuleGroup",
             "aws:networkfirewall/firewallPolicy:FirewallPolicy"), "encryptionConfiguration.keyId", "CKV_AWS_345",
            "CKV_AWS_346"),
    own_key("sagemaker-quality: Reports of data quality are", _QUALITY, "dataQualityJobOutputConfig.kmsKeyId",
            "CKV_AWS_367"),
    own_key("sagemaker-quality-volume: Volumes of data quality jobs are", _QUALITY,
            "jobResources.clusterConfig.volumeKmsKeyId", "CKV_AWS_368"),
    own_key("sagemaker-flow: Results of human reviews are", "aws:sagemaker/flowDefinition:FlowDefinition",
            "outputConfig.kmsKeyId", "CKV_AWS_372"),
    own_key("bedrock-agent: Agents of Bedrock are", "aws:bedrock/agentAgent:AgentAgent", "customerEncryptionKeyArn",
            "CKV_AWS_373"),
    only(_runs_shells, own_key("ecs-exec: Shells in containers are", "aws:ecs/cluster:Cluster",
                               "configuration.executeCommandConfiguration.kmsKeyId", "CKV_AWS_224")),
    only(_copies_events, own_key("dlm-events: Snapshots that arrive from another region are", _DLM,
                                 "policyDetails.action.crossRegionCopies.encryptionConfiguration.cmkArn",
                                 "CKV_AWS_254")),
    only(_copies_snapshots, own_key("dlm-copies: Snapshots that go to another region are", _DLM,
                                    "policyDetails.schedules.crossRegionCopyRules.cmkArn", "CKV_AWS_256")),
    only(_has_disks, own_key("imagebuilder-disks: Disks of Image Builder are",
                             "aws:imagebuilder/imageRecipe:ImageRecipe", "blockDeviceMappings.ebs.kmsKeyId",
                             "CKV_AWS_200")),
    own_key("imagebuilder: Components of Image Builder are", "aws:imagebuilder/component:Component", "kmsKeyId",
            "CKV_AWS_180"),
    own_key("imagebuilder-images: Images that Image Builder hands out are",
            "aws:imagebuilder/distributionConfiguration:DistributionConfiguration",
            "distributions.amiDistributionConfiguration.kmsKeyId", "CKV_AWS_199"),
)  # fmt: skip

_PROTECTED: Final = (
    only(_has_artifacts, encrypted("codebuild: Artifacts of CodeBuild are", _BUILD, "artifacts.encryptionDisabled",
                                   "CKV_AWS_78", "CodeBuild.3", must=not_be(True))),
    encrypted("codebuild-logs: Logs of CodeBuild in S3 are", _BUILD, "logsConfig.s3Logs.encryptionDisabled",
              "CKV_AWS_311", must=not_be(True)),
    logged("codebuild: Builds are", _BUILD, "logsConfig", be_set(), "CKV_AWS_314", "CodeBuild.4"),
    private("neptune-instance: Instances of Neptune are", "aws:neptune/clusterInstance:ClusterInstance",
            "publiclyAccessible", not_be(True), "CKV_AWS_102"),
    private("airflow: Airflow is", _AIRFLOW, "webserverAccessMode", not_be("PUBLIC_ONLY"), "CKV2_AWS_66"),
    private("emr-accounts: Clusters of EMR are",
            "aws:emr/blockPublicAccessConfiguration:BlockPublicAccessConfiguration", "blockPublicSecurityGroupRules",
            be(True), "CKV_AWS_390", "EMR.2"),
    private("access-point: Access points of S3 are", "aws:s3/accessPoint:AccessPoint",
            ("publicAccessBlockConfiguration.blockPublicAcls", "publicAccessBlockConfiguration.blockPublicPolicy",
             "publicAccessBlockConfiguration.ignorePublicAcls",
             "publicAccessBlockConfiguration.restrictPublicBuckets"), not_be(False), "CKV_AWS_392", "S3.19"),
    in_transit("opensearch-policy: OpenSearch is", _SEARCH, "domainEndpointOptions.tlsSecurityPolicy",
               be_one_of(*_TLS12), "CKV_AWS_228", "Opensearch.8"),
    in_transit("cloudsearch: CloudSearch is", "aws:cloudsearch/domain:Domain", "endpointOptions.enforceHttps",
               be(True), "CKV_AWS_220"),
    in_transit("cloudsearch-policy: CloudSearch is", "aws:cloudsearch/domain:Domain",
               "endpointOptions.tlsSecurityPolicy", be("Policy-Min-TLS-1-2-2019-07"), "CKV_AWS_218"),
    in_transit("ecs-volumes: Volumes of tasks in EFS are", "aws:ecs/taskDefinition:TaskDefinition",
               "volumes.efsVolumeConfiguration.transitEncryption", not_be("DISABLED"), "CKV_AWS_97"),
    in_transit("ses: Mail is", "aws:ses/configurationSet:ConfigurationSet", "deliveryOptions.tlsPolicy",
               be("Require"), "CKV_AWS_365"),
    in_transit("sagemaker-quality: Data quality jobs are", _QUALITY,
               "networkConfig.enableInterContainerTrafficEncryption", be(True), "CKV_AWS_369"),
    logged("global-accelerator: Accelerators are", "aws:globalaccelerator/accelerator:Accelerator",
           "attributes.flowLogsEnabled", be(True), "CKV_AWS_75"),
    logged("appsync: AppSync is", "aws:appsync/graphQLApi:GraphQLApi", "logConfig.cloudwatchLogsRoleArn", be_set(),
           "CKV_AWS_193"),
    logged("appsync-fields: Fields of AppSync are", "aws:appsync/graphQLApi:GraphQLApi", "logConfig.fieldLogLevel",
           be_one_of("ALL", "ERROR"), "CKV_AWS_194", "AppSync.2"),
    only(_speaks_openwire, logged("mq-audit: Who manages brokers of MQ is", _MQ, "logs.audit", be(True),
                                  "CKV_AWS_197", "MQ.2", "AWS-0070")),
    logged("airflow-scheduler: Airflow's scheduler is", _AIRFLOW, "loggingConfiguration.schedulerLogs.enabled",
           be(True), "CKV_AWS_242"),
    logged("airflow-worker: Airflow's workers are", _AIRFLOW, "loggingConfiguration.workerLogs.enabled", be(True),
           "CKV_AWS_243"),
    logged("airflow-webserver: Airflow's web server is", _AIRFLOW, "loggingConfiguration.webserverLogs.enabled",
           be(True), "CKV_AWS_244"),
    logged("aurora: Aurora is", _AURORA, "enabledCloudwatchLogsExports", be_set(), "CKV_AWS_324", "RDS.34"),
    logged("elb: Classic load balancers are", "aws:elb/loadBalancer:LoadBalancer", "accessLogs.bucket", be_set(),
           "CKV_AWS_92", "ELB.5"),
    only(_is_mysql, logged("aurora-audit: Who did what in Aurora is", _AURORA, "enabledCloudwatchLogsExports",
                           Must("a list with audit", lambda found: "audit" in listed(found)),
                           "CKV_AWS_325")),
    logged("opensearch-audit: Who did what in OpenSearch is", _SEARCH, "logPublishingOptions",
           Must("a list with AUDIT_LOGS", _records_audit), "CKV_AWS_317", "Opensearch.5"),
    paired("redshift-logs", "Every cluster of Redshift is logged", by=("aws:redshift/logging:Logging",),
           key="clusterIdentifier", on=("aws:redshift/cluster:Cluster",), severity=Severity.MEDIUM, url=LOGS,
           controls=("CKV_AWS_71", "Redshift.4", "AWS-0083"), remediation="add a redshift.Logging"),
    paired("network-firewall-logs", "Every network firewall is logged",
           by=("aws:networkfirewall/loggingConfiguration:LoggingConfiguration",), key="firewallArn",
           on=("aws:networkfirewall/firewall:Firewall",), severity=Severity.MEDIUM, url=LOGS,
           controls=("CKV2_AWS_63",), remediation="add a networkfirewall.LoggingConfiguration"),
    paired("appsync-waf", "Every GraphQL API stands behind a web ACL",
           by=("aws:wafv2/webAclAssociation:WebAclAssociation",), key="resourceArn",
           on=("aws:appsync/graphQLApi:GraphQLApi",), severity=Severity.MEDIUM, level=Level.PRODUCTION, url=LAYERS,
           controls=("CKV2_AWS_33",), remediation="add a WebAclAssociation with the API's ARN"),
)  # fmt: skip

RULES: Final[tuple[Rule, ...]] = (*_KEYS, *_PROTECTED)
