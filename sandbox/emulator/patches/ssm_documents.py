"""Systems Manager: documents of Automation, which the emulator lacks: made, versioned, judged, tagged and deleted.

A runbook is judged by what Automation has against it: its schema, names that are twice, steps that lead nowhere, and
steps after a cancellation that Automation cannot do then. Only the three actions that `ssm_automation` does are taken.
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html and the user guide's
"Properties shared by all actions" (2026-12-01)
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_account_id, get_region
from ministack.services import ssm

from sandbox.emulator.patches import modelled, stores
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap_action
from sandbox.emulator.patches.service import RefusedError, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sandbox.emulator.patches.service import Document

NAME: Final = "ssm"
DOCUMENTS: Final = stores.regional("ssm-documents")
"""Name -> `versions` (text by number), `default`, and what is described."""
CALL: Final = "aws:executeAwsApi"
SLEEP: Final = "aws:sleep"
WAIT: Final = "aws:waitForAwsResourceProperty"
_INPUTS: Final = {
    CALL: ("Service", "Api"),
    SLEEP: ("Duration",),
    WAIT: ("Service", "Api", "PropertySelector", "DesiredValues"),
}
_SCHEMA: Final = "0.3"
_NAMED: Final = re.compile(r"(?!aws|amazon|amzn)[a-zA-Z0-9_.-]{3,128}")
_STEP: Final = re.compile(r"step:(.+)")


def invalid(message: str, code: str = "InvalidDocumentContent") -> RefusedError:
    """Return the refusal of a request that cannot be."""
    return RefusedError(code, message)


def found(name: str) -> Document:
    """Return a document by its name or its ARN.

    Raises:
        RefusedError: There is none.
    """
    one: Document | None = DOCUMENTS.get(name.rpartition("/")[2])
    if one is None:
        raise invalid(f"Document with name {name} does not exist.", "InvalidDocument")
    return one


def runbook(name: str) -> Document:
    """Return what the default version of a document says.

    Raises:
        RefusedError: There is none.
    """
    one = found(name)
    said: Document = json.loads(one["versions"][one["default"]])
    return said


def _faults(said: Document) -> Iterator[str]:
    if said.get("schemaVersion") != _SCHEMA:
        yield f"The schema version of a runbook is {_SCHEMA}."
    steps: list[Document] = said.get("mainSteps") or []
    names = [one.get("name") for one in steps]
    if not steps or len(set(names)) < len(names):
        yield "A runbook has one step or more, each with a name of its own."
    for one in steps:
        yield from _step(one, {each.get("name"): each for each in steps})


def _step(step: Document, steps: Mapping[Any, Document]) -> Iterator[str]:
    name, action = step.get("name"), step.get("action")
    if action not in _INPUTS:
        yield f"The action {action} of step {name} is not valid here."
        return
    for key in _INPUTS[action]:
        if key not in (step.get("inputs") or {}):
            yield f"The input {key} of step {name} is missing."
    for key in ("nextStep", "onFailure", "onCancel"):
        to = step.get(key, "Abort")
        led = _STEP.fullmatch(to)
        target = to if key == "nextStep" and key in step else led[1] if led else None
        if target is not None and target not in steps:
            yield f"Step {name} leads to {target}, which is not there."
        elif key == "onCancel" and target is not None and steps[target].get("action") == SLEEP:
            yield f"Step {name} leads to {target} when it is cancelled, which is an {SLEEP}."


def _judged(body: Document) -> str:
    content = str(body["Content"])
    try:
        said = json.loads(content)
    except json.JSONDecodeError as error:
        raise invalid("The content is not JSON.") from error
    if fault := next(_faults(said), None):
        raise invalid(fault)
    return content


def _create(body: Document) -> Document:
    name = body["Name"]
    if not _NAMED.fullmatch(name):
        raise invalid(f"The name {name} of a document is not valid.", "ValidationException")
    if name in DOCUMENTS:
        raise invalid(f"Document with name {name} already exists.", "DocumentAlreadyExists")
    if body.get("DocumentType") != "Automation":
        raise invalid("Documents of Automation alone are served here.", "ValidationException")
    DOCUMENTS[name] = {
        "versions": {"1": _judged(body)},
        "default": "1",
        "made": time.time(),
        "format": body.get("DocumentFormat", "JSON"),
        "tags": {one["Key"]: one["Value"] for one in body.get("Tags") or []},
    }
    return {"DocumentDescription": _described(name)}


def _described(name: str) -> Document:
    one = found(name)
    latest, short = str(len(one["versions"])), name.rpartition("/")[2]
    text = one["versions"][one["default"]]
    return {
        "Name": short,
        "Owner": get_account_id(),
        "CreatedDate": one["made"],
        "Status": "Active",
        "DocumentVersion": one["default"],
        "DefaultVersion": one["default"],
        "LatestVersion": latest,
        "Description": json.loads(text).get("description", ""),
        "DocumentType": "Automation",
        "DocumentFormat": one["format"],
        "SchemaVersion": _SCHEMA,
        "Hash": hashlib.sha256(text.encode()).hexdigest(),
        "HashType": "Sha256",
        "PlatformTypes": [],
        "Tags": [{"Key": key, "Value": value} for key, value in one["tags"].items()],
    }


def _get(body: Document) -> Document:
    one, described = found(body["Name"]), _described(body["Name"])
    kept = ("Name", "CreatedDate", "Status", "DocumentType", "DocumentFormat", "DocumentVersion")
    return {**{key: described[key] for key in kept}, "Content": one["versions"][one["default"]]}


def _update(body: Document) -> Document:
    one, content = found(body["Name"]), _judged(body)
    if content in one["versions"].values():
        raise invalid("The content of the document is a version's already.", "DuplicateDocumentContent")
    one["versions"][str(len(one["versions"]) + 1)] = content
    latest = str(len(one["versions"]))
    return {"DocumentDescription": {**_described(body["Name"]), "DocumentVersion": latest}}


def _default(body: Document) -> Document:
    one, version = found(body["Name"]), str(body["DocumentVersion"])
    if version not in one["versions"]:
        raise invalid(f"The document has no version {version}.", "InvalidDocumentVersion")
    one["default"] = version
    return {"Description": {"Name": body["Name"], "DefaultVersion": version}}


def _delete(body: Document) -> Document:
    found(body["Name"])
    DOCUMENTS.pop(body["Name"].rpartition("/")[2])
    return {}


def _permission(body: Document) -> Document:
    found(body["Name"])
    return {"AccountIds": [], "AccountSharingInfoList": []}


def arn(name: str) -> str:
    """Return the ARN of a document."""
    return f"arn:aws:ssm:{get_region()}:{get_account_id()}:document/{name}"


def _tags(body: Document) -> Document:
    one = found(body["ResourceId"])
    return {"TagList": [{"Key": key, "Value": value} for key, value in one["tags"].items()]}


def _tag(body: Document) -> Document:
    found(body["ResourceId"])["tags"].update({one["Key"]: one["Value"] for one in body["Tags"]})
    return {}


def _untag(body: Document) -> Document:
    for key in body["TagKeys"]:
        found(body["ResourceId"])["tags"].pop(key, None)
    return {}


_ACTIONS: Final[dict[str, Callable[[Document], Document]]] = {
    "CreateDocument": _create,
    "DescribeDocument": lambda body: {"Document": _described(body["Name"])},
    "GetDocument": _get,
    "UpdateDocument": _update,
    "UpdateDocumentDefaultVersion": _default,
    "DeleteDocument": _delete,
    "DescribeDocumentPermission": _permission,
}
_ON_TAGS: Final = {"ListTagsForResource": _tags, "AddTagsToResource": _tag, "RemoveTagsFromResource": _untag}
"""What is asked of documents; of parameters the emulator answers itself."""


def serve(actions: Mapping[str, Callable[[Document], Document]], on_tags: Mapping[str, Any] | None = None) -> None:
    """Add actions to Systems Manager, each judged by its model before."""

    def around(original: Handler) -> Handler:
        async def handle(method: str, path: str, headers: Mapping[str, str], body: bytes, query: object) -> Response:
            called = headers.get("x-amz-target", "").rpartition(".")[2]
            asked = json.loads(body or b"{}")
            of_document = asked.get("ResourceType") == "Document"
            act = (on_tags or {}).get(called) if of_document else actions.get(called)
            if act is None:
                answer: Response = await original(method, path, headers, body, query)
                return answer
            return _answered(called, act, asked)

        return handle

    import ministack.app  # noqa: PLC0415 - the table of services, which is filled when it is imported

    wrap_action(ministack.app.SERVICE_HANDLERS, NAME, around)


def _answered(called: str, act: Callable[[Document], Document], asked: Document) -> Response:
    try:
        if faults := modelled.faults(NAME, called, asked):
            raise invalid(f"{len(faults)} validation errors detected: {'; '.join(faults)}", "ValidationException")
        response: Response = ssm.json_response(act(asked))
    except RefusedError as error:
        return refusal(error)
    return response


PATCH = Patch("ssm-documents", "Systems Manager has no documents", lambda: serve(_ACTIONS, _ON_TAGS))
