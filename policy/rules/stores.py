"""What holds data, service by service: encrypted, not public, logged, kept. RDS, S3 and Redis have files of their own.

A row says what must stand in the program where AWS's own default is not good enough; that nothing switches a good
default off is asked of every input of the provider at once (`policy/rules/switches.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from policy.deciding import words
from policy.rule import Level, Rule, Severity
from policy.table import Must, at_least, be, be_one_of, be_own_key, be_set, check, not_be, only

if TYPE_CHECKING:
    from policy.resources import Resource

Tokens: TypeAlias = str | Sequence[str]
_TRUE: Final = be(True)
_PILLARS: Final = "https://docs.aws.amazon.com/wellarchitected/latest"
AT_REST: Final = f"{_PILLARS}/security-pillar/sec_protect_data_rest_encrypt.html"
KEYS: Final = f"{_PILLARS}/security-pillar/sec_protect_data_rest_key_mgmt.html"
IN_TRANSIT: Final = f"{_PILLARS}/security-pillar/sec_protect_data_transit_encrypt.html"
LAYERS: Final = f"{_PILLARS}/security-pillar/sec_network_protection_create_layers.html"
LOGS: Final = f"{_PILLARS}/security-pillar/sec_detect_investigate_events_app_service_logging.html"
BACKUPS: Final = f"{_PILLARS}/reliability-pillar/rel_backing_up_data_automated_backups_data.html"

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


class _Aspect(NamedTuple):
    """What is asked of a service: end of the rule's name and title, page, id where no catalogue has one, weight."""

    name: str
    title: str
    page: str
    control: str
    severity: Severity
    level: Level = Level.MANDATORY


_AT_REST: Final = _Aspect("encrypted", "encrypted at rest", AT_REST, "NIST-SC-28", Severity.HIGH)
_BY_KEY: Final = _Aspect("cmk", "encrypted by a key of ours", KEYS, "NIST-SC-12", Severity.LOW, Level.REGULATED)
_TRANSIT: Final = _Aspect("in-transit", "encrypted in transit", IN_TRANSIT, "NIST-SC-8", Severity.HIGH)
_CLOSED: Final = _Aspect("not-public", "not reachable from the internet", LAYERS, "NIST-SC-7", Severity.CRITICAL)
_RECORDED: Final = _Aspect("logs", "logged", LOGS, "NIST-AU-2", Severity.MEDIUM)
_HELD: Final = _Aspect(
    "deletion-protection", "not deleted by a slip", BACKUPS, "NIST-CP-9", Severity.MEDIUM, Level.PRODUCTION
)
_BACKED_UP: Final = _Aspect("backup-retention", "backed up for a week", BACKUPS, "NIST-CP-9", Severity.MEDIUM)


def _row(aspect: _Aspect, service: str, on: Tokens, judged: tuple[Tokens, Must], controls: Sequence[str]) -> Rule:
    """Return a rule; `service` is the beginning of its name and, after a colon, of its title."""
    paths, must = judged
    name, _, what = service.partition(": ")
    each = (paths,) if isinstance(paths, str) else tuple(paths)
    inputs = " and ".join(words(path.rpartition(".")[2]).replace("-", "_") for path in each)
    return check(
        f"{name}-{aspect.name}", f"{what} {aspect.title}", each, must,
        on=(on,) if isinstance(on, str) else tuple(on), severity=aspect.severity, level=aspect.level,
        controls=tuple(controls) or (aspect.control,), url=aspect.page, remediation=f"set {inputs} to {must.allowed}",
    )  # fmt: skip


def _encrypted(service: str, on: Tokens, paths: Tokens, *controls: str, must: Must = _TRUE) -> Rule:
    return _row(_AT_REST, service, on, (paths, must), controls)


def _own_key(service: str, on: Tokens, path: str, *controls: str) -> Rule:
    return _row(_BY_KEY, service, on, (path, be_own_key()), controls)


def _transit(service: str, on: Tokens, paths: Tokens, must: Must, *controls: str) -> Rule:
    return _row(_TRANSIT, service, on, (paths, must), controls)


def _private(service: str, on: Tokens, path: str, must: Must, *controls: str) -> Rule:
    return _row(_CLOSED, service, on, (path, must), controls)


def _logged(service: str, on: Tokens, path: str, must: Must, *controls: str) -> Rule:
    return _row(_RECORDED, service, on, (path, must), controls)


def _guarded(service: str, on: Tokens, path: str, *controls: str, must: Must = _TRUE) -> Rule:
    return _row(_HELD, service, on, (path, must), controls)


def _kept(service: str, on: Tokens, path: str, *controls: str) -> Rule:
    return _row(_BACKED_UP, service, on, (path, at_least(7)), controls)


def _is_fed_directly(stream: Resource) -> bool:
    """Whether no stream stands before it, whose encryption it would take: Firehose refuses its own then."""
    return not stream.has("kinesisSourceConfiguration") and not stream.has("mskSourceConfiguration")


def _caches(settings: Resource) -> bool:
    return settings.get("settings.cachingEnabled") is True


_DOCUMENTS: Final = (
    _encrypted("docdb: DocumentDB storage is", _DOCDB, "storageEncrypted", "DocumentDB.1", "CKV_AWS_74"),
    _own_key("docdb: DocumentDB storage is", _DOCDB, "kmsKeyId", "CKV_AWS_182"),
    _logged("docdb: DocumentDB is", _DOCDB, "enabledCloudwatchLogsExports", be_set(), "DocumentDB.4", "CKV_AWS_85"),
    _guarded("docdb: DocumentDB clusters are", _DOCDB, "deletionProtection", "DocumentDB.5"),
    _kept("docdb: DocumentDB is", _DOCDB, "backupRetentionPeriod", "DocumentDB.2", "CKV_AWS_360"),
    _encrypted("docdb-global: Global clusters of DocumentDB are", "aws:docdb/globalCluster:GlobalCluster",
               "storageEncrypted"),
    _encrypted("neptune: Neptune storage is", _NEPTUNE, "storageEncrypted", "Neptune.1", "CKV_AWS_44"),
    _own_key("neptune: Neptune storage is", _NEPTUNE, "kmsKeyArn"),
    _logged("neptune: Neptune is", _NEPTUNE, "enableCloudwatchLogsExports", be_set(), "Neptune.2", "CKV_AWS_101"),
    _guarded("neptune: Neptune clusters are", _NEPTUNE, "deletionProtection", "Neptune.4"),
    _kept("neptune: Neptune is", _NEPTUNE, "backupRetentionPeriod", "Neptune.5", "CKV_AWS_361"),
    _encrypted("neptune-global: Global clusters of Neptune are", "aws:neptune/globalCluster:GlobalCluster",
               "storageEncrypted"),
    _private("neptune-graph: Graphs of Neptune Analytics are", "aws:neptunegraph/graph:Graph", "publicConnectivity",
             not_be(True)),
    _guarded("neptune-graph: Graphs of Neptune Analytics are", "aws:neptunegraph/graph:Graph", "deletionProtection"),
    _encrypted("aurora-global: Global clusters of Aurora are", "aws:rds/globalCluster:GlobalCluster",
               "storageEncrypted"),
    _guarded("dsql: Aurora DSQL clusters are", "aws:dsql/cluster:Cluster", "deletionProtectionEnabled"),
    _guarded("qldb: QLDB ledgers are", "aws:qldb/ledger:Ledger", "deletionProtection"),
    _guarded("dynamodb: DynamoDB tables are", "aws:dynamodb/table:Table", "deletionProtectionEnabled", "DynamoDB.6"),
    _own_key("dynamodb: DynamoDB tables are", "aws:dynamodb/table:Table", "serverSideEncryption.kmsKeyArn",
             "CKV_AWS_119", "AWS-0025"),
    _encrypted("dax: DynamoDB Accelerator is", _DAX, "serverSideEncryption.enabled", "DynamoDB.3", "CKV_AWS_47"),
    _transit("dax: DynamoDB Accelerator is", _DAX, "clusterEndpointEncryptionType", be("TLS"), "DynamoDB.7",
             "CKV_AWS_239"),
    _transit("memorydb: MemoryDB is", "aws:memorydb/cluster:Cluster", "tlsEnabled", not_be(False), "CKV_AWS_202"),
    _own_key("memorydb: MemoryDB is", "aws:memorydb/cluster:Cluster", "kmsKeyArn", "CKV_AWS_201"),
    _kept("memorydb: MemoryDB is", "aws:memorydb/cluster:Cluster", "snapshotRetentionLimit"),
    _own_key("timestream: Timestream is", "aws:timestreamwrite/database:Database", "kmsKeyId", "CKV_AWS_160"),
    _private("influxdb: InfluxDB is", ("aws:timestreaminfluxdb/dbCluster:DbCluster",
             "aws:timestreaminfluxdb/dbInstance:DbInstance"), "publiclyAccessible", not_be(True)),
    _guarded("lightsail-database: Lightsail databases are", "aws:lightsail/database:Database", "skipFinalSnapshot",
             must=not_be(True)),
    _private("lightsail-database: Lightsail databases are", "aws:lightsail/database:Database", "publiclyAccessible",
             not_be(True)),
)  # fmt: skip

_ANALYTICS: Final = (
    _encrypted("redshift: Redshift is", _REDSHIFT, "encrypted", "Redshift.10", "CKV_AWS_64"),
    _own_key("redshift: Redshift is", _REDSHIFT, "kmsKeyId", "CKV_AWS_142"),
    _private("redshift: Redshift is", _REDSHIFT, "publiclyAccessible", not_be(True), "Redshift.1", "CKV_AWS_87"),
    _guarded("redshift: Redshift clusters are", _REDSHIFT, "skipFinalSnapshot", must=not_be(True)),
    _kept("redshift: Redshift is", _REDSHIFT, "automatedSnapshotRetentionPeriod", "Redshift.3"),
    _private("redshift-serverless: Redshift Serverless is", "aws:redshiftserverless/workgroup:Workgroup",
             "publiclyAccessible", not_be(True), "RedshiftServerless.3"),
    _own_key("redshift-serverless: Redshift Serverless is", "aws:redshiftserverless/namespace:Namespace", "kmsKeyId",
             "RedshiftServerless.4", "CKV_AWS_282"),
    _logged("redshift-serverless: Redshift Serverless is", "aws:redshiftserverless/namespace:Namespace", "logExports",
            be_set(), "RedshiftServerless.6"),
    _encrypted("opensearch: OpenSearch is", _OPENSEARCH, "encryptAtRest.enabled", "Opensearch.1", "CKV_AWS_5"),
    _transit("opensearch: OpenSearch is", _OPENSEARCH,
             ("nodeToNodeEncryption.enabled", "domainEndpointOptions.enforceHttps"), be(True), "Opensearch.3",
             "CKV_AWS_6", "CKV_AWS_83"),
    _private("opensearch: OpenSearch is", _OPENSEARCH, "vpcOptions", be_set(), "Opensearch.2"),
    _own_key("opensearch: OpenSearch is", _OPENSEARCH, "encryptAtRest.kmsKeyId", "CKV_AWS_247"),
    _logged("opensearch: OpenSearch is", _OPENSEARCH, "logPublishingOptions", be_set(), "CKV_AWS_84"),
    _encrypted("elasticsearch: Elasticsearch is", _ELASTICSEARCH, "encryptAtRest.enabled", "ES.1", "CKV_AWS_5"),
    _transit("elasticsearch: Elasticsearch is", _ELASTICSEARCH,
             ("nodeToNodeEncryption.enabled", "domainEndpointOptions.enforceHttps"), be(True), "ES.3", "CKV_AWS_6",
             "CKV_AWS_83"),
    _private("elasticsearch: Elasticsearch is", _ELASTICSEARCH, "vpcOptions", be_set(), "ES.2"),
    _encrypted("kinesis: Kinesis streams are", "aws:kinesis/stream:Stream", "encryptionType", "Kinesis.1",
               "CKV_AWS_43", must=be("KMS")),
    _own_key("kinesis: Kinesis streams are", "aws:kinesis/stream:Stream", "kmsKeyId", "CKV_AWS_185"),
    _own_key("kinesis-video: Kinesis video streams are", "aws:kinesis/videoStream:VideoStream", "kmsKeyId",
             "CKV_AWS_177"),
    only(_is_fed_directly, _encrypted("firehose: Firehose is", _FIREHOSE, "serverSideEncryption.enabled",
                                      "DataFirehose.1", "CKV_AWS_240")),
    _encrypted("athena-workgroup: Results of Athena are", _WORKGROUP,
               "configuration.resultConfiguration.encryptionConfiguration.encryptionOption", "CKV_AWS_159",
               must=be_one_of("SSE_S3", "SSE_KMS", "CSE_KMS")),
    _encrypted("athena-database: Databases of Athena are", "aws:athena/database:Database",
               "encryptionConfiguration.encryptionOption", "CKV_AWS_77",
               must=be_one_of("SSE_S3", "SSE_KMS", "CSE_KMS")),
    _encrypted("glue-catalog: The Glue catalog is", _CATALOG,
               "dataCatalogEncryptionSettings.encryptionAtRest.catalogEncryptionMode", "CKV_AWS_94",
               must=be_one_of("SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE")),
    _encrypted("glue-passwords: Passwords of Glue's connections are", _CATALOG,
               "dataCatalogEncryptionSettings.connectionPasswordEncryption.returnConnectionPasswordEncrypted",
               "CKV_AWS_94"),
    _encrypted("glue-logs: Logs of Glue's jobs are", _GLUE,
               "encryptionConfiguration.cloudwatchEncryption.cloudwatchEncryptionMode", "CKV_AWS_99",
               must=be("SSE-KMS")),
    _encrypted("glue-bookmarks: Bookmarks of Glue's jobs are", _GLUE,
               "encryptionConfiguration.jobBookmarksEncryption.jobBookmarksEncryptionMode", "CKV_AWS_99",
               must=be("CSE-KMS")),
    _encrypted("glue-objects: What Glue's jobs write is", _GLUE,
               "encryptionConfiguration.s3Encryption.s3EncryptionMode", "CKV_AWS_99",
               must=be_one_of("SSE-KMS", "SSE-S3")),
    _own_key("sagemaker-notebook: Volumes of SageMaker's notebooks are", _NOTEBOOK, "kmsKeyId", "CKV_AWS_22"),
    _private("sagemaker-notebook: SageMaker's notebooks are", _NOTEBOOK, "directInternetAccess", be("Disabled"),
             "SageMaker.1", "CKV_AWS_122"),
    _own_key("sagemaker-endpoint: Volumes of SageMaker's endpoints are",
             "aws:sagemaker/endpointConfiguration:EndpointConfiguration", "kmsKeyArn", "CKV_AWS_98"),
    _own_key("sagemaker-domain: SageMaker's domains are", "aws:sagemaker/domain:Domain", "kmsKeyId", "CKV_AWS_187"),
    _encrypted("appsync-cache: AppSync's cache is", "aws:appsync/apiCache:ApiCache", "atRestEncryptionEnabled",
               "AppSync.1", "CKV_AWS_214"),
    _transit("appsync-cache: AppSync's cache is", "aws:appsync/apiCache:ApiCache", "transitEncryptionEnabled",
             be(True), "AppSync.6", "CKV_AWS_215"),
    only(_caches, _encrypted("apigateway-cache: API Gateway's cache is",
                             "aws:apigateway/methodSettings:MethodSettings", "settings.cacheDataEncrypted",
                             "APIGateway.5", "CKV_AWS_308")),
)  # fmt: skip

_FILES_AND_STREAMS: Final = (
    _encrypted("efs: EFS is", "aws:efs/fileSystem:FileSystem", "encrypted", "EFS.1", "EFS.8", "CKV_AWS_42"),
    _own_key("efs: EFS is", "aws:efs/fileSystem:FileSystem", "kmsKeyId", "CKV_AWS_184"),
    _own_key("fsx-lustre: FSx for Lustre is", "aws:fsx/lustreFileSystem:LustreFileSystem", "kmsKeyId", "CKV_AWS_190"),
    _own_key("fsx-ontap: FSx for ONTAP is", "aws:fsx/ontapFileSystem:OntapFileSystem", "kmsKeyId", "CKV_AWS_178"),
    _own_key("fsx-openzfs: FSx for OpenZFS is", "aws:fsx/openZfsFileSystem:OpenZfsFileSystem", "kmsKeyId",
             "CKV_AWS_203"),
    _own_key("fsx-windows: FSx for Windows is", "aws:fsx/windowsFileSystem:WindowsFileSystem", "kmsKeyId",
             "CKV_AWS_179"),
    _guarded("fsx: FSx file systems are",
             ("aws:fsx/lustreFileSystem:LustreFileSystem", "aws:fsx/openZfsFileSystem:OpenZfsFileSystem",
              "aws:fsx/windowsFileSystem:WindowsFileSystem", "aws:fsx/ontapVolume:OntapVolume"), "skipFinalBackup",
             must=not_be(True)),
    _encrypted("ebs-copies: Copies of volumes and images are",
               ("aws:ebs/snapshotCopy:SnapshotCopy", "aws:ebs/snapshotImport:SnapshotImport",
                "aws:ec2/amiCopy:AmiCopy"), "encrypted", "CKV_AWS_235"),
    _encrypted("launch-configuration: Volumes of launch configurations are",
               "aws:ec2/launchConfiguration:LaunchConfiguration", "rootBlockDevice.encrypted", "CKV_AWS_8"),
    _encrypted("spot-instance: Volumes of Spot requests are", "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
               "rootBlockDevice.encrypted", "CKV_AWS_8"),
    _encrypted("workspaces: WorkSpaces are", _WORKSPACE,
               ("userVolumeEncryptionEnabled", "rootVolumeEncryptionEnabled"), "WorkSpaces.1", "WorkSpaces.2",
               "CKV_AWS_155", "CKV_AWS_156"),
    _private("mq: Brokers of MQ are", _MQ, "publiclyAccessible", not_be(True), "CKV_AWS_69"),
    _logged("mq: Brokers of MQ are", _MQ, "logs.general", be(True), "CKV_AWS_48"),
    _private("dms: DMS is", _DMS, "publiclyAccessible", be(False), "DMS.1", "CKV_AWS_89"),
    _own_key("dms: DMS is", _DMS, "kmsKeyArn", "CKV_AWS_212"),
    _transit("dms-endpoint: Endpoints of DMS are", "aws:dms/endpoint:Endpoint", "sslMode",
             be_one_of("require", "verify-ca", "verify-full"), "DMS.9"),
    _guarded("network-firewall: Network firewalls are", "aws:networkfirewall/firewall:Firewall", "deleteProtection",
             "NetworkFirewall.9", "CKV_AWS_344"),
    _guarded("event-store: CloudTrail's stores are", "aws:cloudtrail/eventDataStore:EventDataStore",
             "terminationProtectionEnabled", must=not_be(False)),
    _own_key("event-store: CloudTrail's stores are", "aws:cloudtrail/eventDataStore:EventDataStore", "kmsKeyId",
             "CKV_AWS_268"),
    _logged("state-machine: State machines are", "aws:sfn/stateMachine:StateMachine", "loggingConfiguration.level",
            be_one_of("ALL", "ERROR", "FATAL"), "StepFunctions.1", "CKV_AWS_285"),
)  # fmt: skip

RULES: Final[tuple[Rule, ...]] = (*_DOCUMENTS, *_ANALYTICS, *_FILES_AND_STREAMS)
