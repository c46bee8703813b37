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

CASES = (
    value_case("resource-policy-not-public", SECRET, "policy", policy(NAMED, EVERYONE), around=[ENDPOINT], **_DOCUMENT),
    value_case("function-url-authenticated", URL, "authorizationType", "NONE", absent_is="silent"),
    value_case("not-shared-with-everyone", SNAPSHOT, "sharedAccounts", ["all"], absent_is="silent"),
)
