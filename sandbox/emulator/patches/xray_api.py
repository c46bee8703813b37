"""What the parts of the embedded X-Ray share: its actions, which refuse what its model does not allow, and its tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ministack.core.responses import get_account_id, get_region

from config.trace_filter import FilterError
from config.trace_parser import parse
from sandbox.emulator.patches import modelled, stores
from sandbox.emulator.patches.service import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.trace_filter import Node
    from sandbox.emulator.patches.service import Action, Document, Route

NAME: Final = "xray"
_TAGS = stores.regional("xray-tags")
_MOST_TAGS: Final = 50


def refused(message: str) -> RefusedError:
    """Return the refusal of a request that cannot be."""
    return RefusedError("InvalidRequestException", message)


def missing(what: str) -> RefusedError:
    """Return the refusal of a request about something that is not there."""
    return RefusedError("ResourceNotFoundException", what, 404)


def routes(actions: Mapping[str, Action]) -> dict[tuple[str, str], Route]:
    """Return the routes of actions, by their paths in X-Ray's own model, which judges each request before."""

    def route(name: str, action: Action) -> Route:
        def act(body: Document) -> Document:
            if found := modelled.faults(NAME, name, body):
                plural = "s" if len(found) > 1 else ""
                raise refused(f"{len(found)} validation error{plural} detected: {'; '.join(found)}")
            return action(body)

        return act

    paths = {name: modelled.model(NAME).operation_model(name).http["requestUri"] for name in actions}
    return {("POST", paths[name]): route(name, action) for name, action in actions.items()}


def arn(kind: str, name: str) -> str:
    """Return the ARN of a group or a rule."""
    return f"arn:aws:xray:{get_region()}:{get_account_id()}:{kind}/{name}"


def expression(text: str) -> Node:
    """Return what a filter expression says.

    Raises:
        RefusedError: It is none.
    """
    try:
        return parse(text)
    except FilterError as error:
        raise refused(f"Invalid filter expression: {error}") from error


def tag(resource: str, given: list[Document] | None) -> None:
    """Lay tags over those of a resource; the least that any has is none.

    Raises:
        RefusedError: They are too many.
    """
    laid = _TAGS.get(resource, {}) | {one["Key"]: one["Value"] for one in given or []}
    if len(laid) > _MOST_TAGS:
        raise RefusedError("TooManyTagsException", f"{resource} cannot have more than {_MOST_TAGS} tags")
    _TAGS[resource] = laid


def untag(resource: str, keys: list[str] | None = None) -> None:
    """Take tags off a resource; all, and the resource with them, where no keys are named."""
    if keys is None:
        _TAGS.pop(resource, None)
    else:
        _TAGS[resource] = {key: value for key, value in tags(resource).items() if key not in keys}


def tags(resource: str) -> Document:
    """Return the tags of a resource.

    Raises:
        RefusedError: There is no such resource.
    """
    found: Document | None = _TAGS.get(resource)
    if found is None:
        raise missing(f"Resource {resource} does not exist")
    return found
