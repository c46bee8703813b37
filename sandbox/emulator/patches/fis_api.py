"""What the parts of the embedded AWS FIS share: refusals, its model, ids and ARNs, tags, durations.

https://docs.aws.amazon.com/fis/latest/APIReference/ and the user guide's pages of actions and targets (2026-11-30)
"""

from __future__ import annotations

import re
import secrets
import string
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from ministack.core.responses import get_account_id, get_region

from sandbox.emulator.patches import modelled, stores
from sandbox.emulator.patches.service import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.emulator.patches.service import Document

NAME: Final = "fis"
TEMPLATES = stores.regional("fis-templates")
"""Id -> template, as it is described."""
EXPERIMENTS = stores.regional("fis-experiments")
"""Id -> experiment, as it is described; names that begin with `_` are the sandbox's own, and not answered."""
TAGS = stores.regional("fis-tags")
"""ARN -> tags by key."""
LEAST_S: Final = 60
MOST_S: Final = 12 * 3600
_DURATION: Final = re.compile(r"PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
_ALPHABET: Final = string.ascii_letters + string.digits


def invalid(message: str) -> RefusedError:
    """Return the refusal of a request that cannot be."""
    return RefusedError("ValidationException", message)


def missing(what: str, name: str) -> RefusedError:
    """Return the refusal of a request about something that is not there."""
    return RefusedError("ResourceNotFoundException", f"{what} not found: {name}", 404)


def modelled_action(name: str, act: Callable[[Document], Document]) -> Callable[..., Document]:
    """Return a route that asks FIS's own model first; groups of its path are the members that it is given."""
    operation = modelled.model(NAME).operation_model(name)
    placed = {of.serialization.get("name", key): key for key, of in operation.input_shape.members.items()}
    members = [placed[part] for part in re.findall(r"\{(\w+)\}", operation.http["requestUri"])]

    def route(*given: Any) -> Document:  # noqa: ANN401 - groups of the path, then the body
        *groups, body = given
        asked = {**body, **{member: unquote(group) for member, group in zip(members, groups, strict=True)}}
        if found := modelled.faults(NAME, name, asked):
            plural = "s" if len(found) > 1 else ""
            raise invalid(f"{len(found)} validation error{plural} detected: {'; '.join(found)}")
        return act(asked)

    return route


def identifier(prefix: str) -> str:
    """Return a new id, such as `EXT1a2B3c4D5e6F7g8`."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(18))


def arn(kind: str, name: str) -> str:
    """Return the ARN of a template or an experiment."""
    return f"arn:aws:fis:{get_region()}:{get_account_id()}:{kind}/{name}"


def seconds(text: str) -> float:
    """Return the seconds of a duration in ISO 8601.

    Raises:
        RefusedError: It is none, or FIS takes none as short or as long.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        raise invalid(f"The duration {text!r} is not in ISO 8601 format, such as PT5M.")
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    total = hours * 3600 + minutes * 60 + rest
    if not LEAST_S <= total <= MOST_S:
        raise invalid(f"The duration {text!r} is not between one minute and 12 hours.")
    return float(total)


def tag(resource: str, given: Document) -> None:
    """Lay tags over those of a resource."""
    TAGS[resource] = {**TAGS.get(resource, {}), **given}


def tags(resource: str) -> Document:
    """Return the tags of a resource."""
    found: Document = TAGS.get(resource, {})
    return dict(found)


def answered(record: Document) -> Document:
    """Return a record as FIS answers it."""
    return {key: value for key, value in record.items() if not key.startswith("_")}
