"""An analyzer is read back as it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


@pytest.fixture
def analyzers(aws: Aws) -> Client:
    return aws("accessanalyzer")


def test_an_analyzer_of_unused_access_keeps_its_age_and_tags(analyzers: Client) -> None:
    age = {"unusedAccess": {"unusedAccessAge": 45}}
    made = analyzers.create_analyzer(
        analyzerName="unused", type="ACCOUNT_UNUSED_ACCESS", configuration=age, tags={"one": "1"}
    )
    found = analyzers.get_analyzer(analyzerName="unused")["analyzer"]
    assert (found["arn"], found["status"]) == (made["arn"], "ACTIVE")
    assert (found["configuration"], found["tags"]) == (age, {"one": "1"})


def test_tags_of_an_analyzer_change(analyzers: Client) -> None:
    arn = analyzers.create_analyzer(analyzerName="outside", type="ACCOUNT", tags={"one": "1"})["arn"]
    analyzers.tag_resource(resourceArn=arn, tags={"two": "2"})
    analyzers.untag_resource(resourceArn=arn, tagKeys=["one"])
    assert analyzers.list_tags_for_resource(resourceArn=arn)["tags"] == {"two": "2"}


def test_a_name_is_taken_once_and_free_when_deleted(analyzers: Client) -> None:
    analyzers.create_analyzer(analyzerName="outside", type="ACCOUNT")
    with pytest.raises(ClientError, match="already exists"):
        analyzers.create_analyzer(analyzerName="outside", type="ACCOUNT")
    analyzers.delete_analyzer(analyzerName="outside")
    with pytest.raises(ClientError, match="does not exist"):
        analyzers.get_analyzer(analyzerName="outside")
