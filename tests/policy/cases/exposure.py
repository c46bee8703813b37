import json

from tests.policy.case import Expected, value_case
from tests.policy.harness import Made

NAMED = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::100000000004:root"}, "Action": "*", "Resource": "*"}
EVERYONE = {**NAMED, "Principal": "*"}


def policy(*statements: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


SECRET = Made(type="aws:secretsmanager/secretPolicy:SecretPolicy", inputs={"policy": policy(NAMED)})
ENDPOINT = Made(type="aws:ec2/vpcEndpoint:VpcEndpoint", name="endpoint", inputs={"policy": policy(EVERYONE)})
URL = Made(type="aws:lambda/functionUrl:FunctionUrl", inputs={"authorizationType": "AWS_IAM"})
SNAPSHOT = Made(type="aws:rds/snapshot:Snapshot", inputs={"sharedAccounts": ["100000000004"]})
_DOCUMENT: Expected = {"unknown_is": "deferred", "absent_is": "silent"}

INVOKER = Made(
    type="aws:lambda/permission:Permission",
    inputs={"principal": "s3.amazonaws.com", "sourceArn": "arn:aws:s3:::phoenix", "action": "lambda:InvokeFunction"},
)
NETWORK = Made(
    type="aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy",
    inputs={"policy": json.dumps([{"AllowFromPublic": False, "SourceVPCEs": ["vpce-1"]}])},
)
ACCESS = json.dumps([{"Principal": ["arn:aws:iam::1:role/x", "*"], "Rules": []}])
GRANTS = Made(
    type="aws:s3/bucketAcl:BucketAcl",
    inputs={
        "accessControlPolicy": {"grants": [{"grantee": {"uri": "http://acs.amazonaws.com/groups/s3/LogDelivery"}}]}
    },
)
SHARE = Made(type="aws:ram/resourceShare:ResourceShare", inputs={"allowExternalPrincipals": False})

CASES = (
    value_case("lambda-permission-bound", INVOKER, "sourceArn", "", unknown_is="silent", around=[URL]),
    value_case("opensearch-serverless-not-public", NETWORK, "policy", ACCESS, **_DOCUMENT),
    value_case(
        "s3-no-public-grants",
        GRANTS,
        "accessControlPolicy.grants.0.grantee.uri",
        "http://acs.amazonaws.com/groups/global/AllUsers",
        absent_is="silent",
    ),
    value_case("ram-own-organization", SHARE, "allowExternalPrincipals", True, absent_is="silent"),
    value_case("resource-policy-not-public", SECRET, "policy", policy(NAMED, EVERYONE), around=[ENDPOINT], **_DOCUMENT),
    value_case("function-url-authenticated", URL, "authorizationType", "NONE", absent_is="silent"),
    value_case("not-shared-with-everyone", SNAPSHOT, "sharedAccounts", ["all"], absent_is="silent"),
)
