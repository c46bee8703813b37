"""Guardrails of Bedrock as AWS takes them, reads them back, changes them and deletes them.

ministack takes any document, and ids that AWS has none like; it reads policies back in the words of the request, so
that every refresh shows a change, and forgets the description of a version; a change leaves what it does not name; the
deletion of a version deletes all of them with the guardrail; a guardrail that is named by its ARN is not found.
https://docs.aws.amazon.com/bedrock/latest/APIReference/ (2026-11-30): API_CreateGuardrail.html, API_GetGuardrail.html,
API_UpdateGuardrail.html, API_DeleteGuardrail.html, API_CreateGuardrailVersion.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from ministack.services import bedrock

from config.facts.inference import PROMPT_ATTACK
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap
from sandbox.emulator.patches.modelled import faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Document = dict[str, Any]

_DRAFT: Final = "DRAFT"
_OK: Final = 300
_MOST_CONFIDENT: Final = 0.99
_POLICIES: Final[Mapping[str, Mapping[str, str]]] = {
    "topicPolicy": {"topicsConfig": "topics"},
    "contentPolicy": {"filtersConfig": "filters"},
    "wordPolicy": {"wordsConfig": "words", "managedWordListsConfig": "managedWordLists"},
    "sensitiveInformationPolicy": {"piiEntitiesConfig": "piiEntities", "regexesConfig": "regexes"},
    "contextualGroundingPolicy": {"filtersConfig": "filters"},
}
"""Policy -> what its lists are called in a request, and in an answer."""
_NAMED: Final[Mapping[str, str]] = {"topicsConfig": "name", "regexesConfig": "name", "wordsConfig": "text"}
"""List -> what no two of its entries have alike; of others it is the type."""
_NAME: Final = re.compile(r"[0-9a-zA-Z-_]+")


def flaws(action: str, asked: Document) -> Iterator[str]:
    """Yield what AWS says against a guardrail that is asked for."""
    yield from faults("bedrock", action, {"guardrailIdentifier": "x", **asked})
    if not _NAME.fullmatch(str(asked.get("name", ""))):
        yield "Value at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern"
    for policy, lists in _POLICIES.items():
        config = asked.get(f"{policy}Config") or {}
        for key in lists:
            names = [str(one.get(_NAMED.get(key, "type"))).lower() for one in config.get(key) or []]
            if len(set(names)) < len(names):
                yield f"The guardrail policy {policy} contains duplicate entries"
    for one in (asked.get("contentPolicyConfig") or {}).get("filtersConfig") or []:
        if one.get("type") == PROMPT_ATTACK and one.get("outputStrength") != "NONE":
            yield "Invalid filter strength. PROMPT_ATTACK has outputStrength NONE"
    for one in (asked.get("contextualGroundingPolicyConfig") or {}).get("filtersConfig") or []:
        if float(one.get("threshold") or 0) > _MOST_CONFIDENT:
            yield f"Threshold of {one.get('type')} must be between 0 and {_MOST_CONFIDENT}"


def _refusal(action: str, body: bytes) -> Response | None:
    asked, error = bedrock._parse_body(body)
    if error:
        broken: Response = error
        return broken
    found = list(flaws(action, asked))
    if not found:
        return None
    refused: Response = bedrock._validation("; ".join(found))
    return refused


def _create(original: Handler) -> Handler:
    """Refuse what AWS refuses, and give the guardrail an id of AWS's form."""

    def create(body: bytes) -> Response:
        refused = _refusal("CreateGuardrail", body)
        if refused is not None:
            return refused
        status, headers, said = original(body)
        if status >= _OK:
            return status, headers, said
        old = json.loads(said)["guardrailId"]
        new = old.removeprefix("gr-")
        record = bedrock._guardrails.pop(old)
        tags = bedrock._tags.pop(record["GuardrailArn"], None)
        record["GuardrailId"], record["GuardrailArn"] = new, bedrock._guardrail_arn(new)
        bedrock._guardrails[new] = record
        if tags is not None:
            bedrock._tags[record["GuardrailArn"]] = tags
        return status, headers, said.replace(old.encode(), new.encode())

    return create


def _update(original: Handler) -> Handler:
    """Take a change for the whole of what the guardrail is to be."""

    def update(identifier: str, body: bytes) -> Response:
        refused = _refusal("UpdateGuardrail", body)
        if refused is not None:
            return refused
        asked = json.loads(body or b"{}")
        whole = {**{f"{policy}Config": None for policy in _POLICIES}, "kmsKeyId": None, "description": "", **asked}
        answer: Response = original(identifier, json.dumps(whole).encode())
        return answer

    return update


def _get(original: Handler) -> Handler:
    """Read a guardrail back in the words of an answer."""

    def get(identifier: str, query: Document) -> Response:
        status, headers, said = original(identifier, query)
        if status >= _OK:
            return status, headers, said
        found: Document = json.loads(said)
        for policy, lists in _POLICIES.items():
            config = found.pop(policy, None)
            if config:
                found[policy] = {name: config[key] for key, name in lists.items() if config.get(key)}
        whole = {key: value for key, value in found.items() if value is not None}
        return status, headers, json.dumps(whole).encode()

    return get


def _number(original: Handler) -> Handler:
    """Keep the description of a version with it."""

    def create(identifier: str, body: bytes) -> Response:
        status, headers, said = original(identifier, body)
        if status < _OK:
            made = json.loads(said)
            kept = bedrock._guardrail_versions[f"{made['guardrailId']}/{made['version']}"]
            kept["Description"] = json.loads(body or b"{}").get("description", "")
        return status, headers, said

    return create


def _delete(original: Handler) -> Handler:
    """Delete the version that is named, and no other."""

    def delete(identifier: str, query: Document) -> Response:
        version = (query.get("guardrailVersion") or [None])[0]
        if version in (None, _DRAFT):
            answer: Response = original(identifier, query)
            return answer
        key = f"{identifier.rpartition('/')[2]}/{version}"
        if bedrock._guardrail_versions.pop(key, None) is None:
            missing: Response = bedrock._not_found(f"Guardrail {identifier} version {version} not found.")
            return missing
        gone: Response = bedrock._empty(status=202)
        return gone

    return delete


def _apply() -> None:
    bedrock._GUARDRAIL_RE = re.compile(r"^/guardrails/(.+)$")  # an ARN, too, which has a slash
    wrap(bedrock, "_create_guardrail", _create)
    wrap(bedrock, "_update_guardrail", _update)
    wrap(bedrock, "_get_guardrail", _get)
    wrap(bedrock, "_create_guardrail_version", _number)
    wrap(bedrock, "_delete_guardrail", _delete)


PATCH = Patch(
    name="bedrock-guardrails",
    symptom="A refresh shows every policy of a guardrail as gone, and its version as another one.",
    apply=_apply,
)
