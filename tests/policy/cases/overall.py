from dataclasses import replace

from tests.policy.case import Case, Expected, value_case
from tests.policy.harness import UNKNOWN, Made, altered

TAGS = {
    "Project": "phoenix",
    "Environment": "prod",
    "Stack": "prod",
    "Owner": "platform@phoenix.example",
    "CostCenter": "phoenix-platform",
    "DataClass": "confidential",
    "ManagedBy": "Pulumi",
}
VPC = Made(type="aws:ec2/vpc:Vpc", inputs={"tagsAll": TAGS})
ROUTE = Made(type="aws:ec2/route:Route", name="takes-no-tags")
PROVIDER = Made(type="pulumi:providers:aws", name="main", inputs={"region": "us-east-1"})
ELSEWHERE = Made(type="aws:s3/bucket:Bucket", inputs={"region": "us-west-2"}, provider=PROVIDER.urn)
BUCKET = Made(type="aws:s3/bucket:Bucket", protect=True)
REPLICA = Made(type="aws:rds/instance:Instance", name="replica", inputs={"replicateSourceDb": "phoenix"})
GROUP = Made(
    type="aws:eks/nodeGroup:NodeGroup", ignore_changes=["scalingConfig.desiredSize"], inputs={"launchTemplate": {}}
)

CLUSTER = Made(  # beside accessConfig.authenticationMode, which a rule reads
    type="aws:eks/cluster:Cluster", ignore_changes=["accessConfig.bootstrapClusterCreatorAdminPermissions"]
)
ELSEWHERE_PROVIDER = replace(PROVIDER, name="chat", inputs={"region": "us-west-2"})
CHANNEL = Made(
    type="aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
    inputs={"region": "eu-west-1"},
    provider=ELSEWHERE_PROVIDER.urn,
)
PUBLIC = Made(type="aws:ecrpublic/repository:Repository", provider=PROVIDER.urn)
DISTRIBUTION = Made(
    type="aws:cloudfront/distribution:Distribution",
    inputs={
        "viewerCertificate": {"acmCertificateArn": "arn:aws:acm:us-east-1:1:certificate/a"},
        "orderedCacheBehaviors": [{"lambdaFunctionAssociations": [{"lambdaArn": "arn:aws:lambda:us-east-1:1:f:1"}]}],
    },
)
QUERY_LOG = Made(
    type="aws:route53/queryLog:QueryLog", inputs={"cloudwatchLogGroupArn": "arn:aws:logs:us-east-1:1:log-group:/dns"}
)
SIGNING_KEY = Made(
    type="aws:route53/keySigningKey:KeySigningKey",
    inputs={"keyManagementServiceArn": "arn:aws:kms:us-east-1:1:key/k"},
)
_CERTIFICATE = "viewerCertificate.acmCertificateArn"
_EDGE_FUNCTION = "orderedCacheBehaviors.0.lambdaFunctionAssociations.0.lambdaArn"
_QUIET: Expected = {"unknown_is": "silent", "absent_is": "silent"}

API_CASES = (
    value_case("api-in-region", CHANNEL, "region", "us-east-1", around=[ELSEWHERE_PROVIDER], absent_is="silent"),
    Case(
        rule="api-in-region",
        passing=[PROVIDER, PUBLIC],
        failing=[ELSEWHERE_PROVIDER, replace(PUBLIC, provider=ELSEWHERE_PROVIDER.urn)],
        unknown=[replace(PROVIDER, inputs={"region": UNKNOWN}), PUBLIC],
        absent=[replace(PUBLIC, provider="")],
        unknown_is="unknown",
        absent_is="silent",
    ),
)
GLOBAL_CASES = (
    value_case(
        "global-service-resource-region", DISTRIBUTION, _CERTIFICATE, "arn:aws:acm:eu-west-1:1:certificate/a", **_QUIET
    ),
    value_case(
        "global-service-resource-region", DISTRIBUTION, _EDGE_FUNCTION, "arn:aws:lambda:us-west-2:1:f:1", **_QUIET
    ),
    value_case(
        "global-service-resource-region",
        QUERY_LOG,
        "cloudwatchLogGroupArn",
        "arn:aws:logs:us-west-2:1:log-group:/dns",
        **_QUIET,
    ),
    value_case(
        "global-service-resource-region",
        SIGNING_KEY,
        "keyManagementServiceArn",
        "arn:aws:kms:ap-south-1:1:key/k",
        **_QUIET,
    ),
)

SECRET = Made(type="aws:secretsmanager/secret:Secret", inputs={"replicas": [{"region": "us-west-2"}]})
_PROVIDERS = (PROVIDER, ELSEWHERE_PROVIDER)

CASES = (
    value_case(
        "data-egress-allow-list", SECRET, "replicas.0.region", "eu-west-1", around=_PROVIDERS, absent_is="silent"
    ),
    API_CASES[0],
    GLOBAL_CASES[0],
    value_case("tags-required", VPC, "tagsAll.DataClass", "secretive", around=[ROUTE]),
    value_case("region-allow-list", PROVIDER, "region", "cn-north-1", around=[ELSEWHERE]),
    Case(
        rule="stateful-protected",
        passing=[BUCKET, REPLICA],
        failing=[replace(BUCKET, protect=False)],
        unknown=[replace(REPLICA, inputs={"replicateSourceDb": UNKNOWN})],
        absent=[replace(REPLICA, inputs={})],
        unknown_is="silent",
        absent_is="violation",
    ),
    Case(
        rule="guarded-inputs-not-ignored",
        passing=[GROUP, CLUSTER],
        failing=[replace(GROUP, ignore_changes=["launchTemplate.version"])],
        unknown=[replace(GROUP, inputs={"launchTemplate": UNKNOWN})],
        absent=[replace(GROUP, ignore_changes=[])],
        unknown_is="silent",
        absent_is="silent",
    ),
)
RESOURCE_REGION_CASE = value_case("region-allow-list", ELSEWHERE, "region", "us-gov-west-1", absent_is="silent")
MISSING_TAG = replace(VPC, inputs=altered(VPC.inputs, "tagsAll.Owner", None))
