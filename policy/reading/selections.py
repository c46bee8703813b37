"""What a selection of AWS Backup reaches: by ARNs and beginnings of ARNs, by tags, by conditions, less exclusions.

Of ARNs any is enough, of tags any, of conditions all are asked (AWS Backup API reference, `BackupSelection`, read
2026-11-30).
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from policy.reading.logic import every, some
from policy.tokens import AURORA_CLUSTERS, DATABASES, FILE_SYSTEMS, TABLES, VOLUMES
from policy.values import Mark, UnknownValueError, is_list, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from policy.resources import Resource
    from policy.values import Block

_KINDS: Final = {
    **dict.fromkeys(DATABASES, ("rds", "db:")),
    **dict.fromkeys(AURORA_CLUSTERS, ("rds", "cluster:")),
    **dict.fromkeys(TABLES, ("dynamodb", "table/")),
    **dict.fromkeys(FILE_SYSTEMS, ("elasticfilesystem", "file-system/")),
    **dict.fromkeys(VOLUMES, ("ec2", "volume/")),
}
"""Type -> service of its ARN, and how the part after the account begins."""
_PARTS: Final = 6
"""Parts of an ARN; the third is the service."""
_SERVICE: Final = 3
_TAG: Final = "aws:ResourceTag/"
_OPERATORS: Final[Mapping[str, Callable[[str | None, str], bool]]] = {
    "stringEquals": lambda found, wanted: found == wanted,
    "stringLikes": lambda found, wanted: found is not None and fnmatchcase(found, wanted),
    "stringNotEquals": lambda found, wanted: found != wanted,
    "stringNotLikes": lambda found, wanted: found is None or not fnmatchcase(found, wanted),
}


def reaches(
    selection: Resource, resource: Resource, tags: Callable[[], Mapping[str, object]], made: frozenset[str]
) -> bool:
    """Tell whether a selection assigns a resource to its plan.

    Args:
        selection: the selection.
        resource: a database, a table, a file system or a volume.
        tags: returns the tags of the resource.
        made: URNs of what the stack makes: an ARN that is not known and comes from those is that of one of them.

    Raises:
        UnknownValueError: that hangs on a value that is not known.
    """
    choices: tuple[Callable[[], bool], ...] = (
        lambda: _by_arn(selection, resource, "resources", made),
        lambda: some(selection.blocks("selectionTags"), lambda tag: _has(tag, "stringEquals", tags)),
    )
    return every(
        lambda: not _by_arn(selection, resource, "notResources", made),
        lambda: some(choices, lambda choice: choice()),
        lambda: not some(_conditions(selection), lambda one: not _has(one[1], one[0], tags)),
    )


def _conditions(selection: Resource) -> Iterator[tuple[str, Block]]:
    for block in selection.blocks("conditions"):
        for operator in _OPERATORS:
            yield from ((operator, one) for one in block.blocks(operator))


def _has(asked: Block, operator: str, tags: Callable[[], Mapping[str, object]]) -> bool:
    key, wanted = str(asked.get("key")).removeprefix(_TAG), str(asked.get("value"))
    found = plain(tags().get(key))
    if found is Mark.UNKNOWN:
        raise UnknownValueError(f"tags.{key}")
    return _OPERATORS[operator](None if found is Mark.ABSENT else str(found), wanted)


def _by_arn(selection: Resource, resource: Resource, key: str, made: frozenset[str]) -> bool:
    if selection.names(resource, key):
        return True
    links = (selection.origin.property_dependencies or {}).get(key, ())
    listed = plain(selection.inputs.get(key))
    items = [plain(item) for item in (listed if is_list(listed) else [listed])]
    if links and made.issuperset(links):
        items = [item for item in items if item is not Mark.UNKNOWN]
    return some((item for item in items if item is not Mark.ABSENT), lambda item: _matches(item, resource, key))


def _matches(pattern: object, resource: Resource, key: str) -> bool:
    """Tell whether an ARN, or the beginning of one before `*`, is that of a resource."""
    if not isinstance(pattern, str):
        raise UnknownValueError(key)
    arn = resource.reported("arn")
    if isinstance(arn, str) and arn:
        return fnmatchcase(arn, pattern)
    service, kind = _KINDS[resource.type]
    parts = pattern.removesuffix("*").split(":", _PARTS - 1)
    named, end = (*parts, "", "", "")[2], parts[_PARTS - 1] if len(parts) == _PARTS else ""
    is_open = pattern.endswith("*")
    is_its = (named in (service, "*")) if len(parts) > _SERVICE else is_open and service.startswith(named)
    if not is_its or not (end.startswith(kind) or (is_open and kind.startswith(end))):
        return False
    if is_open and kind.startswith(end):
        return True
    raise UnknownValueError(key)
