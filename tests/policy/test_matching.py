"""IAM's matching: `*`, `?`, case, what nearly everything is; generated patterns against a matcher of another kind."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.reading.actions import LIST, by_service, of_service, scan
from policy.reading.patterns import NEARLY_ALL, Actions, Resources, matches
from policy.values import Mark, UnknownValueError

PIECES = st.lists(st.sampled_from(["a", "B", ":", "/", "*", "?", ".", "+", "[", "(", "\\n"]), max_size=8).map("".join)
TEXTS = st.text(alphabet="aB:/.+[(\n", max_size=8)


def actions(*items: object, inverted: bool = False) -> Actions:
    return Actions(items, inverted, "policy")


def resources(*items: object, inverted: bool = False) -> Resources:
    return Resources(items, inverted, "policy")


def by_hand(pattern: str, text: str) -> bool:
    """Match by the definition: a star takes nothing, or one character and goes on."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return by_hand(pattern[1:], text) or (bool(text) and by_hand(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and by_hand(pattern[1:], text[1:])


@given(PIECES, TEXTS)
def test_patterns_match_as_their_definition_says(pattern: str, text: str) -> None:
    assert matches(pattern, text) == by_hand(pattern, text)


@given(TEXTS.filter(lambda text: "[" not in text))
def test_what_is_cut_out_of_a_text_may_be_a_star(text: str) -> None:
    for at in range(len(text) + 1):
        assert matches(f"{text[:at]}*", text)
        assert fnmatchcase(text, f"{text[:at]}*")


@given(st.sampled_from(sorted(by_service())), st.data())
def test_a_pattern_covers_an_action_in_any_case(service: str, data: st.DataObject) -> None:
    action = data.draw(st.sampled_from(of_service(service)))
    cut = data.draw(st.integers(len(service) + 1, len(action)))
    assert actions(f"{action[:cut].upper()}*").cover(action)
    assert not actions(f"{action[:cut]}*", inverted=True).cover(action)
    assert not actions(f"{action}?").cover(action)


@given(st.sampled_from([s for s in sorted(by_service()) if len(of_service(s)) >= 20]), st.integers(0, 19))
def test_a_service_less_one_action_is_nearly_all_and_not_all_of_it(service: str, without: int) -> None:
    left_out = of_service(service)[without]
    most = actions(left_out, inverted=True)
    assert most.all_of(service, share=NEARLY_ALL)
    assert not most.all_of(service)


@pytest.mark.parametrize(
    "written",
    [["*"], ["*:*"], ["iam:*"], ["iam:**"], ["IAM:?*"], ["i?m:*"], [f"iam:{one}*" for one in "abcdeglpqrstu"]],
)
def test_ways_to_say_all_of_a_service(written: list[str]) -> None:
    assert actions(*written).all_of("iam", share=NEARLY_ALL)
    assert "iam" in actions(*written).services


@pytest.mark.parametrize("written", [["iam:Get*"], ["ec2:*"], ["iam:PassRole"], []])
def test_ways_to_say_less(written: list[str]) -> None:
    assert not actions(*written).all_of("iam", share=NEARLY_ALL)


@pytest.mark.parametrize(
    "written",
    ["*", "**", "arn:*", "arn:aws:*", "arn:aws:iam::*:*", "arn:aws:iam::123456789012:*", "arn:*:iam:*:*:*/*", "*:*"],
)
def test_ways_to_say_every_resource(written: str) -> None:
    assert resources(written).cover_all("iam")
    assert resources("arn:aws:s3:::x", written).cover_all("iam", "role/")


@pytest.mark.parametrize("written", ["arn:aws:iam::*:role/app-*", "arn:aws:s3:::*", "arn:aws:iam::*:user/*", ""])
def test_ways_to_say_some_resources(written: str) -> None:
    assert not resources(written).cover_all("iam", "role/")


def test_every_role_is_every_resource_of_its_kind() -> None:
    assert resources("arn:aws:iam::*:role/*").cover_all("iam", "role/")
    assert not resources("arn:aws:iam::*:role/*").cover_all("iam", "user/")
    assert resources("arn:aws:kms:*:*:key/*").cover_all("kms")
    assert resources("arn:aws:lambda:*:*:function:*").cover_all("lambda")
    assert not resources("arn:aws:s3:::phoenix/*").cover_all("s3")
    assert not resources("arn:aws:kms:*:*:key/1*").cover_all("kms")


def test_an_unknown_pattern_matters_where_no_known_one_decides() -> None:
    assert actions("s3:*", Mark.UNKNOWN).cover("s3:GetObject")
    with pytest.raises(UnknownValueError):
        actions("ec2:*", Mark.UNKNOWN).cover("s3:GetObject")


def test_the_list_of_actions_is_that_of_the_installed_package() -> None:
    assert LIST.read_text(encoding="utf-8").rstrip("\n") == scan(), "run python -m policy.reading.actions"
    assert len(by_service()) > 400
