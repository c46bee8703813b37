import json

from tests.policy.case import forbidden_case, value_case
from tests.policy.harness import Made


def document(**statement: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", **statement}})


POLICY = Made(
    type="aws:iam/policy:Policy",
    inputs={"policy": document(Action=["s3:GetObject"], Resource=["arn:aws:s3:::phoenix-logs/*"])},
)
ATTACHMENT = Made(
    type="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    inputs={"policyArn": "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"},
)
ROLE = Made(
    type="aws:iam/role:Role",
    inputs={"assumeRolePolicy": document(Action="sts:AssumeRole", Principal={"Service": "pods.eks.amazonaws.com"})},
)

CASES = (
    value_case(
        "iam-no-admin-policy", POLICY, "policy", document(Action="*", Resource="*"),
        unknown_is="deferred", absent_is="silent", around=[ROLE],
    ),
    value_case(
        "iam-no-star-actions", POLICY, "policy", document(Action=["s3:GetObject", "ec2:*"], Resource=["*"]),
        unknown_is="deferred", absent_is="silent", around=[ROLE],
    ),
    value_case(
        "iam-no-admin-managed", ATTACHMENT, "policyArn", "arn:aws:iam::aws:policy/AdministratorAccess",
        unknown_is="silent", absent_is="silent", around=[ROLE],
    ),
    value_case(
        "iam-trust-not-public", ROLE, "assumeRolePolicy", document(Action="sts:AssumeRole", Principal="*"),
        unknown_is="deferred", absent_is="silent",
    ),
    forbidden_case("iam-no-users", "aws:iam/user:User", ROLE.type),
)  # fmt: skip
