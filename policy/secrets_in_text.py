"""Secrets that stand in plain text where everybody reads: user data, environments, definitions."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

_FORMS: Final = (
    ("an access key of AWS", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
    ("a token of GitHub", re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b")),
    ("a token of Slack", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}")),
    ("a key of Stripe", re.compile(r"\bsk_live_[A-Za-z0-9]{16,}")),
    ("a key of Google", re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    ("a password in an address", re.compile(r"\b[a-z][a-z0-9+]*://[^\s/:@]+:[^\s/:@$]{3,}@")),
    ("a secret access key", re.compile(r"(?i)aws_secret_access_key\W{1,4}[A-Za-z0-9/+]{40}\b")),
    ("a password", re.compile(r"(?i)(?<![a-z])(?:password|passwd|secret_key|api_key)\s*[=:]\s*['\"]?[^\s'\"${(<]{6,}")),
)
_HINTS: Final = (
    "akia", "asia", "private key", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "xox", "sk_live_", "aiza", "://",
    "aws_secret", "passw", "secret_key", "api_key",
)  # fmt: skip
"""What a text of any of these forms holds, in lower case; most texts hold none of it."""
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_NAMES: Final = re.compile(r"(?i)(?:^|[_-])(?:password|passwd|secret|secret_key|access_key|api_key|private_key|token)$")
_REFERENCE: Final = re.compile(r"^(?:arn:|\{\{resolve:|ssm:|secretsmanager:|/|\$\{)|^[a-z0-9-]{0,40}$")
"""Values that name a secret, or are short words such as `none`."""


def secret_in(text: str, name: str = "") -> str:
    """Return what secret a text holds, itself or in base64; empty where it holds none.

    Args:
        text: what is read.
        name: of the variable that has the text, where one has it: a variable `DB_PASSWORD` holds a secret whatever its
            form, unless the text is a reference or a word.
    """
    for readable in (text, _decoded(text)):
        lowered = readable.lower()
        if any(hint in lowered for hint in _HINTS):
            found = next((what for what, form in _FORMS if form.search(readable)), "")
            if found:
                return found
    return "a secret, by its name" if _NAMES.search(name) and text and not _REFERENCE.search(text) else ""


def _decoded(text: str) -> str:
    if not _BASE64.fullmatch(text):
        return ""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", errors="replace")
    except (binascii.Error, ValueError):
        return ""
