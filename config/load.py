"""The settings of the running stack, from the Pulumi engine. The only reader of `pulumi.Config`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi.runtime import is_config_secret
from pydantic import ValidationError

from config.bases import read_bases
from config.document import SETTINGS, value_at
from config.examine import examined
from config.files import ROOT, load_file, outside_problems, read_document, stack_file, stack_files
from config.layers import Layers
from config.pairs import judge_pair
from config.partial import salvage
from config.plaintext import find_secrets
from config.problems import HIDDEN, NOTHING, ConfigError, Problem, refuse
from config.renamed import with_new_names
from config.stack import StackConfig

__all__ = [
    "ConfigError",
    "StackConfig",
    "load",
    "load_file",
    "load_or_stop",
    "stack_file",
    "stack_files",
    "stop_beside_primary",
]

if TYPE_CHECKING:
    from config.document import Document

_NAMESPACE: Final = "platform"
_KEY: Final = "settings"
_FULL_KEY: Final = f"{_NAMESPACE}:{_KEY}"


def load() -> StackConfig:
    """Return the settings of the stack that the program runs for.

    The values are the engine's, merged over the bases of the project that they extend; the stack file, if it is there,
    gives the lines, and is judged as a whole.

    Raises:
        ConfigError: With everything that is wrong.
    """
    stack = pulumi.get_stack()
    origin = f"configuration of stack {stack}"
    document = _document(stack)
    outside = list(outside_problems(document)) if document is not None else []
    values = _values()
    if values is None:
        raise ConfigError([*(document.problems if document else ()), *(outside or [_missing(origin)])])
    if is_config_secret(_FULL_KEY):
        outside += _encrypted(document, origin)
    settings, problems = examined(Layers(values, document, origin, read_bases(values, ROOT)), outside, stack)
    if problems:
        raise ConfigError(problems)
    return settings


def load_or_stop() -> StackConfig:
    """Return the settings, or end the program: the engine prints every problem, no traceback, and its status is not 0.

    Raises:
        pulumi.RunError: The settings cannot be used.
    """
    try:
        return load()
    except ConfigError as error:
        count = len(error.problems)
        raise pulumi.RunError(f"{count} problem{'s' if count > 1 else ''} in the stack file\n{error}") from None


def stop_beside_primary(settings: StackConfig, primary: str, deployed: str) -> None:
    """End the program where the stack contradicts the settings that its primary was deployed with.

    Another version of this program may have deployed the primary, with other keys and defaults. What differs may then
    be of the version: it is a warning, until the primary has been updated.

    Args:
        settings: The settings of the stack, which follows `primary`.
        primary: Name of the primary's stack.
        deployed: The primary's output `settings`.

    Raises:
        pulumi.RunError: With every contradiction, and the line of each in the stack file.
    """
    theirs, alike = _deployed(deployed)
    problems = judge_pair(settings, theirs)
    if not problems:
        return
    stack = pulumi.get_stack()
    document, values = _document(stack), _values()
    if values is None and document is not None:
        values = value_at(document.values, SETTINGS)
    layers = Layers(values, document, f"configuration of stack {stack}", read_bases(values, ROOT))
    placed = map(layers.placed, problems)
    origin = f"outputs of stack {primary}"
    reported = [replace(one, beside=replace(one.beside, file=origin) if one.beside else None) for one in placed]
    count = f"{len(reported)} problem{'s' if len(reported) > 1 else ''}"
    text = f"{count} of this stack beside its primary as it is deployed\n{ConfigError(reported)}"
    if alike:
        raise pulumi.RunError(text)
    pulumi.log.warn(
        f"another version of this program deployed {primary}: update it first, and this may be gone\n{text}"
    )


def _deployed(text: str) -> tuple[StackConfig, bool]:
    """Return the settings of a deployed stack, as far as they are known, and whether this version wrote them."""
    try:
        settings = StackConfig.model_validate_json(text)
    except ValidationError:
        pass
    else:
        if settings.model_dump(mode="json") == json.loads(text):
            return settings, True
    return salvage(StackConfig, with_new_names(_without_nulls(json.loads(text)))), False


def _without_nulls(values: object) -> object:
    """Return what a stack file would say: it leaves out what is none."""
    if isinstance(values, dict):
        return {key: _without_nulls(value) for key, value in values.items() if value is not None}
    return values


def _document(stack: str) -> Document | None:
    """Return the stack file; None where the engine had its values from elsewhere, as with `--config-file`."""
    try:
        return read_document(stack_file(stack))
    except ConfigError:
        return None


def _values() -> object:
    """Return the settings as the engine has them; None where there are none that can be read."""
    try:
        return pulumi.Config(_NAMESPACE).require_object(_KEY)
    except (pulumi.ConfigMissingError, pulumi.ConfigTypeError):
        return None


def _missing(origin: str) -> Problem:
    files = ", ".join(path.name for path in stack_files().values()) or "no stack file exists"
    fix = "name a stack that has a stack file, or write one"
    problem = refuse((), f"`{_FULL_KEY}` is missing", got=NOTHING, allowed=f"a mapping, as in {files}", fix=fix)
    return replace(problem, file=origin)


def _encrypted(document: Document | None, origin: str) -> list[Problem]:
    """Return the encrypted values that the stack file holds; the engine says only that there are some."""
    if document is not None:
        secrets = list(find_secrets(value_at(document.values, SETTINGS)))
        lines = [document.line((*SETTINGS, *secret.path)) for secret in secrets]
        found = [replace(one, file=document.file, line=line) for one, line in zip(secrets, lines, strict=True)]
        if found:
            return found
    what = "holds an encrypted secret, which the program would get as plain text"
    fix = "remove it; keep the secret in Secrets Manager and name its ARN"
    allowed = "settings without secrets"
    return [Problem(path=(), what=what, got=HIDDEN, allowed=allowed, fix=fix, file=origin)]
