"""What holds data, service by service: encrypted, not public, logged, kept. RDS, S3 and Redis have files of their own.

A row says what must stand in the program where AWS's own default is not good enough; that nothing switches a good
default off is asked of every input of the provider at once (`policy/rules/switches.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rules.aspects import BY_KEY, encrypted, guarded, in_transit, kept, logged, own_key, private, row
from policy.table import Must, be, be_one_of, be_set, not_be, only
from policy.values import Block, listed, same

if TYPE_CHECKING:
    from policy.resources import Resource
    from policy.rule import Rule

_DOCDB: Final = "aws:docdb/cluster:Cluster"
_NEPTUNE: Final = "aws:neptune/cluster:Cluster"
_REDSHIFT: Final = "aws:redshift/cluster:Cluster"
_OPENSEARCH: Final = "aws:opensearch/domain:Domain"
_ELASTICSEARCH: Final = "aws:elasticsearch/domain:Domain"
_DAX: Final = "aws:dax/cluster:Cluster"
_NOTEBOOK: Final = "aws:sagemaker/notebookInstance:NotebookInstance"
_CATALOG: Final = "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings"
_GLUE: Final = "aws:glue/securityConfiguration:SecurityConfiguration"
_WORKSPACE: Final = "aws:workspaces/workspace:Workspace"
_FIREHOSE: Final = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
_MQ: Final = "aws:mq/broker:Broker"
_DMS: Final = "aws:dms/replicationInstance:ReplicationInstance"
_WORKGROUP: Final = "aws:athena/workgroup:Workgroup"


def _keeps_results(workgroup: Resource) -> bool:
    """Tell whether results lie in a bucket; Athena encrypts those that it keeps itself."""
    return not same(workgroup.get("configuration.managedQueryResultsConfiguration.enabled"), wanted=True)


def _is_fed_directly(stream: Resource) -> bool:
    """Whether no stream stands before it, whose encryption it would take: Firehose refuses its own then."""
    return not stream.has("kinesisSourceConfiguration") and not stream.has("mskSourceConfiguration")


def _caches(settings: Resource) -> bool:
    return same(settings.get("settings.cachingEnabled"), wanted=True)


_AUDITED: Final = Must("a list with audit", lambda found: "audit" in listed(found))
_PUBLISHED: Final = Must(
    "a log that is published",
    lambda found: any(not same(block.get("enabled"), wanted=False) for block in Block({"logs": found}).blocks("logs")),
)

_DOCUMENTS: Final = (
    encrypted("docdb: DocumentDB storage is", _DOCDB, "storageEncrypted", "DocumentDB.1", "CKV_AWS_74",
               "AWS-0021"),
    own_key("docdb: DocumentDB storage is", _DOCDB, "kmsKeyId", "CKV_AWS_182", "AWS-0022"),
    logged("docdb: DocumentDB is", _DOCDB, "enabledCloudwatchLogsExports", _AUDITED, "DocumentDB.4", "CKV_AWS_85",
            "AWS-0020"),
    guarded("docdb: DocumentDB clusters are", _DOCDB, "deletionProtection", "DocumentDB.5"),
    kept("docdb: DocumentDB is", _DOCDB, "backupRetentionPeriod", "DocumentDB.2", "CKV_AWS_360"),
    encrypted("docdb-global: Global clusters of DocumentDB are", "aws:docdb/globalCluster:GlobalCluster",
               "storageEncrypted", "CKV_AWS_292"),
    encrypted("neptune: Neptune storage is", _NEPTUNE, "storageEncrypted", "Neptune.1", "CKV_AWS_44", "AWS-0076"),
    own_key("neptune: Neptune storage is", _NEPTUNE, "kmsKeyArn", "CKV_AWS_347", "AWS-0128"),
    logged("neptune: Neptune is", _NEPTUNE, "enableCloudwatchLogsExports", _AUDITED, "Neptune.2", "CKV_AWS_101",
            "AWS-0075"),
    guarded("neptune: Neptune clusters are", _NEPTUNE, "deletionProtection", "Neptune.4", "CKV2_AWS_58"),
    kept("neptune: Neptune is", _NEPTUNE, "backupRetentionPeriod", "Neptune.5", "CKV_AWS_361"),
    encrypted("neptune-global: Global clusters of Neptune are", "aws:neptune/globalCluster:GlobalCluster",
               "storageEncrypted"),
    private("neptune-graph: Graphs of Neptune Analytics are", "aws:neptunegraph/graph:Graph", "publicConnectivity",
             not_be(True)),
    guarded("neptune-graph: Graphs of Neptune Analytics are", "aws:neptunegraph/graph:Graph", "deletionProtection"),
    encrypted("aurora-global: Global clusters of Aurora are", "aws:rds/globalCluster:GlobalCluster",
               "storageEncrypted", "CKV_AWS_140"),
    guarded("dsql: Aurora DSQL clusters are", "aws:dsql/cluster:Cluster", "deletionProtectionEnabled"),
    guarded("qldb: QLDB ledgers are", "aws:qldb/ledger:Ledger", "deletionProtection", "CKV_AWS_172"),
    guarded("dynamodb: DynamoDB tables are", "aws:dynamodb/table:Table", "deletionProtectionEnabled", "DynamoDB.6"),
    own_key("dynamodb: DynamoDB tables are", "aws:dynamodb/table:Table", "serverSideEncryption.kmsKeyArn",
             "CKV_AWS_119", "AWS-0025"),
    row(BY_KEY._replace(name="key-in-use"), "dynamodb: DynamoDB tables that name a key are",
         "aws:dynamodb/table:Table", ("serverSideEncryption.enabled", not_be(False)), ("CKV_AWS_119", "AWS-0025")),
    encrypted("dax: DynamoDB Accelerator is", _DAX, "serverSideEncryption.enabled", "DynamoDB.3", "CKV_AWS_47"),
    in_transit("dax: DynamoDB Accelerator is", _DAX, "clusterEndpointEncryptionType", be("TLS"), "DynamoDB.7",
             "CKV_AWS_239"),
    in_transit("memorydb: MemoryDB is", "aws:memorydb/cluster:Cluster", "tlsEnabled", not_be(False), "CKV_AWS_202"),
    own_key("memorydb: MemoryDB is", "aws:memorydb/cluster:Cluster", "kmsKeyArn", "CKV_AWS_201"),
    kept("memorydb: MemoryDB is", "aws:memorydb/cluster:Cluster", "snapshotRetentionLimit"),
    own_key("timestream: Timestream is", "aws:timestreamwrite/database:Database", "kmsKeyId", "CKV_AWS_160"),
    private("influxdb: InfluxDB is", ("aws:timestreaminfluxdb/dbCluster:DbCluster",
             "aws:timestreaminfluxdb/dbInstance:DbInstance"), "publiclyAccessible", not_be(True)),
    guarded("lightsail-database: Lightsail databases are", "aws:lightsail/database:Database", "skipFinalSnapshot",
             must=not_be(True)),
    private("lightsail-database: Lightsail databases are", "aws:lightsail/database:Database", "publiclyAccessible",
             not_be(True)),
)  # fmt: skip

_ANALYTICS: Final = (
    encrypted("redshift: Redshift is", _REDSHIFT, "encrypted", "Redshift.10", "CKV_AWS_64"),
    own_key("redshift: Redshift is", _REDSHIFT, "kmsKeyId", "CKV_AWS_142", "AWS-0084"),
    private("redshift: Redshift is", _REDSHIFT, "publiclyAccessible", not_be(True), "Redshift.1", "CKV_AWS_87"),
    guarded("redshift: Redshift clusters are", _REDSHIFT, "skipFinalSnapshot", must=not_be(True)),
    kept("redshift: Redshift is", _REDSHIFT, "automatedSnapshotRetentionPeriod", "Redshift.3",
         "CKV_AWS_343"),
    private("redshift-serverless: Redshift Serverless is", "aws:redshiftserverless/workgroup:Workgroup",
             "publiclyAccessible", not_be(True), "RedshiftServerless.3"),
    own_key("redshift-serverless: Redshift Serverless is", "aws:redshiftserverless/namespace:Namespace", "kmsKeyId",
             "RedshiftServerless.4", "CKV_AWS_282"),
    logged("redshift-serverless: Redshift Serverless is", "aws:redshiftserverless/namespace:Namespace", "logExports",
            be_set(), "RedshiftServerless.6"),
    encrypted("opensearch: OpenSearch is", _OPENSEARCH, "encryptAtRest.enabled", "Opensearch.1", "CKV_AWS_5",
               "AWS-0048"),
    in_transit("opensearch: OpenSearch is", _OPENSEARCH,
             ("nodeToNodeEncryption.enabled", "domainEndpointOptions.enforceHttps"), be(True), "Opensearch.3",
             "CKV_AWS_6", "CKV_AWS_83", "AWS-0046"),
    private("opensearch: OpenSearch is", _OPENSEARCH, "vpcOptions", be_set(), "Opensearch.2",
            "CKV_AWS_137"),
    own_key("opensearch: OpenSearch is", (_OPENSEARCH, _ELASTICSEARCH), "encryptAtRest.kmsKeyId", "CKV_AWS_247"),
    logged("opensearch: OpenSearch is", (_OPENSEARCH, _ELASTICSEARCH), "logPublishingOptions", _PUBLISHED,
            "CKV_AWS_84"),
    encrypted("elasticsearch: Elasticsearch is", _ELASTICSEARCH, "encryptAtRest.enabled", "ES.1", "CKV_AWS_5",
               "AWS-0048"),
    in_transit("elasticsearch: Elasticsearch is", _ELASTICSEARCH,
             ("nodeToNodeEncryption.enabled", "domainEndpointOptions.enforceHttps"), be(True), "ES.3", "CKV_AWS_6",
             "CKV_AWS_83", "AWS-0046"),
    private("elasticsearch: Elasticsearch is", _ELASTICSEARCH, "vpcOptions", be_set(), "ES.2", "CKV_AWS_137"),
    encrypted("kinesis: Kinesis streams are", "aws:kinesis/stream:Stream", "encryptionType", "Kinesis.1",
               "CKV_AWS_43", "AWS-0064", must=be("KMS")),
    own_key("kinesis: Kinesis streams are", "aws:kinesis/stream:Stream", "kmsKeyId", "CKV_AWS_185"),
    own_key("kinesis-video: Kinesis video streams are", "aws:kinesis/videoStream:VideoStream", "kmsKeyId",
             "CKV_AWS_177"),
    only(_is_fed_directly, encrypted("firehose: Firehose is", _FIREHOSE, "serverSideEncryption.enabled",
                                      "DataFirehose.1", "CKV_AWS_240")),
    only(_keeps_results, encrypted(
        "athena-workgroup: Results of Athena are", _WORKGROUP,
        "configuration.resultConfiguration.encryptionConfiguration.encryptionOption", "CKV_AWS_159", "AWS-0006",
        must=be_one_of("SSE_S3", "SSE_KMS", "CSE_KMS"),
    )),
    encrypted("athena-database: Databases of Athena are", "aws:athena/database:Database",
               "encryptionConfiguration.encryptionOption", "CKV_AWS_77",
               must=be_one_of("SSE_S3", "SSE_KMS", "CSE_KMS")),
    encrypted("glue-catalog: The Glue catalog is", _CATALOG,
               "dataCatalogEncryptionSettings.encryptionAtRest.catalogEncryptionMode", "CKV_AWS_94",
               must=be_one_of("SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE")),
    encrypted("glue-passwords: Passwords of Glue's connections are", _CATALOG,
               "dataCatalogEncryptionSettings.connectionPasswordEncryption.returnConnectionPasswordEncrypted",
               "CKV_AWS_94"),
    encrypted("glue-logs: Logs of Glue's jobs are", _GLUE,
               "encryptionConfiguration.cloudwatchEncryption.cloudwatchEncryptionMode", "CKV_AWS_99",
               must=be("SSE-KMS")),
    encrypted("glue-bookmarks: Bookmarks of Glue's jobs are", _GLUE,
               "encryptionConfiguration.jobBookmarksEncryption.jobBookmarksEncryptionMode", "CKV_AWS_99",
               must=be("CSE-KMS")),
    encrypted("glue-objects: What Glue's jobs write is", _GLUE,
               "encryptionConfiguration.s3Encryption.s3EncryptionMode", "CKV_AWS_99",
               must=be_one_of("SSE-KMS", "SSE-S3")),
    own_key("sagemaker-notebook: Volumes of SageMaker's notebooks are", _NOTEBOOK, "kmsKeyId", "CKV_AWS_22",
             "CKV_AWS_187"),
    private("sagemaker-notebook: SageMaker's notebooks are", _NOTEBOOK, "directInternetAccess", be("Disabled"),
             "SageMaker.1", "CKV_AWS_122"),
    own_key("sagemaker-endpoint: Volumes of SageMaker's endpoints are",
             "aws:sagemaker/endpointConfiguration:EndpointConfiguration", "kmsKeyArn", "CKV_AWS_98"),
    own_key("sagemaker-domain: SageMaker's domains are", "aws:sagemaker/domain:Domain", "kmsKeyId", "CKV_AWS_187"),
    encrypted("appsync-cache: AppSync's cache is", "aws:appsync/apiCache:ApiCache", "atRestEncryptionEnabled",
               "AppSync.1", "CKV_AWS_214"),
    in_transit("appsync-cache: AppSync's cache is", "aws:appsync/apiCache:ApiCache", "transitEncryptionEnabled",
             be(True), "AppSync.6", "CKV_AWS_215"),
    only(_caches, encrypted("apigateway-cache: API Gateway's cache is",
                             "aws:apigateway/methodSettings:MethodSettings", "settings.cacheDataEncrypted",
                             "APIGateway.5", "CKV_AWS_308", "AWS-0002")),
)  # fmt: skip

_FILES_AND_STREAMS: Final = (
    encrypted("efs: EFS is", "aws:efs/fileSystem:FileSystem", "encrypted", "EFS.1", "EFS.8", "CKV_AWS_42",
               "AWS-0037"),
    own_key("efs: EFS is", "aws:efs/fileSystem:FileSystem", "kmsKeyId", "CKV_AWS_184"),
    own_key("fsx-lustre: FSx for Lustre is", "aws:fsx/lustreFileSystem:LustreFileSystem", "kmsKeyId", "CKV_AWS_190"),
    own_key("fsx-ontap: FSx for ONTAP is", "aws:fsx/ontapFileSystem:OntapFileSystem", "kmsKeyId", "CKV_AWS_178"),
    own_key("fsx-openzfs: FSx for OpenZFS is", "aws:fsx/openZfsFileSystem:OpenZfsFileSystem", "kmsKeyId",
             "CKV_AWS_203"),
    own_key("fsx-windows: FSx for Windows is", "aws:fsx/windowsFileSystem:WindowsFileSystem", "kmsKeyId",
             "CKV_AWS_179"),
    guarded("fsx: FSx file systems are",
             ("aws:fsx/lustreFileSystem:LustreFileSystem", "aws:fsx/openZfsFileSystem:OpenZfsFileSystem",
              "aws:fsx/windowsFileSystem:WindowsFileSystem", "aws:fsx/ontapVolume:OntapVolume"), "skipFinalBackup",
             must=not_be(True)),
    encrypted("ebs-copies: Copies of volumes and images are",
               ("aws:ebs/snapshotCopy:SnapshotCopy", "aws:ebs/snapshotImport:SnapshotImport",
                "aws:ec2/amiCopy:AmiCopy"), "encrypted", "CKV_AWS_235"),
    encrypted("launch-configuration: Volumes of launch configurations are",
               "aws:ec2/launchConfiguration:LaunchConfiguration", "rootBlockDevice.encrypted", "CKV_AWS_8"),
    encrypted("spot-instance: Volumes of Spot requests are", "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
               "rootBlockDevice.encrypted", "CKV_AWS_8"),
    encrypted("workspaces: WorkSpaces are", _WORKSPACE,
               ("userVolumeEncryptionEnabled", "rootVolumeEncryptionEnabled"), "WorkSpaces.1", "WorkSpaces.2",
               "CKV_AWS_155", "CKV_AWS_156"),
    private("mq: Brokers of MQ are", _MQ, "publiclyAccessible", not_be(True), "CKV_AWS_69", "AWS-0072"),
    logged("mq: Brokers of MQ are", _MQ, "logs.general", be(True), "CKV_AWS_48", "AWS-0071"),
    private("dms: DMS is", _DMS, "publiclyAccessible", be(False), "DMS.1", "CKV_AWS_89"),
    own_key("dms: DMS is", _DMS, "kmsKeyArn", "CKV_AWS_212"),
    in_transit("dms-endpoint: Endpoints of DMS are", "aws:dms/endpoint:Endpoint", "sslMode",
             be_one_of("require", "verify-ca", "verify-full"), "DMS.9", "CKV2_AWS_49"),
    in_transit("dms-redis: Redis behind DMS is", "aws:dms/endpoint:Endpoint", "redisSettings.sslSecurityProtocol",
               not_be("plaintext"), "CKV_AWS_397"),
    guarded("network-firewall: Network firewalls are", "aws:networkfirewall/firewall:Firewall", "deleteProtection",
             "NetworkFirewall.9", "CKV_AWS_344"),
    guarded("event-store: CloudTrail's stores are", "aws:cloudtrail/eventDataStore:EventDataStore",
             "terminationProtectionEnabled", must=not_be(False)),
    own_key("event-store: CloudTrail's stores are", "aws:cloudtrail/eventDataStore:EventDataStore", "kmsKeyId",
             "CKV_AWS_294"),
    logged("state-machine: State machines are", "aws:sfn/stateMachine:StateMachine", "loggingConfiguration.level",
            be_one_of("ALL", "ERROR", "FATAL"), "StepFunctions.1", "CKV_AWS_285"),
)  # fmt: skip

RULES: Final[tuple[Rule, ...]] = (*_DOCUMENTS, *_ANALYTICS, *_FILES_AND_STREAMS)
