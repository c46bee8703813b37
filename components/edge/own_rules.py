"""Rules of one's own in a web ACL, from the conditions in the stack file. Pure: rules only, no resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.firewall import OwnRule

Json: TypeAlias = Any
"""A part of a rule, in the names of `aws.wafv2.WebAclRuleArgsDict`."""

_AS_SENT: Final[Json] = [{"priority": 0, "type": "NONE"}]
_LOWER: Final[Json] = [{"priority": 0, "type": "LOWERCASE"}]
_PATH: Final[Json] = [
    {"priority": place, "type": kind} for place, kind in enumerate(("URL_DECODE", "NORMALIZE_PATH", "LOWERCASE"))
]
"""What makes one path of the many that an application takes for it."""


def condition(rule: OwnRule) -> Json:
    """Return the statement that a request meets if it meets every condition of a rule."""
    found = list(_conditions(rule))
    return found[0] if len(found) == 1 else {"and_statement": {"statements": found}}


def _conditions(rule: OwnRule) -> Iterator[Json]:
    if rule.path_begins is not None:
        yield _text(rule.path_begins, {"uri_path": {}}, "STARTS_WITH", _PATH)
    if rule.methods:
        yield _one_of([_text(one, {"method": {}}, "EXACTLY", _AS_SENT) for one in rule.methods])
    if rule.header is not None:
        yield _text(rule.header.contains, _header(rule.header.name), "CONTAINS", _LOWER)
    if rule.without_header is not None:
        has = _size(_header(rule.without_header), "GT", 0)
        yield {"not_statement": {"statements": [has]}}
    if rule.body_above_bytes is not None:
        yield _size({"body": {"oversize_handling": "MATCH"}}, "GT", rule.body_above_bytes)


def _one_of(statements: list[Json]) -> Json:
    return statements[0] if len(statements) == 1 else {"or_statement": {"statements": statements}}


def _header(name: str) -> Json:
    return {"single_header": {"name": name.lower()}}


def _text(text: str, where: Json, how: str, transformations: Json) -> Json:
    return {
        "byte_match_statement": {
            "search_string": text,
            "positional_constraint": how,
            "field_to_match": where,
            "text_transformations": transformations,
        }
    }


def _size(where: Json, operator: str, size: int) -> Json:
    return {
        "size_constraint_statement": {
            "comparison_operator": operator,
            "size": size,
            "field_to_match": where,
            "text_transformations": _AS_SENT,
        }
    }
