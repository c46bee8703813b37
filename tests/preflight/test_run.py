"""Nothing is silently fine: what is denied, late or not understood is named, and the rest is asked all the same."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from config.files import ROOT
from preflight import run as runner
from preflight.account import Account, CouldNotAskError, CredentialsError, action
from preflight.finding import Finding, Level
from preflight.table import Check
from tests.preflight.fakes import FakeAccount
from tests.preflight.plans import OWN, unrecorded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.plan import Plan

GOOD = {"sts:GetCallerIdentity": {"Account": OWN, "Arn": f"arn:aws:iam::{OWN}:user/one"}}


def denied(_account: Account, _plan: Plan) -> Iterator[Finding]:
    yield Finding(level=Level.STOPS, what="before", found="", needed="", fix="")
    raise CouldNotAskError("ec2:DescribeVpcs", "us-east-1", "AccessDenied: no", "AccessDenied")


def fine(_account: Account, _plan: Plan) -> Iterator[Finding]:
    yield from ()


def strange(_account: Account, _plan: Plan) -> Iterator[Finding]:
    raise KeyError("Vpcs")
    yield


def stuck(_account: Account, _plan: Plan) -> Iterator[Finding]:
    threading.Event().wait(30)
    yield from ()


def found(monkeypatch: pytest.MonkeyPatch, *checks: Any, limit_seconds: float = 30) -> list[Finding]:  # noqa: ANN401
    monkeypatch.setattr(runner, "CHECKS", tuple(Check(check.__name__, check) for check in checks))
    return runner.run(FakeAccount(GOOD), unrecorded("prod"), limit_seconds=limit_seconds)


def test_what_is_denied_is_named_and_the_rest_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    before, unasked = found(monkeypatch, fine, denied)
    assert (before.what, before.level) == ("before", Level.STOPS)
    assert unasked.level is Level.UNASKED
    assert "ec2:DescribeVpcs in us-east-1: AccessDenied" in unasked.found
    assert "allow ec2:DescribeVpcs" in unasked.fix


def test_one_reason_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def also(account: Account, plan: Plan) -> Iterator[Finding]:
        yield from denied(account, plan)

    findings = found(monkeypatch, denied, also)
    assert [one.what for one in findings if one.level is Level.UNASKED] == ["check denied, check also"]


def test_an_answer_of_another_shape_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    (unasked,) = found(monkeypatch, strange, fine)
    assert unasked.level is Level.UNASKED
    assert "KeyError" in unasked.found


@pytest.mark.slow
def test_a_check_that_hangs_is_named_when_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    (unasked,) = found(monkeypatch, stuck, fine, limit_seconds=0.5)
    assert (unasked.check, unasked.level) == ("stuck", Level.UNASKED)
    assert "within 0.5 s" in unasked.found


def test_credentials_that_end_meanwhile_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def expired(_account: Account, _plan: Plan) -> Iterator[Finding]:
        raise CredentialsError("expired")
        yield

    with pytest.raises(CredentialsError):
        found(monkeypatch, fine, expired)


class Refusing:
    """A client whose calls fail."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def can_paginate(self, _method: str) -> bool:
        return False

    def describe_vpcs(self) -> None:
        raise self.error


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "DescribeVpcs")


def asked(monkeypatch: pytest.MonkeyPatch, error: Exception, *absent: str) -> Any:  # noqa: ANN401
    account = Account.__new__(Account)
    monkeypatch.setattr(account, "_client", lambda *_: Refusing(error), raising=False)
    return account.ask("ec2", "DescribeVpcs", "us-east-1", absent=absent)


def test_a_code_of_absence_is_none_and_another_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(monkeypatch, refusal("Gone"), "Gone") is None
    with pytest.raises(CouldNotAskError, match="ec2:DescribeVpcs in us-east-1: Denied: no") as error:
        asked(monkeypatch, refusal("Denied"), "Gone")
    assert error.value.code == "Denied"


def test_no_network_is_an_error_that_names_the_action(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CouldNotAskError, match="ec2:DescribeVpcs"):
        asked(monkeypatch, EndpointConnectionError(endpoint_url="https://nowhere"))


@pytest.mark.parametrize("error", [NoCredentialsError(), refusal("ExpiredToken")], ids=["none", "expired"])
def test_no_credentials_are_reported_in_one_line(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    with pytest.raises(CredentialsError, match="AWS credentials: none that can be used; do: set AWS_PROFILE") as said:
        asked(monkeypatch, error)
    assert "\n" not in str(said.value)


def test_an_action_is_spelt_as_iam_does() -> None:
    assert action("elbv2", "DescribeLoadBalancers") == "elasticloadbalancing:DescribeLoadBalancers"
    assert action("s3", "HeadBucket") == "s3:ListBucket"
    assert action("ec2", "DescribeVpcs") == "ec2:DescribeVpcs"


@pytest.mark.parametrize(("path", "file"), [(("network", "nat"), "bases/"), (("network", "cidr"), "Pulumi.prod.yaml")])
def test_a_finding_names_the_file_and_line_that_its_setting_comes_from(
    monkeypatch: pytest.MonkeyPatch, path: tuple[str, ...], file: str
) -> None:
    def about(_account: Account, _plan: Plan) -> Iterator[Finding]:
        yield Finding(level=Level.STOPS, what="w", found="", needed="", fix="", path=path)

    (one,) = found(monkeypatch, about)
    assert one.line is not None
    name = one.file.removeprefix(f"{ROOT}/")
    assert name.startswith(file)
    assert f"{path[-1]}:" in (ROOT / name).read_text(encoding="utf-8").splitlines()[one.line - 1]
