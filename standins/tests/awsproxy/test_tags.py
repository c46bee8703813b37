from __future__ import annotations

from standins.awsproxy import tags, values

CONFIG = {"defaultTags": {"tags": {"Project": "phoenix", "Owner": "team"}}}


def test_a_resources_own_tags_win_over_default_tags() -> None:
    assert tags.merge({"Owner": "me", "Name": "x"}, CONFIG) == {"Project": "phoenix", "Owner": "me", "Name": "x"}


def test_a_resource_without_tags_has_the_default_ones() -> None:
    assert tags.merge(None, CONFIG) == {"Project": "phoenix", "Owner": "team"}
    assert tags.merge(None, {}) == {}


def test_ignored_keys_and_prefixes_are_left_out() -> None:
    config = {**CONFIG, "ignoreTags": {"keys": ["Owner"], "keyPrefixes": ["kubernetes.io/"]}}
    assert tags.merge({"kubernetes.io/x": "1", "Name": "x"}, config) == {"Project": "phoenix", "Name": "x"}


def test_one_unknown_tag_makes_all_of_them_unknown() -> None:
    assert tags.merge({"Name": values.UNKNOWN}, CONFIG) == values.UNKNOWN
    assert tags.merge({}, {"defaultTags": values.UNKNOWN}) == values.UNKNOWN


def test_a_secret_tag_keeps_the_merged_map_secret() -> None:
    merged = tags.merge({"Key": values.secret("s3cret")}, CONFIG)
    assert values.is_secret(merged)
    assert values.plain(merged)["Key"] == "s3cret"
