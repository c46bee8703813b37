"""Stack files with sections left out: drawn from prod and dr by a number, made valid by following refusals."""

from __future__ import annotations

import copy
import random
from functools import cache, reduce
from typing import TYPE_CHECKING, Any, Final

import yaml

from config import ConfigError, load_file, stack_file
from config.data import Data
from config.document import Document
from config.examine import examine
from config.pairs import judge_pair
from config.rules.needs import NEEDS
from config.stack import StackConfig
from tests.config.containersfile import accepted

if TYPE_CHECKING:
    from config import Problem

Path = tuple[str | int, ...]
STACKS: Final = ("prod", "dr")
SHOP: Final = "shop"
"""Prod with containers, which no stack file has yet."""
ALL: Final = (*STACKS, SHOP)
KEPT: Final = ("as_of", "identity", "keys")
"""What every stack has."""
OPTIONAL: Final[tuple[Path, ...]] = (
    *((name,) for name, field in StackConfig.model_fields.items() if not field.is_required()),
    *(("data", name) for name, field in Data.model_fields.items() if not field.is_required()),
)
"""Parts that a stack may leave out."""


@cache
def settings(stack: str) -> dict[str, Any]:
    """Return the settings of a stack, of its file and its bases, as plain values; not to be changed."""
    config = accepted() if stack == SHOP else load_file(stack_file(stack))
    plain: dict[str, Any] = config.model_dump(mode="json", exclude_unset=True)
    return plain


def parts(stack: str) -> list[Path]:
    """Return the optional parts that a stack has; a standby follows by what its section `recovery` says."""
    own = settings(stack)
    has = [path for path in OPTIONAL if there(own, path) == path]
    return [path for path in has if path != ("recovery",) or own["identity"]["role"] == "primary"]


def parted() -> list[tuple[str, Path]]:
    """Return each stack with each of its parts that stands by itself with what it needs, each part once."""
    more = [(SHOP, path) for path in parts(SHOP) if path not in parts("prod")]
    return [*(("prod", path) for path in parts("prod")), *more]


BESIDE: Final[dict[Path, tuple[Path, ...]]] = {
    ("backup",): (("data", "buckets"),),
    ("data",): (("data", "buckets"),),
    ("kubernetes",): (("management",),),
    ("experiments",): (
        *(("containers",), ("data", "redis"), ("edge",), ("functions",), ("messaging",)),
        *(("observability",), ("recovery",), ("streaming",)),
    ),
}
"""Part -> some of those that it needs any of: something to back up, to keep, a network to be deployed from, something
to take away with a promise that it is held to."""


def all_but(stack: str, *own: Path) -> tuple[Path, ...]:
    """Return what a stack leaves out that has some parts of its own, and what the table says that these need."""
    kept, todo = set[Path](), {*own, *(one for part in own for one in BESIDE.get(part, ()))}
    while todo:
        one = todo.pop()
        whole = {one[:length] for length in range(1, len(one) + 1)}
        named, kept = {".".join(map(str, path)) for path in whole}, kept | whole
        todo |= {tuple(row.of[0].split(".")) for row in NEEDS if row.part in named} - kept
    return tuple(one for one in parts(stack) if one not in kept)


def drawn(number: int) -> tuple[str, tuple[Path, ...]]:
    """Return a stack and the parts that it leaves out, by a number that tells all of it."""
    chance = random.Random(number)  # noqa: S311 - no secret
    stack = chance.choice(("prod", "prod", "dr"))
    has = parts(stack)
    return stack, tuple(sorted(chance.sample(has, chance.randint(1, len(has) // 2))))


def without(stack: str, *left_out: Path) -> dict[str, Any]:
    """Return the settings of a stack without some of its parts."""
    values = copy.deepcopy(settings(stack))
    take_out(values, set(left_out))
    return values


def problems_of(stack: str, values: dict[str, Any]) -> tuple[Problem, ...]:
    """Return what is wrong with settings, written as a stack file."""
    text = yaml.dump({"config": {"platform:settings": values}}, Dumper=yaml.CSafeDumper, sort_keys=False)
    document = Document(text, f"Pulumi.{stack}.yaml")
    read: Any = document.values
    try:
        examine(read["config"]["platform:settings"], document, document.file, stack=stack)
    except ConfigError as error:
        return error.problems
    return ()


def followed(stack: str, *left_out: Path) -> StackConfig:
    """Return the settings of a stack without some of its parts, nor what is refused then, until nothing is.

    Raises:
        AssertionError: Something is refused that every stack has, or that leaving out does not mend.
    """
    return _settled(stack, without(stack, *left_out))


def followed_pair(*left_out: Path) -> tuple[StackConfig, StackConfig]:
    """Return dr and prod without some of their parts, nor what is refused of either, by itself or beside the other.

    Raises:
        AssertionError: Something is refused that every stack has, or that leaving out does not mend.
    """
    values = {stack: without(stack, *left_out) for stack in STACKS}
    while True:
        dr, prod = _settled("dr", values["dr"]), _settled("prod", values["prod"])
        if not (found := judge_pair(dr, prod)):
            return dr, prod
        own = {problem.path for problem in found if there(values["dr"], problem.path) == problem.path}
        theirs = {problem.beside.path for problem in found if problem.path not in own and problem.beside}
        assert own | {one for one in theirs if there(values["prod"], one) == one}, found
        take_out(values["dr"], own)
        take_out(values["prod"], theirs)


def _settled(stack: str, values: dict[str, Any]) -> StackConfig:
    """Take out what is refused until nothing is; returns what is left."""
    while problems := problems_of(stack, values):
        refused = {there(values, problem.path) for problem in problems} - {()}
        assert refused, problems
        assert not {path[0] for path in refused} & set(KEPT), problems
        take_out(values, refused)
    return examine(values, None, stack, stack=stack)


def there(values: Any, path: Path) -> Path:  # noqa: ANN401 - plain settings
    """Return a path as far as it is there."""
    for length, step in enumerate(path):
        known = range(len(values)) if isinstance(values, list) else values if isinstance(values, dict) else ()
        if step not in known:
            return path[:length]
        values = values[step]
    return path


def take_out(values: Any, paths: set[Path]) -> None:  # noqa: ANN401 - plain settings
    """Take out what stands at each path, of a list the last entry first."""
    for path in sorted(paths, key=lambda one: [f"{step:>30}" for step in one], reverse=True):
        if there(values, path) == path:
            del reduce(lambda part, step: part[step], path[:-1], values)[path[-1]]
