"""How a service of the Query protocol is added: requests are forms and answers XML, both as its own model has them.

https://docs.aws.amazon.com/elasticbeanstalk/latest/api/CommonParameters.html; the shapes are botocore's.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import ministack.app
from ministack.core import router

from sandbox.emulator.patches import modelled
from sandbox.emulator.patches.service import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import ListShape, Shape, StructureShape

    from sandbox.emulator.patches.base import Response
    from sandbox.emulator.patches.service import Action, Document

_XML: Final = {"Content-Type": "text/xml"}


def query_service(name: str, actions: Mapping[str, Action]) -> None:
    """Add a service; a request that its model does not allow is refused before.

    Raises:
        KeyError: The emulator has the service by now, so the patch is to be dropped.
    """

    async def handle(
        _method: str, _path: str, _headers: Mapping[str, str], body: bytes, _query: Mapping[str, list[str]]
    ) -> Response:
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        called = form.get("Action", "")
        try:
            return _answer(name, called, _action(name, actions, called)(_request(name, called, form)))
        except RefusedError as error:
            said = f"<Error><Code>{error.code}</Code><Message>{escape(str(error))}</Message></Error>"
            return error.status, dict(_XML), f"<ErrorResponse>{said}</ErrorResponse>".encode()

    if name in ministack.app.SERVICE_HANDLERS:
        raise KeyError(f"the emulator now has {name}: drop the patch")
    router.SERVICE_PATTERNS[name] = {"credential_scope": name}
    ministack.app.SERVICE_HANDLERS[name] = handle


def _action(name: str, actions: Mapping[str, Action], called: str) -> Action:
    if called not in actions:
        raise RefusedError("InvalidAction", f"{name} has no action {called} here")
    return actions[called]


def _request(name: str, action: str, form: Mapping[str, str]) -> Document:
    shape = modelled.model(name).operation_model(action).input_shape
    document: Document = _read(shape, form, "") if shape is not None else {}
    if found := modelled.faults(name, action, document):
        raise RefusedError("ValidationError", "; ".join(found))
    return document


def _read(shape: Shape, form: Mapping[str, str], at: str) -> Any:  # noqa: ANN401 - as the shape says
    """Return the value at a place of a form; None where there is none."""
    if shape.type_name == "structure":
        parts = {
            key: _read(member, form, f"{at}.{key}" if at else key)
            for key, member in cast("StructureShape", shape).members.items()
        }
        return {key: part for key, part in parts.items() if part is not None} or (None if at else {})
    if shape.type_name == "list":
        member = cast("ListShape", shape).member
        found: list[Any] = []
        while (one := _read(member, form, f"{at}.member.{len(found) + 1}")) is not None:
            found.append(one)
        return found or None
    value = form.get(at)
    if value is None:
        return None
    if shape.type_name == "boolean":
        return value == "true"
    if shape.type_name == "timestamp":
        return dt.datetime.fromisoformat(value).timestamp()
    return int(value) if shape.type_name in {"integer", "long"} else value


def _answer(name: str, action: str, document: Document) -> Response:
    shape = modelled.model(name).operation_model(action).output_shape
    result = f"<{action}Result>{_written(shape, document)}</{action}Result>" if shape is not None else ""
    space = modelled.model(name).metadata["xmlNamespace"]
    return 200, dict(_XML), f'<{action}Response xmlns="{space}">{result}</{action}Response>'.encode()


def _written(shape: Shape, value: Any) -> str:  # noqa: ANN401 - as the shape says
    if shape.type_name == "structure":
        members = cast("StructureShape", shape).members
        return "".join(
            f"<{key}>{_written(members[key], value[key])}</{key}>" for key in members if value.get(key) is not None
        )
    if shape.type_name == "list":
        member = cast("ListShape", shape).member
        return "".join(f"<member>{_written(member, one)}</member>" for one in value)
    if shape.type_name == "timestamp":
        return dt.datetime.fromtimestamp(value, tz=dt.UTC).isoformat()
    return str(value).lower() if shape.type_name == "boolean" else escape(str(value))
