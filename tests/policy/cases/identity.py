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
GITHUB = "token.actions.githubusercontent.com"
AUDIENCE = {f"{GITHUB}:aud": "sts.amazonaws.com"}


def token(claims: object, operator: str = "StringLike", issuer: str = GITHUB) -> str:
    """Trust in tokens of an identity provider whose claims are bound."""
    provider = f"arn:aws:iam::100000000004:oidc-provider/{issuer}"
    return document(
        Action="sts:AssumeRoleWithWebIdentity", Principal={"Federated": provider}, Condition={operator: claims}
    )


def trusting(account: str, **more: object) -> str:
    return document(Action="sts:AssumeRole", Principal={"AWS": f"arn:aws:iam::{account}:root"}, **more)


DEPLOY = Made(
    type="aws:iam/role:Role",
    name="deploy",
    inputs={"assumeRolePolicy": token({**AUDIENCE, f"{GITHUB}:sub": "repo:phoenix/infrastructure:*"})},
)
PROVIDER = Made(type="pulumi:providers:aws", name="main", inputs={"allowedAccountIds": ["100000000004"]})
PARTNER = Made(
    type="aws:iam/role:Role",
    name="partner",
    inputs={"assumeRolePolicy": trusting("100000000004")},
    provider=PROVIDER.urn,
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
        "iam-no-escalation", POLICY, "policy", document(Action="iam:PassRole", Resource="*"),
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
    value_case(
        "iam-oidc-sub-bound", DEPLOY, "assumeRolePolicy", token(AUDIENCE), unknown_is="deferred", absent_is="silent",
    ),
    value_case(
        "iam-trust-other-account", PARTNER, "assumeRolePolicy", trusting("999999999999"), around=[PROVIDER],
        unknown_is="deferred", absent_is="silent",
    ),
    forbidden_case("iam-no-users", "aws:iam/user:User", ROLE.type),
)  # fmt: skip
