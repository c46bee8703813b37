"""Secrets do not belong into a stack file; one that got there is refused, and shown nowhere."""

from __future__ import annotations

import pytest

from config import ConfigError
from config.plaintext import find_secrets
from config.problems import dotted
from config.secrecy import names_secret
from tests.config.stackfile import PROD, accepted, changed

VALUE = "S3cr3t-Zebra"
# Put together here, so that no scanner takes this file for a leak.
LOOKS = {
    "an AWS access key id": "AKIA" + "IOSFODNN7EXAMPLE",
    "a temporary AWS access key id": "ASIA" + "IOSFODNN7EXAMPLE",
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE",
    "a GitHub token": "ghp_" + "a1B2" * 9,
    "a Slack token": "xoxb-" + "1234567890-abcdef",
    "an API key": "sk-" + "proj-" + "a1B2c3D4" * 4,
    "a JSON web token": "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0" + ".c2lnbmF0dXJl",
    "a URL with a password": "postgres://app:" + "pa55@db.example/app",
}


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "db_password",
        "dbPassword",
        "password_prod",
        "secret",
        "api_key",
        "apiKey",
        "auth-token",
        "client_secret",
        "secretAccessKey",
        "PRIVATE_KEY",
        "passphrase",
        "credentials",
    ],
)
def test_a_key_that_names_a_secret_is_known_however_it_is_spelt(key: str) -> None:
    assert names_secret(key)


@pytest.mark.parametrize(
    "key",
    [
        "password_encryption",
        "secret_arn",
        "token_path",
        "rotation_days",
        "monkey",
        "keys",
        "secretary",
        "key",
        "tokenizer",
    ],
)
def test_a_key_that_only_mentions_a_secret_is_left_alone(key: str) -> None:
    assert not names_secret(key)


@pytest.mark.parametrize(("look", "value"), LOOKS.items(), ids=LOOKS.keys())
def test_what_looks_like_a_secret_is_refused_under_any_key_and_never_shown(look: str, value: str) -> None:
    """Whatever else is wrong with the value, and wherever it stands."""
    settings = {"identity": {"owner": value}, "network": {"zones": ["a", value]}, "data": {value: {"x": 1}}}
    found = list(find_secrets(settings))
    assert [dotted(problem.path) for problem in found[:2]] == ["identity.owner", "network.zones[1]"], look
    assert value not in "".join(str(problem) for problem in found)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (f"password: {VALUE}", "identity.password"),
        (f"extra_tags: {{db_password: {VALUE}}}", "identity.extra_tags.db_password"),
        (f"extra_tags: {{token: [{VALUE}]}}", "identity.extra_tags.token"),
        ("api_key: 123456789", "identity.api_key"),
        ("extra_tags: {x: {secure: v1:abc}}", "identity.extra_tags.x"),
        ("secure: v1:abc", None),
    ],
)
def test_a_secret_under_its_name_is_refused_once_and_never_shown(line: str, path: str | None) -> None:
    text = changed(("      data_class: confidential\n", f"      data_class: confidential\n      {line}\n"))
    assert text != PROD
    with pytest.raises(ConfigError) as caught:
        accepted(("      data_class: confidential\n", f"      data_class: confidential\n      {line}\n"))
    found = [dotted(problem.path) for problem in caught.value.problems]
    assert found == [path or "identity.secure"]
    assert VALUE not in str(caught.value)
    assert VALUE not in repr(caught.value.problems)


def test_the_arn_of_a_secret_is_no_secret() -> None:
    arn = "arn:aws:secretsmanager:us-east-1:100000000004:secret:x"
    assert list(find_secrets({"password": arn, "secret": {"rotation_days": 30}, "token": None, "secrets": True})) == []


def test_prod_holds_no_secret() -> None:
    assert list(find_secrets(accepted().model_dump(mode="json"))) == []


@pytest.mark.parametrize("value", list(LOOKS.values()), ids=LOOKS.keys())
def test_an_error_of_shape_does_not_show_a_secret_either(value: str) -> None:
    """The wrong value may be a secret that somebody put under the wrong key."""
    text = value.replace("\n", " ")
    with pytest.raises(ConfigError) as caught:
        accepted(("region: us-east-1", f'region: "{text}"'), ("10.0.1.0/24", f'"{text}"'))
    assert text not in str(caught.value)
    assert text not in repr(caught.value.problems)
