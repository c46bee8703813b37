"""Roles of people are for users of the stack's own account, with rights to what the stack has."""

from __future__ import annotations

import pytest

from tests.config.stackfile import judged

AT = "operators.roles.production"
ROLE = {
    "purpose": "Operate the system",
    "trusted": ["arn:aws:iam::100000000004:user/people/ada"],
    "mfa_minutes": 60,
    "session_hours": 1,
    "rights": ["look"],
}


def found(**changes: object) -> set[str]:
    return judged({"operators": {"roles": {"production": {**ROLE, **changes}}}})


def test_users_and_the_account_are_taken() -> None:
    assert found() == set()
    assert found(trusted=["arn:aws:iam::100000000004:root"], rights=["look", "shell", "kubernetes"]) == set()


def test_users_of_another_account_are_refused() -> None:
    own = "arn:aws:iam::100000000004:root"
    assert found(trusted=[own, "arn:aws:iam::100000000005:root"]) == {f"{AT}.trusted[1]"}


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::100000000004:role/deploy",
        "*",
        "arn:aws:iam::100000000004:user/*",
        "arn:aws:sts::100000000004:root",
    ],
)
def test_what_carries_no_second_factor_is_refused(arn: str) -> None:
    assert found(trusted=[arn]) == {f"{AT}.trusted[0]"}


def test_a_right_to_a_cluster_needs_one() -> None:
    changes = {"operators": {"roles": {"production": {**ROLE, "rights": ["look", "kubernetes"]}}}, "cluster": None}
    assert f"{AT}.rights[1]" in judged(changes)


@pytest.mark.parametrize(
    ("field", "value"), [("mfa_minutes", 4), ("session_hours", 13), ("rights", []), ("rights", ["all"])]
)
def test_no_role_is_for_ever_or_for_nothing(field: str, value: object) -> None:
    (path,) = found(**{field: value})
    assert path.startswith(f"{AT}.{field}")
