"""Whom a role trusts: tokens of issuers with many tenants, other accounts, and conditions that only look narrow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.reading.trust import owner_is_fixed
from tests.policy.cases.identity import AUDIENCE, GITHUB, PARTNER, PROVIDER, document, token, trusting
from tests.policy.harness import Made, findings

ROLE = "aws:iam/role:Role"
RULES = {"iam-trust-not-public", "iam-oidc-sub-bound", "iam-trust-other-account"}
SUB = f"{GITHUB}:sub"
EKS = "oidc.eks.us-east-1.amazonaws.com/id/ABCDEF"


def broken(trust: str, **more: object) -> set[str]:
    role = Made(type=ROLE, inputs={"assumeRolePolicy": trust}, provider=str(more.get("provider", "")))
    return {finding.rule.name for finding in findings([PROVIDER, role])} & RULES


@pytest.mark.parametrize(
    "trust",
    [
        token(AUDIENCE),
        token({SUB: "repo:*"}),
        token({SUB: "*"}),
        token({SUB: "repo:phoenix*/infrastructure:*"}),
        token({SUB: "repo:phoenix*"}),
        token({SUB: "repo:?hoenix/infrastructure:ref:refs/heads/main"}),
        token({SUB: ["repo:phoenix/infrastructure:*", "repo:*/infrastructure:*"]}),
        token({SUB: "repo:phoenix/infrastructure:*"}, operator="ForAllValues:StringLike"),
        token({SUB: "repo:phoenix/infrastructure:*"}, operator="StringLikeIfExists"),
        token({SUB: "repo:phoenix/infrastructure:*"}, operator="StringNotLike"),
        token({SUB: "repo:${aws:PrincipalTag/owner}/x:*"}),
        token({SUB: []}),
        token({"sub": "repo:phoenix/infrastructure:*"}),
        token({"gitlab.com:sub": "project_path:phoenix/x:*"}),
        token({f"{GITHUB}:actor": "alice"}),
        token({f"{GITHUB}:repository_owner": "phoenix*"}),
        token({"gitlab.com:sub": "project_path:*"}, issuer="gitlab.com"),
        token({"app.terraform.io:sub": "organization:*:project:x:*"}, issuer="app.terraform.io"),
        token({f"{EKS}:sub": "system:serviceaccount:*:*"}, issuer=EKS),
        token({f"{EKS}:aud": "sts.amazonaws.com"}, issuer=EKS, operator="StringEquals"),
        document(Action="sts:*", Principal={"Federated": "cognito-identity.amazonaws.com"}),
        document(Action="*", Principal={"Federated": "cognito-identity.amazonaws.com"},
                 Condition={"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}}),
    ],
)  # fmt: skip
def test_an_issuer_with_many_tenants_is_everyone_until_an_owner_is_fixed(trust: str) -> None:
    assert broken(trust) == {"iam-oidc-sub-bound"}


@pytest.mark.parametrize(
    "trust",
    [
        token({**AUDIENCE, SUB: "repo:phoenix/infrastructure:environment:prod"}, operator="StringEquals"),
        token({SUB: ["repo:phoenix/*", "repo:phoenix-two/infrastructure:*"]}),
        token({SUB.upper(): "repo:phoenix/infrastructure:*"}),
        token({f"{GITHUB}:repository_owner": "phoenix"}),
        token({"gitlab.com:sub": "project_path:phoenix/x:*"}, issuer="gitlab.com"),
        token({"app.terraform.io:sub": "organization:phoenix:project:*"}, issuer="app.terraform.io"),
        token({"api.pulumi.com/oidc:sub": "pulumi:deploy:org:phoenix:*"}, issuer="api.pulumi.com/oidc"),
        token({f"{EKS}:sub": "system:serviceaccount:shop:*"}, issuer=EKS),
        token({"accounts.google.com:aud": "1234"}, issuer="accounts.google.com"),
        document(Action="sts:AssumeRoleWithSAML", Principal={"Federated": "arn:aws:iam::1:saml-provider/corp"}),
        document(Action="sts:AssumeRoleWithWebIdentity", Principal={"Federated": "cognito-identity.amazonaws.com"},
                 Condition={"StringEquals": {"cognito-identity.amazonaws.com:aud": "us-east-1:pool"}}),
    ],
)  # fmt: skip
def test_an_owner_that_is_fixed_is_enough(trust: str) -> None:
    assert broken(trust) == set()


@given(st.text(alphabet="abc-", min_size=1), st.text(alphabet="abc-/:", min_size=1))
def test_a_wildcard_counts_only_up_to_the_end_of_the_owner(owner: str, rest: str) -> None:
    assert owner_is_fixed(f"repo:{owner}/{rest}*")
    assert not owner_is_fixed(f"repo:{owner}*/{rest}")
    assert not owner_is_fixed(f"*:{owner}/{rest}")


@pytest.mark.parametrize(
    "principal",
    ["*", {"AWS": "*"}, {"AWS": "arn:aws:iam::*:root"}, {"AWS": ["arn:aws:iam::1:root", "arn:aws:iam::*:role/x"]},
     {"Service": "*"}, {"Federated": "*"}, {"AWS": "arn:aws:iam::12345678901?:role/x"}],
    ids=str,
)  # fmt: skip
def test_everyone_by_any_name_is_everyone(principal: object) -> None:
    assert "iam-trust-not-public" in broken(document(Action="sts:AssumeRole", Principal=principal))


def test_all_but_one_are_everyone() -> None:
    assert broken(document(Action="sts:AssumeRole", NotPrincipal={"AWS": "arn:aws:iam::1:root"})) == {
        "iam-trust-not-public"
    }


@pytest.mark.parametrize(
    ("trust", "judged"),
    [
        (trusting("999999999999"), True),
        (trusting("999999999999", Condition={"StringEquals": {"sts:ExternalId": "4711"}}), False),
        (trusting("999999999999", Condition={"StringLike": {"sts:ExternalId": "*"}}), True),
        (trusting("999999999999", Condition={"StringEqualsIfExists": {"sts:ExternalId": "4711"}}), True),
        (trusting("999999999999", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}), True),
        (trusting("999999999999", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), False),
        (document(Action="sts:AssumeRole", Principal={"AWS": "999999999999"}), True),
        (document(Action="sts:AssumeRole", Principal={"AWS": "arn:aws:iam::999999999999:role/x"}), True),
        (document(Action="sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"}), False),
        (trusting("100000000004"), False),
    ],
)
def test_another_account_is_trusted_under_a_condition_only(trust: str, judged: bool) -> None:  # noqa: FBT001 a column
    assert broken(trust, provider=PARTNER.provider) == ({"iam-trust-other-account"} if judged else set())


def test_where_the_provider_names_no_account_a_whole_one_needs_a_condition() -> None:
    assert broken(trusting("100000000004")) == {"iam-trust-other-account"}
    assert broken(document(Action="sts:AssumeRole", Principal={"AWS": "arn:aws:iam::1:role/x"})) == set()
