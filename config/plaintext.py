"""Finds secrets that stand in a stack file, in plain text or encrypted, and refuses them without ever showing one.

Settings hold references only. An encrypted value is refused too: the engine hands the settings over as one object, in
which every secret is plain text, and the program would not know it for a secret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.problems import HIDDEN, Path, Problem, concealed
from config.secrecy import is_secret_value, looks_secret, names_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIX: Final = (
    "remove it from the file and from its history, and replace the secret, which is burnt; name its ARN instead"
)
_ALLOWED: Final = "no secret; the ARN of one, or nothing"
_ENCRYPTED_KEYS: Final = {"secure"}


def find_secrets(values: object, path: Path = ()) -> Iterator[Problem]:
    """Yield a problem for each secret in the settings, wherever it stands."""
    if isinstance(values, dict):
        if values.keys() == _ENCRYPTED_KEYS:
            what = "encrypted secret, which the engine would hand to the program as plain text"
            yield _problem(path, what, "remove it; keep the secret in Secrets Manager and name its ARN")
            return
        for key, value in values.items():
            where = (*path, str(key))
            if names_secret(str(key)) and _holds_secret(value):
                yield _problem(where, "secret in plain text", _FIX)
            elif looks_secret(str(key)):
                yield _problem(where, f"a key that looks like {looks_secret(str(key))}", _FIX)
            else:
                yield from find_secrets(value, where)
    elif isinstance(values, list):
        for at, value in enumerate(values):
            yield from find_secrets(value, (*path, at))
    elif isinstance(values, str) and (kind := looks_secret(values)):
        yield _problem(path, f"looks like {kind} in plain text", _FIX)


def _holds_secret(value: object) -> bool:
    return any(is_secret_value(one) for one in value) if isinstance(value, list) else is_secret_value(value)


def _problem(path: Path, what: str, fix: str) -> Problem:
    return Problem(path=concealed(path), what=what, got=HIDDEN, allowed=_ALLOWED, fix=fix)
