"""Names that hold the system, the environment, the account or the domain of the stack that a new one is made after."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from config.allowed import choices, names, schema_at
from config.document import SETTINGS
from config.new.layout import Layout, end_of, start_of
from config.new.rewrite import literal
from config.shape import settings_schema

if TYPE_CHECKING:
    from config.new.layout import Node
    from config.problems import Path

_SHORTEST: Final = 3
"""Characters of a system that are left where a name may not be long."""
_ENDS: Final = r"(?=$|[-_/.:])"


@dataclass(frozen=True, kw_only=True)
class Who:
    """What names are made of; a value of `Identity`, and the domain."""

    system: str
    environment: str
    account_id: str
    region: str
    owner: str
    domain: str
    """Empty = the stack has no edge."""


def renamed(text: str, old: Who, new: Who, root: Path = SETTINGS) -> str:
    """Return a stack file whose names are those of another stack; no line moves.

    Names that the owner of a stack chose begin with its system: `shop-app`, `shop_admin`, `Shop/Orders`. Keys
    and words of the schema stay, whatever they are.

    Args:
        text: The stack file, or a base.
        old: Whose names stand in it.
        new: Whose names shall.
        root: Path of the settings from the root of the file; empty in a base.
    """
    layout = Layout(text)
    for path, node in layout.scalars():
        inside = path[len(root) :]
        if path[: len(root)] != root or inside[:1] == ("identity",) or not inside:
            continue
        is_key = node.value == inside[-1] and _stands_before_colon(layout, node)
        if is_key and inside[-1] in names(settings_schema(), inside[:-1]):
            continue
        found = _renamed(str(node.value), inside, old, new, is_key=is_key)
        if found != node.value:
            written = json.dumps(found, ensure_ascii=False) if node.style else literal(found)
            layout.replace(start_of(node), end_of(node), written)
    return layout.edited()


def in_words(comment: str, old: Who, new: Who) -> str:
    """Return a comment with the new stack's names in it."""
    for was, now in ((old.domain, new.domain), (old.system, new.system)):
        if was:
            comment = re.sub(rf"(?<![\w-]){re.escape(was)}(?!\w)", now, comment)
    return comment


def _stands_before_colon(layout: Layout, node: Node) -> bool:
    line, column = end_of(node)
    return layout.lines[line][column:].lstrip().startswith(":")


def _renamed(value: str, path: Path, old: Who, new: Who, *, is_key: bool) -> str:
    schema = schema_at(settings_schema(), path)
    if not is_key and choices(schema):
        return value
    if value == old.owner:
        return new.owner
    value = _of_account(value, old, new)
    if old.domain and re.search(rf"(^|[.@]){re.escape(old.domain)}$", value):
        return value.removesuffix(old.domain) + new.domain
    pattern = "" if is_key else schema.get("pattern", "")
    snake = new.system.replace("-", "_")
    shorter = (snake[:length].rstrip("_") for length in range(len(snake), _SHORTEST - 1, -1))
    found = [_of_system(value, old, new, system) for system in (new.system, *shorter)]
    return next((name for name in found if re.search(pattern, name)), found[0])


def _of_account(value: str, old: Who, new: Who) -> str:
    """Return an ARN, or the name of an image in the account's registry, with the new account and region."""
    for between in (f":{{region}}:{old.account_id}:", f"{old.account_id}.dkr.ecr.{{region}}."):
        was = between.format(region=old.region)
        value = value.replace(was, between.format(region=new.region).replace(old.account_id, new.account_id))
    return value.replace(f"::{old.account_id}:", f"::{new.account_id}:")


def _of_system(value: str, old: Who, new: Who, system: str) -> str:
    """Return a name that begins with the system, with the new one; an environment in it follows."""
    title = "".join(map(str.capitalize, old.system.split("-")))
    for was, now in ((old.system, system), (title, "".join(map(str.capitalize, new.system.split("-"))))):
        begin = re.match(re.escape(was) + _ENDS, value)
        if begin:
            rest = value[begin.end() :]
            return now + re.sub(rf"(?<=[-_/.]){re.escape(old.environment)}{_ENDS}", new.environment, rest)
    return value
