from __future__ import annotations

import json
from typing import TYPE_CHECKING

from standins.awsproxy import config, values

if TYPE_CHECKING:
    from standins.awsproxy.tables import ShapeTable

SENT = {
    "version": "7.51.1",
    "region": "us-east-1",
    "defaultTags": '{"tags":{"Project":"phoenix"}}',
    "allowedAccountIds": '["100000000004"]',
    "skipMetadataApiCheck": "true",
}


def test_values_the_engine_sends_as_json_are_read() -> None:
    assert config.decode(SENT) == {
        "region": "us-east-1",
        "defaultTags": {"tags": {"Project": "phoenix"}},
        "allowedAccountIds": ["100000000004"],
        "skipMetadataApiCheck": True,
    }


def test_an_account_id_in_a_text_setting_stays_text() -> None:
    assert config.decode({"accessKey": "100000000004"}) == {"accessKey": "100000000004"}


def test_a_secret_setting_stays_secret() -> None:
    assert config.decode({"secretKey": values.secret("k")}) == {"secretKey": values.secret("k")}


def test_the_bridge_gets_lists_as_json_and_what_keeps_calls_here(table: ShapeTable) -> None:
    theirs = config.for_bridge(config.decode(SENT), table)
    assert json.loads(theirs["defaultTags"]) == [{"tags": {"Project": "phoenix"}}], "an object for us, a list for it"
    assert theirs["region"] == "us-east-1"
    assert theirs["s3UsePathStyle"] == "true", "a bucket's own host name leads nowhere on loopback"
    assert theirs["skipMetadataApiCheck"] == "true"
    assert theirs["maxRetries"] == "3"


def test_the_program_may_set_retries_but_not_the_metadata_service(table: ShapeTable) -> None:
    theirs = config.for_bridge({"maxRetries": 7.0, "skipMetadataApiCheck": False, "s3UsePathStyle": False}, table)
    assert (theirs["maxRetries"], theirs["skipMetadataApiCheck"], theirs["s3UsePathStyle"]) == ("7", "true", "true")


def test_an_unknown_setting_of_a_preview_stays_unknown(table: ShapeTable) -> None:
    theirs = config.for_bridge({"defaultTags": {"tags": {"A": values.UNKNOWN}}}, table)
    assert theirs["defaultTags"] == values.UNKNOWN


def test_settings_newer_than_the_provider_are_named(table: ShapeTable) -> None:
    assert config.unknown_to_provider({"region": "x", "tagPolicyCompliance": "error"}, table) == ["tagPolicyCompliance"]
