"""Services of many kinds that are opened, or talk in plain text: a row a control, for what has no file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Level, Rule, Severity, WhenUnknown, resource_rule
from policy.table import Must, at_least, be, be_one_of, be_own_key, be_set, check, not_be, only
from policy.values import listed, number, same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
    from policy.rule import Settings

_DOCS: Final = "https://docs.aws.amazon.com"
_KEY_GUIDE: Final = f"{_DOCS}/wellarchitected/latest/security-pillar/sec_protect_data_rest_key_mgmt.html"
_CLASSIC: Final = ("aws:elb/loadBalancer:LoadBalancer",)
_TRANSFER: Final = ("aws:transfer/server:Server",)
_METHODS: Final = ("aws:apigateway/method:Method",)
_PARAMETERS: Final = {
    "aws:docdb/clusterParameterGroup:ClusterParameterGroup": ("tls", ("disabled",)),
    "aws:redshift/parameterGroup:ParameterGroup": ("require_ssl", ("false", "0", "off")),
}
"""Type of a parameter group -> the parameter that asks for TLS, and values by which it does not."""
_CLEAR: Final = ("http", "HTTP", "tcp", "TCP")
_WEEK: Final = 7
_PLAIN_SCHEME: Final = Must("https://", lambda found: not str(found).lower().startswith("http://"), absent_is_fine=True)


@resource_rule(
    "apigateway-method-authorized",
    on=_METHODS,
    severity=Severity.HIGH,
    controls=("APIGateway.8", "CKV_AWS_59", "CKV2_AWS_70"),
    remediation="set authorization to AWS_IAM, CUSTOM or COGNITO_USER_POOLS",
    guards=("authorization",),
)
def method_authorized(method: Resource, _settings: Settings) -> Iterator[str]:
    """Methods of a REST API ask who calls.

    OPTIONS, which a browser asks before it calls, says nothing. A key of an API says which plan is counted, and is let
    pass here, as catalogues do.
    """
    if method.get("httpMethod") == "OPTIONS" or same(method.get("apiKeyRequired"), True):
        return
    if method.get("authorization") in (None, "NONE"):
        yield f"authorization is {show(method.get('authorization'))}; allowed: AWS_IAM, CUSTOM, COGNITO_USER_POOLS"


@resource_rule(
    "parameters-ask-for-tls",
    on=tuple(_PARAMETERS),
    severity=Severity.HIGH,
    controls=("Redshift.2", "CKV_AWS_90", "CKV_AWS_105"),
    remediation="leave the parameter of DocumentDB at its default, enabled, and set require_ssl of Redshift to true",
    guards=("parameters",),
)
def parameters_ask(group: Resource, _settings: Settings) -> Iterator[str]:
    """Parameter groups of DocumentDB and Redshift refuse connections without TLS.

    What DocumentDB asks by default a group can only take away; Redshift asks nothing unless its group says so.
    """
    name, off = _PARAMETERS[group.type]
    said = [str(one.get("value")).lower() for one in group.blocks("parameters") if one.get("name") == name]
    if any(value in off for value in said):
        yield f"parameters: {name} is {said[0]}; allowed: anything but {show(off)}"
    elif not said and group.type.startswith("aws:redshift/"):
        yield f"parameters: {name} is not set; allowed: true"


_OPEN: Final = (
    check(
        "mwaa-not-public", "Airflow's web server is reached from the VPC", "webserverAccessMode",
        not_be("PUBLIC_ONLY"),
        on=("aws:mwaa/environment:Environment",), severity=Severity.HIGH, controls=("NIST-SC-7",),
        url=f"{_DOCS}/mwaa/latest/userguide/configuring-networking.html",
        remediation="leave webserver_access_mode out or set it to PRIVATE_ONLY",
    ),
    check(
        "transfer-not-public", "Servers of Transfer Family stand in a VPC", "endpointType",
        be_one_of("VPC", "VPC_ENDPOINT"),
        on=_TRANSFER, severity=Severity.HIGH, controls=("CKV_AWS_164",),
        url=f"{_DOCS}/transfer/latest/userguide/create-server-in-vpc.html",
        remediation="set endpoint_type to VPC, with security groups that name the clients",
    ),
    check(
        "sagemaker-domain-in-vpc", "Studios of SageMaker reach the internet through the VPC", "appNetworkAccessType",
        be("VpcOnly"),
        on=("aws:sagemaker/domain:Domain",), severity=Severity.HIGH, controls=("NIST-SC-7",),
        url=f"{_DOCS}/sagemaker/latest/dg/studio-notebooks-and-internet-access.html",
        remediation="set app_network_access_type to VpcOnly",
    ),
    check(
        "sagemaker-notebook-no-root", "Users of notebooks are not root", "rootAccess", be("Disabled"),
        on=("aws:sagemaker/notebookInstance:NotebookInstance",), severity=Severity.HIGH,
        controls=("SageMaker.3", "CKV_AWS_307"), remediation="set root_access to Disabled",
    ),
    check(
        "public-sharing-blocked", "Nobody of the account may share snapshots and images with everyone", "state",
        not_be("unblocked"),
        on=("aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
            "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess"),
        severity=Severity.HIGH, controls=("EC2.182", "NIST-AC-3"),
        remediation="set state to block-all-sharing, of images to block-new-sharing",
    ),
    only(lambda one: str(one.get("settingId")).endswith("public-sharing-permission"), check(
        "ssm-documents-not-shared", "Documents of Systems Manager are not shared with everyone", "settingValue",
        be("Disable"),
        on=("aws:ssm/serviceSetting:ServiceSetting",), severity=Severity.HIGH, controls=("SSM.7",),
        remediation="set setting_value to Disable",
    )),
    check(
        "transit-gateway-accepts-named", "Transit gateways attach only what somebody has accepted",
        "autoAcceptSharedAttachments", not_be("enable"),
        on=("aws:ec2transitgateway/transitGateway:TransitGateway",), severity=Severity.HIGH,
        controls=("EC2.23", "CKV_AWS_331"), remediation="leave auto_accept_shared_attachments out",
    ),
    check(
        "endpoint-service-accepts-named", "Endpoint services connect only whom somebody has accepted",
        "acceptanceRequired", be(True),
        on=("aws:ec2/vpcEndpointService:VpcEndpointService",), severity=Severity.MEDIUM, controls=("CKV_AWS_123",),
        url=f"{_DOCS}/vpc/latest/privatelink/configure-endpoint-service.html",
        remediation="set acceptance_required=True",
    ),
    check(
        "instance-interfaces-no-public-ip", "Instances that no other rule reads have no public address",
        ("associatePublicIpAddress", "launchSpecifications.associatePublicIpAddress"), not_be(True),
        on=("aws:ec2/launchConfiguration:LaunchConfiguration", "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
            "aws:ec2/spotFleetRequest:SpotFleetRequest"),
        severity=Severity.HIGH, controls=("AutoScaling.5", "CKV_AWS_88"),
        remediation="leave associate_public_ip_address out",
    ),
    check(
        "identity-pool-no-guests", "Identity pools know whom they give credentials", "allowUnauthenticatedIdentities",
        not_be(True),
        on=("aws:cognito/identityPool:IdentityPool",), severity=Severity.HIGH, controls=("Cognito.2", "CKV_AWS_366"),
        remediation="set allow_unauthenticated_identities=False",
    ),
    check(
        "appsync-not-by-key", "GraphQL APIs ask who calls, and not for a key that all share", "authenticationType",
        not_be("API_KEY"),
        on=("aws:appsync/graphQLApi:GraphQLApi",), severity=Severity.HIGH, controls=("AppSync.5",),
        remediation="set authentication_type to AWS_IAM, OPENID_CONNECT, AMAZON_COGNITO_USER_POOLS or AWS_LAMBDA",
    ),
    check(
        "s3-object-not-public", "Objects are not opened by a list of their own", ("acl", "grants.uri"),
        not_be(
            "public-read", "public-read-write", "authenticated-read",
            "http://acs.amazonaws.com/groups/global/AllUsers",
            "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
        ),
        on=("aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/objectCopy:ObjectCopy"),
        severity=Severity.CRITICAL, controls=("S3.2", "S3.3", "AWS-0092"),
        remediation="leave acl and grants out, and name principals in the bucket's policy",
    ),
)  # fmt: skip

_CLEAR_TEXT: Final = (
    check(
        "clb-tls-listener", "Listeners of classic load balancers end TLS", "listeners.lbProtocol", not_be(*_CLEAR),
        why="One that hands TCP through encrypts nothing.",
        on=_CLASSIC, severity=Severity.HIGH, controls=("ELB.3", "CKV_AWS_376"),
        remediation="set lb_protocol to https or ssl, with a certificate",
    ),
    check(
        "apigateway-domain-tls", "Names of REST APIs are reached by TLS 1.2 and up", "securityPolicy",
        not_be("TLS_1_0"),
        on=("aws:apigateway/domainName:DomainName",), severity=Severity.HIGH, controls=("CKV_AWS_206", "AWS-0005"),
        url=f"{_DOCS}/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
        remediation="set security_policy to TLS_1_2",
    ),
    check(
        "opensearch-tls-policy", "OpenSearch is reached by TLS 1.2 and up", "domainEndpointOptions.tlsSecurityPolicy",
        not_be("Policy-Min-TLS-1-0-2019-07"),
        on=("aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"), severity=Severity.MEDIUM,
        controls=("Opensearch.8", "CKV_AWS_228"), remediation="set tls_security_policy to Policy-Min-TLS-1-2-2019-07",
    ),
    check(
        "transfer-no-ftp", "Servers of Transfer Family speak no FTP", "protocols",
        Must("SFTP, FTPS, AS2", lambda found: "FTP" not in listed(found), absent_is_fine=True),
        on=_TRANSFER, severity=Severity.HIGH, controls=("Transfer.2", "CKV_AWS_357"),
        remediation="leave FTP out of protocols",
    ),
    check(
        "transfer-tls-policy", "Servers of Transfer Family use algorithms of today", "securityPolicyName",
        not_be("TransferSecurityPolicy-2018-11"),
        on=_TRANSFER, severity=Severity.MEDIUM, controls=("CKV_AWS_380",),
        url=f"{_DOCS}/transfer/latest/userguide/security-policies.html",
        remediation="set security_policy_name to one of 2024 or later",
    ),
    check(
        "sns-subscription-tls", "Topics deliver by TLS", "protocol", not_be("http"),
        on=("aws:sns/topicSubscription:TopicSubscription",), severity=Severity.HIGH, controls=("NIST-SC-8",),
        url=f"{_DOCS}/sns/latest/dg/sns-security-best-practices.html", remediation="set protocol to https",
    ),
    check(
        "api-integration-tls", "APIs hand requests on by TLS", ("uri", "integrationUri"), _PLAIN_SCHEME,
        on=("aws:apigateway/integration:Integration", "aws:apigatewayv2/integration:Integration"),
        severity=Severity.HIGH, controls=("NIST-SC-8",),
        when_unknown=WhenUnknown.DEFER,
        url=f"{_DOCS}/apigateway/latest/developerguide/setup-http-integrations.html",
        remediation="name the address by https://",
    ),
)  # fmt: skip

_KEPT: Final = (
    check(
        "kms-key-enabled", "Keys are enabled", "isEnabled", not_be(False),
        why="What a key encrypts cannot be read while it is off.",
        on=("aws:kms/key:Key",), severity=Severity.MEDIUM, controls=("CKV_AWS_227",),
        url=f"{_DOCS}/kms/latest/developerguide/enabling-keys.html", remediation="leave is_enabled out",
    ),
    check(
        "secret-can-be-restored", "Secrets that are deleted can be put back", "recoveryWindowInDays", not_be(0),
        on=("aws:secretsmanager/secret:Secret",), severity=Severity.MEDIUM, level=Level.PRODUCTION,
        controls=("NIST-CP-9",), url=f"{_DOCS}/secretsmanager/latest/userguide/manage_delete-secret.html",
        remediation="leave recovery_window_in_days out or set it from 7 to 30",
    ),
    check(
        "efs-backed-up", "File systems are backed up", "backupPolicy.status", be("ENABLED"),
        on=("aws:efs/backupPolicy:BackupPolicy",), severity=Severity.MEDIUM, level=Level.PRODUCTION,
        controls=("EFS.2",), remediation="set backup_policy.status to ENABLED",
    ),
    check(
        "rds-backups-outlive", "Backups outlive the database", "deleteAutomatedBackups", not_be(True),
        why="The provider deletes them with the database unless this is false.",
        on=("aws:rds/instance:Instance",), severity=Severity.MEDIUM, level=Level.PRODUCTION, controls=("NIST-CP-9",),
        url=f"{_DOCS}/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
        remediation="set delete_automated_backups=False",
    ),
    check(
        "aurora-backup-retention", "Aurora keeps backups for a week", "backupRetentionPeriod", at_least(_WEEK),
        on=("aws:rds/cluster:Cluster",), severity=Severity.MEDIUM, controls=("RDS.11", "CKV_AWS_133"),
        remediation="set backup_retention_period to 7 or more",
    ),
    check(
        "user-pool-protected", "Pools of users refuse to be deleted", "deletionProtection", not_be("INACTIVE"),
        on=("aws:cognito/userPool:UserPool",), severity=Severity.MEDIUM, level=Level.PRODUCTION,
        controls=("Cognito.6", "NIST-CP-9"), remediation="set deletion_protection to ACTIVE",
    ),
    check(
        "macie-not-paused", "Macie watches", "status", not_be("PAUSED"),
        on=("aws:macie2/account:Account",), severity=Severity.MEDIUM, controls=("Macie.1",),
        remediation="leave status out or set it to ENABLED",
    ),
    check(
        "waf-metrics", "Web ACLs count what they decide", "visibilityConfig.cloudwatchMetricsEnabled", not_be(False),
        on=("aws:wafv2/webAcl:WebAcl",), severity=Severity.MEDIUM, controls=("WAF.12",),
        remediation="set cloudwatch_metrics_enabled=True",
    ),
    check(
        "backup-plan-kept-a-week", "Backups are kept for a week", "rules.lifecycle.deleteAfter",
        Must("at least 7", lambda found: (days := number(found)) is None or days >= _WEEK, absent_is_fine=True),
        on=("aws:backup/plan:Plan",), severity=Severity.MEDIUM, level=Level.PRODUCTION, controls=("NIST-CP-9",),
        url=f"{_DOCS}/aws-backup/latest/devguide/plan-options-and-configuration.html",
        remediation="set lifecycle.delete_after to 7 or more",
    ),
    check(
        "apigateway-access-logs", "Stages of REST APIs log who asks for what", "accessLogSettings.destinationArn",
        be_set(),
        on=("aws:apigateway/stage:Stage",), severity=Severity.MEDIUM, controls=("APIGateway.1", "CKV_AWS_76"),
        remediation="set access_log_settings",
    ),
)  # fmt: skip

_BY_KEYS: Final = (
    only(lambda one: one.get("type") == "SecureString", check(
        "ssm-parameter-cmk", "Secure parameters are encrypted by a key of ours", "keyId", be_own_key(),
        on=("aws:ssm/parameter:Parameter",), severity=Severity.LOW, level=Level.REGULATED_ONLY,
        controls=("CKV_AWS_337",), url=_KEY_GUIDE, remediation="set key_id",
    )),
    check(
        "codebuild-cmk", "Artifacts of builds are encrypted by a key of ours", "encryptionKey", be_own_key(),
        on=("aws:codebuild/project:Project",), severity=Severity.LOW, level=Level.REGULATED_ONLY,
        controls=("CKV_AWS_147",), url=_KEY_GUIDE, remediation="set encryption_key",
    ),
    check(
        "firehose-cmk", "Firehose is encrypted by a key of ours", "serverSideEncryption.keyArn", be_own_key(),
        on=("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",), severity=Severity.LOW,
        level=Level.REGULATED_ONLY, controls=("CKV_AWS_241",), url=_KEY_GUIDE,
        remediation="set server_side_encryption with key_type='CUSTOMER_MANAGED_CMK' and key_arn",
    ),
)  # fmt: skip

RULES: Final[tuple[Rule, ...]] = (
    method_authorized,
    parameters_ask,
    *_OPEN,
    *_CLEAR_TEXT,
    *_KEPT,
    *_BY_KEYS,
)
