"""The embedded AWS, asked with boto3 in both regions, has what the tables of reference 004 say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.tables import ROWS, Row

if TYPE_CHECKING:
    from tests.engine.conftest import Aws

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(1200)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.section} {row.subject}")
def test_aws_has_what_the_table_says(aws: Aws, row: Row) -> None:
    assert row.ask(aws) == row.says, f"section {row.section}: {row.subject}"
