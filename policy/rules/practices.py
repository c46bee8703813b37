"""What AWS and public checkers advise for services that the program of this repository does not use, row by row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy.rule import Level
from policy.rules.aspects import advised
from policy.table import Must, at_least, be, be_one_of, be_set, not_be, not_be_set, only

if TYPE_CHECKING:
    from policy.rule import Rule

_REDSHIFT: Final = "aws:redshift/cluster:Cluster"
_AURORA: Final = "aws:rds/cluster:Cluster"
_NEPTUNE: Final = "aws:neptune/cluster:Cluster"
_SEARCH: Final = ("aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain")
_NOTEBOOK: Final = "aws:sagemaker/notebookInstance:NotebookInstance"
_PASSWORDS: Final = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy"
_BUILD: Final = "aws:codebuild/project:Project"
_DLM: Final = "aws:dlm/lifecyclePolicy:LifecyclePolicy"
_NAMED: Final = ("awsuser", "administrator", "admin")


RULES: Final[tuple[Rule, ...]] = (
    advised("password-length", "Passwords of IAM users have 14 characters or more", _PASSWORDS,
            "minimumPasswordLength", at_least(14), "CKV_AWS_10", "IAM.15"),
    advised("password-lowercase", "Passwords of IAM users have a lower-case letter", _PASSWORDS,
            "requireLowercaseCharacters", be(True), "CKV_AWS_11", "IAM.12"),
    advised("password-number", "Passwords of IAM users have a digit", _PASSWORDS, "requireNumbers", be(True),
            "CKV_AWS_12", "IAM.14"),
    advised("password-reuse", "Passwords of IAM users are not used again", _PASSWORDS, "passwordReusePrevention",
            at_least(24), "CKV_AWS_13", "IAM.16"),
    advised("password-symbol", "Passwords of IAM users have a symbol", _PASSWORDS, "requireSymbols", be(True),
            "CKV_AWS_14", "IAM.13"),
    advised("password-uppercase", "Passwords of IAM users have an upper-case letter", _PASSWORDS,
            "requireUppercaseCharacters", be(True), "CKV_AWS_15", "IAM.11"),
    advised("athena-settings-enforced", "Clients of Athena cannot leave its encryption out",
            "aws:athena/workgroup:Workgroup", "configuration.enforceWorkgroupConfiguration", not_be(False),
            "CKV_AWS_82", "AWS-0007", level=Level.MANDATORY),
    advised("elb-logs-on", "Access logs of classic load balancers are on", "aws:elb/loadBalancer:LoadBalancer",
            "accessLogs.enabled", not_be(False), "CKV_AWS_92", level=Level.MANDATORY),
    advised("endpoint-service-accepts", "Who connects to an endpoint service is accepted by hand",
            "aws:ec2/vpcEndpointService:VpcEndpointService", "acceptanceRequired", be(True), "CKV_AWS_123",
            level=Level.MANDATORY),
    advised("qldb-permissions", "Ledgers ask for permissions statement by statement", "aws:qldb/ledger:Ledger",
            "permissionsMode", be("STANDARD"), "CKV_AWS_170", level=Level.MANDATORY),
    advised("glue-secured", "Glue works under a security configuration",
            ("aws:glue/crawler:Crawler", "aws:glue/devEndpoint:DevEndpoint", "aws:glue/job:Job"),
            "securityConfiguration", be_set(), "CKV_AWS_195"),
    advised("mq-minor-upgrade", "Brokers of MQ take minor upgrades by themselves", "aws:mq/broker:Broker",
            "autoMinorVersionUpgrade", be(True), "CKV_AWS_207", "MQ.3"),
    advised("dms-minor-upgrade", "DMS takes minor upgrades by itself",
            "aws:dms/replicationInstance:ReplicationInstance", "autoMinorVersionUpgrade", be(True), "CKV_AWS_222",
            "DMS.6"),
    advised("kms-enabled", "Keys are enabled", "aws:kms/key:Key", "isEnabled", not_be(False), "CKV_AWS_227"),
    advised("certificate-transparency", "Certificates are logged publicly", "aws:acm/certificate:Certificate",
            "options.certificateTransparencyLoggingPreference", not_be("DISABLED"), "CKV_AWS_234"),
    advised("opensearch-own-group", "OpenSearch has a security group of its own", _SEARCH,
            "vpcOptions.securityGroupIds", be_set(), "CKV_AWS_248"),
    advised("opensearch-three-masters", "OpenSearch has three dedicated masters or more", _SEARCH,
            "clusterConfig.dedicatedMasterCount", at_least(3), "CKV_AWS_318", "Opensearch.11"),
    advised("opensearch-own-masters", "OpenSearch has dedicated masters", _SEARCH,
            "clusterConfig.dedicatedMasterEnabled", be(True), "CKV2_AWS_59", "Opensearch.11"),
    advised("opensearch-zones", "OpenSearch spans zones", _SEARCH, "clusterConfig.zoneAwarenessEnabled", be(True),
            "CKV_AWS_318", "Opensearch.6"),
    advised("trail-on", "Trails record", "aws:cloudtrail/trail:Trail", "enableLogging", not_be(False),
            "CKV_AWS_251", level=Level.MANDATORY),
    only(lambda policy: policy.has("policyDetails.action.crossRegionCopies"), advised(
        "dlm-events-encrypted", "Snapshots that arrive from another region are encrypted", _DLM,
        "policyDetails.action.crossRegionCopies.encryptionConfiguration.encrypted", be(True), "CKV_AWS_253",
        level=Level.MANDATORY,
    )),
    only(lambda policy: policy.has("policyDetails.schedules.crossRegionCopyRules"), advised(
        "dlm-copies-encrypted", "Snapshots that go to another region are encrypted", _DLM,
        "policyDetails.schedules.crossRegionCopyRules.encrypted", be(True), "CKV_AWS_255", level=Level.MANDATORY,
    )),
    advised("apigateway-no-data-trace", "REST APIs do not log bodies", "aws:apigateway/methodSettings:MethodSettings",
            "settings.dataTraceEnabled", not_be(True), "CKV_AWS_276", level=Level.MANDATORY),
    advised("sagemaker-notebook-vpc", "Notebooks stand in subnets of ours", _NOTEBOOK, "subnetId", be_set(),
            "CKV_AWS_306", "SageMaker.2"),
    advised("sagemaker-notebook-root", "Who uses a notebook is not root", _NOTEBOOK, "rootAccess", be("Disabled"),
            "CKV_AWS_307", "SageMaker.3"),
    advised("sagemaker-notebook-imdsv2", "Notebooks give credentials by IMDSv2 only", _NOTEBOOK,
            "instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion", be("2"), "CKV_AWS_371"),
    advised("sagemaker-model-isolated", "Models have no network", "aws:sagemaker/model:Model",
            "enableNetworkIsolation", be(True), "CKV_AWS_370", "SageMaker.5"),
    advised("bedrock-agent-guarded", "Agents of Bedrock have a guardrail", "aws:bedrock/agentAgent:AgentAgent",
            "guardrailConfigurations.guardrailIdentifier", be_set(), "CKV_AWS_383"),
    advised("aurora-copy-tags", "Snapshots carry the tags of their cluster", _AURORA, "copyTagsToSnapshot", be(True),
            "CKV_AWS_313", "RDS.16"),
    advised("neptune-copy-tags", "Snapshots carry the tags of their cluster", _NEPTUNE, "copyTagsToSnapshot",
            be(True), "CKV_AWS_362", "Neptune.8"),
    advised("neptune-iam-auth", "Clients of Neptune log in by IAM", _NEPTUNE, "iamDatabaseAuthenticationEnabled",
            be(True), "CKV_AWS_359", "Neptune.7"),
    advised("efs-access-point-root", "Access points of EFS lead below the root", "aws:efs/accessPoint:AccessPoint",
            "rootDirectory.path", Must("any directory but /", lambda found: found != "/"), "CKV_AWS_329", "EFS.3"),
    advised("efs-access-point-user", "Access points of EFS act as a user of their own",
            "aws:efs/accessPoint:AccessPoint", "posixUser.gid", be_set(), "CKV_AWS_330", "EFS.4"),
    advised("redshift-upgrades", "Redshift takes new versions by itself", _REDSHIFT, "allowVersionUpgrade",
            not_be(False), "CKV_AWS_141", "Redshift.6"),
    advised("redshift-own-subnets", "Redshift stands in subnets of ours", _REDSHIFT, "clusterSubnetGroupName",
            be_set(), "CKV_AWS_154"),
    advised("redshift-own-database", "Redshift's database has a name of its own", _REDSHIFT, "databaseName",
            Must("any name but dev", lambda found: found not in ("", "dev")), "CKV_AWS_320", "Redshift.9"),
    advised("redshift-own-admin", "Redshift's administrator has a name of its own", _REDSHIFT, "masterUsername",
            not_be(*_NAMED), "CKV_AWS_391", "Redshift.8"),
    advised("domain-locked", "Domains are locked against transfer",
            "aws:route53domains/registeredDomain:RegisteredDomain", "transferLock", not_be(False), "CKV_AWS_377",
            level=Level.MANDATORY),
    advised("datasync-no-secret", "Secrets of DataSync stay out of the program",
            "aws:datasync/locationObjectStorage:LocationObjectStorage", "secretKey",
            not_be_set("a secret that DataSync reads itself"), "CKV_AWS_295"),
    advised("keyspaces-pitr", "Tables of Keyspaces can be put back to any second", "aws:keyspaces/table:Table",
            "pointInTimeRecovery.status", be("ENABLED"), "NIST-CP-9", level=Level.MANDATORY),
    advised("certificate-named", "Certificates name each host", "aws:acm/certificate:Certificate",
            ("domainName", "subjectAlternativeNames"),
            Must("names without *", lambda found: "*" not in str(found), absent_is_fine=True), "CKV2_AWS_71"),
    advised("cf-own-certificate", "Distributions have a certificate of their own",
            "aws:cloudfront/distribution:Distribution", "viewerCertificate.cloudfrontDefaultCertificate",
            not_be(True), "CKV2_AWS_42", "CloudFront.7"),
    advised("instance-profile", "Instances have a role", "aws:ec2/instance:Instance", "iamInstanceProfile", be_set(),
            "CKV2_AWS_41"),
    advised("codeguru-cmk", "Reviews of code are encrypted by a key of ours",
            "aws:codegurureviewer/repositoryAssociation:RepositoryAssociation", "kmsKeyDetails.encryptionOption",
            be("CUSTOMER_MANAGED_CMK"), "CKV_AWS_381", level=Level.REGULATED),
    advised("apigateway-logging-level", "REST APIs log errors", "aws:apigateway/methodSettings:MethodSettings",
            "settings.loggingLevel", be_one_of("ERROR", "INFO"), "CKV2_AWS_4", level=Level.PRODUCTION),
    advised("iam-not-of-users", "Policies are attached to groups and roles, not to users",
            "aws:iam/policyAttachment:PolicyAttachment", "users", not_be_set("groups or roles"), "CKV_AWS_40", "IAM.2",
            level=Level.PRODUCTION),
    advised("transfer-policy", "Transfer names a policy of today", "aws:transfer/server:Server",
            "securityPolicyName",
            Must("a policy of 2024 or newer", lambda found: re.search(r"-20(2[4-9]|[3-9]\d)-", str(found)) is not None),
            "CKV_AWS_380"),
)  # fmt: skip
