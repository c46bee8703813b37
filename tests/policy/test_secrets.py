"""Secrets in plain text are told by their form, or by the name of what holds them; references are none."""

from __future__ import annotations

import base64

import pytest

from policy.secrets_in_text import secret_in

KEY = "AKIA" + "Q" * 16


@pytest.mark.parametrize(
    ("text", "name", "what"),
    [
        (f"export AWS_ACCESS_KEY_ID={KEY}", "", "an access key of AWS"),
        (base64.b64encode(KEY.encode()).decode(), "", "an access key of AWS"),
        ("-----BEGIN RSA PRIVATE KEY-----", "", "a private key"),
        ("-----BEGIN PRIVATE KEY-----", "", "a private key"),
        ("ghp_" + "a" * 36, "", "a token of GitHub"),
        ("xoxb-1234567890-abc", "", "a token of Slack"),
        ("postgres://app:hunter2@db:5432/ledger", "DATABASE_URL", "a password in an address"),
        ("DB_PASSWORD=hunter22", "", "a password"),
        ("Tr0ub4dor&3", "DB_PASSWORD", "a secret, by its name"),
        ("c2VjcmV0LXZhbHVl/Y=", "API_KEY", "a secret, by its name"),
    ],
)
def test_a_secret_is_told(text: str, name: str, what: str) -> None:
    assert secret_in(text, name) == what


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "PASSWORD"),
        ("arn:aws:secretsmanager:us-east-1:1:secret:a", "DB_PASSWORD"),
        ("/prod/db/password", "DB_PASSWORD"),
        ("postgres://db:5432/ledger", "DATABASE_URL"),
        ("postgres://app:${PASSWORD}@db/ledger", "DATABASE_URL"),
        ("required", "SECRET"),
        ("password=${DB_PASSWORD}", ""),
        ("us-east-1", "REGION"),
    ],
)
def test_a_reference_is_none(text: str, name: str) -> None:
    assert secret_in(text, name) == ""
