"""How a secret in plain text is recognised, by its key or by its look; used to refuse it and never to print it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_LAST_WORDS: Final = frozenset({"secret", "secrets", "token", "tokens", "credential", "credentials", "apikey", "pwd"})
_ANYWHERE: Final = frozenset({"password", "passwords", "passwd", "passphrase"})
_LAST_PAIRS: Final = frozenset((word, "key") for word in ("api", "access", "secret", "private", "auth", "signing"))
_NAMES_NO_SECRET: Final = frozenset(
    {
        "arn", "name", "path", "id", "encryption", "policy", "length", "rotation", "days", "seconds", "version", "age",
        "prevention", "validity", "method", "commands",
    }
)  # fmt: skip
_WORD: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_REFERENCE: Final = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:")

_REMEMBERED: Final = 4096
"""Texts whose answer is remembered: stacks have most of their keys and values in common."""

_LOOKS: Final = (
    ("an AWS access key id", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}")),
    ("an API key", re.compile(r"\bsk-[A-Za-z0-9_-]{20,}")),
    ("a JSON web token", re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+")),
    ("a URL with a password in it", re.compile(r"\b[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s:@]+@")),
)


@lru_cache(maxsize=_REMEMBERED)
def names_secret(key: str) -> bool:
    """Tell whether a key by this name holds a secret: `password`, `api_key`, `dbPassword`, but not `password_arn`."""
    words = [word.lower() for word in _WORD.findall(key)]
    if not words or words[-1] in _NAMES_NO_SECRET:
        return False
    return words[-1] in _LAST_WORDS or tuple(words[-2:]) in _LAST_PAIRS or not _ANYWHERE.isdisjoint(words)


@lru_cache(maxsize=_REMEMBERED)
def looks_secret(text: str) -> str | None:
    """Say what kind of secret the text looks like, or None."""
    return next((kind for kind, pattern in _LOOKS if pattern.search(text)), None)


def is_secret_value(value: object) -> bool:
    """Tell whether a value under a key that names a secret is one: any text or number but the ARN of the secret."""
    if isinstance(value, bool) or value is None:
        return False
    return isinstance(value, int | float) or (isinstance(value, str) and not _REFERENCE.match(value))
