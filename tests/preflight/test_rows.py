"""Every row of a table fits the API that it calls: the operation, its parameters, the members of its answer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
import jmespath
import pytest
from botocore.loaders import Loader
from botocore.utils import ArgumentGenerator
from botocore.validate import ParamValidator

from preflight.checks.names import NAMED
from preflight.checks.once import ONCE
from preflight.quota import Used
from preflight.quota_table import QUOTAS
from preflight.table import CHECKS
from tests.preflight.plans import OWN, recorded

if TYPE_CHECKING:
    from botocore.model import OperationModel, ServiceModel

LOADER = Loader()
USED = [quota for quota in QUOTAS if isinstance(quota.used, Used)]


@cache
def model_of(service: str) -> ServiceModel:
    session = botocore.session.Session()
    session.register_component("data_loader", LOADER)
    return session.get_service_model(service)


def operation(service: str, name: str) -> OperationModel:
    return model_of(service).operation_model(name)


def sample(model: OperationModel) -> Any:  # noqa: ANN401  any JSON
    """Return an answer with every member."""
    return ArgumentGenerator(use_member_names=True).generate_skeleton(model.output_shape)


def check_request(model: OperationModel, request: dict[str, Any]) -> None:
    if model.input_shape is None:
        assert not request
        return
    report = ParamValidator().validate(request, model.input_shape)
    assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize("row", ONCE, ids=lambda row: row.what)
def test_what_exists_once_can_be_asked(row: Any) -> None:  # noqa: ANN401  a row
    model = operation(*row.call)
    check_request(model, dict(row.request))
    assert jmespath.search(row.found.partition("[?")[0], sample(model)) not in (None, [])
    assert set(row.absent) <= {error.name for error in model.error_shapes} | {"NoSuchEntity"}


@pytest.mark.parametrize("row", NAMED, ids=lambda row: row.what)
def test_names_can_be_asked(row: Any) -> None:  # noqa: ANN401  a row
    model = operation(*row.call)
    check_request(model, dict(row.request("phoenix-name", OWN)))
    assert jmespath.search(row.found, sample(model))
    codes = {error.metadata.get("error", {}).get("code", error.name) for error in model.error_shapes}
    assert set(row.absent) <= codes | {error.name for error in model.error_shapes}


@pytest.mark.parametrize("quota", USED, ids=lambda quota: quota.name)
def test_what_is_used_can_be_asked(quota: Any) -> None:  # noqa: ANN401  a row
    model = operation(quota.used.service, quota.used.operation)
    check_request(model, dict(quota.used.request))
    path = quota.used.count.partition("(")[2].rpartition(")")[0].partition("[?")[0].partition(" ||")[0]
    assert jmespath.search(path, sample(model))


@pytest.mark.slow  # whole stacks are recorded
def test_every_type_of_a_row_is_one_that_the_sdk_has() -> None:
    known = {one.type for stack in ("prod", "dr") for one in recorded(stack).graph.resources}
    never = {row.type for row in (*ONCE, *NAMED)} - known
    assert never <= {
        "aws:inspector2/enabler:Enabler",
        "aws:macie2/account:Account",
        "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
    }, "no stack makes these today"


def test_names_of_checks_are_unique() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS) > 60
    assert len({(quota.service, quota.code or quota.name) for quota in QUOTAS}) == len(QUOTAS)
