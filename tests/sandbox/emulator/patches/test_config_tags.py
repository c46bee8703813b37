"""Rules of AWS Config have tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
RULE = {"ConfigRuleName": "volumes", "Source": {"Owner": "AWS", "SourceIdentifier": "ENCRYPTED_VOLUMES"}}


@pytest.fixture
def config(aws: Aws) -> Client:
    return aws("config")


def test_a_rule_keeps_its_tags(config: Client) -> None:
    config.put_config_rule(ConfigRule=RULE, Tags=[{"Key": "one", "Value": "1"}])
    arn = config.describe_config_rules()["ConfigRules"][0]["ConfigRuleArn"]
    config.tag_resource(ResourceArn=arn, Tags=[{"Key": "two", "Value": "2"}])
    config.untag_resource(ResourceArn=arn, TagKeys=["one"])
    assert config.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "two", "Value": "2"}]
