"""A new stack file, made after another stack's, or every reason why there can be none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from config.bases import EXTENDS, Bases, read_bases
from config.document import SETTINGS, Document
from config.examine import examined
from config.files import read_file
from config.layers import Layers
from config.new.comments import Comments, header
from config.new.draft import Change, Draft
from config.new.layout import Layout
from config.new.names import Who, renamed
from config.new.neighbours import neighbours, taken
from config.new.own import own_values
from config.new.rewrite import rewritten
from config.new.settle import moved
from config.new.shared import alone, conflicts, in_shared_account, own_buckets
from config.problems import NOTHING, ConfigError, Problem, refuse
from config.reading import project_of
from config.text import decode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path as FilePath

    from config.files import StackFile
    from config.new.draft import Values
    from config.problems import Path

ROLE: Final[Path] = ("identity", "role")


@dataclass(frozen=True, kw_only=True)
class NewStack:
    """A stack file that is not written yet."""

    text: str
    """The file."""
    changes: Sequence[tuple[int, Change]]
    """What was chosen or left out for it, each with its line; 0 = left out."""


def like_file(path: FilePath) -> StackFile:
    """Return the stack file that a new one is to be made after.

    Raises:
        ConfigError: It is not valid, or a standby's, or has aliases.
    """
    file = read_file(path)
    if file.problems:
        raise ConfigError(file.problems)
    if file.settings.identity.role == "standby":
        what = "a standby has names, blocks and sizes of its primary, so none can be made after it"
        fix = "make a primary after its primary; then write its standby beside it (docs/runbooks/new-stack.md)"
        raise ConfigError([_at(file, refuse(ROLE, what, got="standby", allowed="a stack of role primary", fix=fix))])
    if (line := Layout(_text(file)).alias()) is not None:
        what, fix = "an alias stands for this value, so a change would be one in two places", "write the values out"
        problem = refuse((), what, got=NOTHING, allowed="values that stand for themselves", fix=fix)
        raise ConfigError([problem.at(file.layers.stack.origin, line)])
    return file


def _text(file: StackFile) -> str:
    return decode(file.path.read_bytes())[0]


def who_is(values: Values) -> Who:
    """Return what the names of a stack are made of."""
    identity, draft = values["identity"], Draft(values)
    keys = ("system", "environment", "account_id", "region", "owner")
    return Who(**{key: identity[key] for key in keys}, domain=draft.get("edge", "domain") or "")


def new_stack(stack: str, like: StackFile, answers: Mapping[Path, str]) -> NewStack:
    """Return the file of a new stack.

    Args:
        stack: Its name.
        like: The stack that it is made after; `like_file` returns it.
        answers: What nobody but its owner knows, by path.

    Raises:
        ConfigError: With everything that stands against it: by the answer, or by the line of the other stack's file.
    """
    text = _text(like)
    old = settings_of(like)
    was = who_is(old)
    asked = Draft(old)
    for path, answer in answers.items():
        asked.set(path, answer)
    now = who_is(asked.values)
    named = renamed(text, was, now)
    base = _over_renamed_bases(named, like, was, now)
    draft = Draft(base)
    for path, answer in answers.items():
        draft.set(path, answer)
    others = neighbours(like.path.parent)
    alone(draft)
    in_shared_account(draft, others)
    own_buckets(draft, others, stack)
    against = list(conflicts(draft, others))
    draft, problems = moved(draft, now.region, taken(others))
    if against or problems:
        raise ConfigError([_at(like, one, answers) for one in (*against, *problems)])
    followers = [one.stack for one in others if one.get("recovery", "standby", "primary") == like_name(like)]
    comments = Comments((base, draft.values), (was, now), [like_name(like), *followers])
    own = _settings(Document(named, ""))
    bases = _bases(like)
    kept = ({EXTENDS: bases} if bases else {}) | own_values(like.layers.below, own, draft.values)
    made = rewritten(named, (own, kept), draft.changes, comments.holds)
    made = _headed(text, made, stack, like_name(like))
    return NewStack(text=made, changes=_proven(made, draft, stack, like.path.parent))


def like_name(file: StackFile) -> str:
    """Return the name of a stack by its file."""
    return file.path.name.removeprefix("Pulumi.").removesuffix(".yaml")


def settings_of(file: StackFile) -> Values:
    """Return the settings of a valid stack file as plain values."""
    settings = file.layers.settings
    assert isinstance(settings, dict)  # noqa: S101 - a file that is valid has settings
    return settings


def _bases(file: StackFile) -> list[str]:
    """Return the bases that a valid stack file extends; their names stay, whatever else is renamed."""
    values = file.layers.stack.values
    return list(values.get(EXTENDS, ())) if isinstance(values, dict) else []


def _over_renamed_bases(text: str, like: StackFile, was: Who, now: Who) -> Values:
    """Return what a text says over the bases of the other stack, as if they were written for the new one."""
    own = _settings(Document(text, ""))
    files = [project_of(like.path) / name for name in _bases(like)]
    bases = [Document(renamed(decode(file.read_bytes())[0], was, now, ()), "") for file in files]
    settings = Layers(own, None, "", Bases(documents=tuple(bases))).settings
    assert isinstance(settings, dict)  # noqa: S101 - same
    return settings


def _settings(document: Document) -> Values:
    values = document.values
    for step in SETTINGS:
        assert isinstance(values, dict)  # noqa: S101 - a file that is valid has settings
        values = values[step]
    assert isinstance(values, dict)  # noqa: S101 - same
    return values


def _at(like: StackFile, problem: Problem, answers: Mapping[Path, str] | None = None) -> Problem:
    """Place a problem at the answer that it is about, or at the line of the other stack's file."""
    if answers is not None and problem.path in answers:
        return problem
    return like.layers.placed(problem)


def _headed(text: str, made: str, stack: str, like: str) -> str:
    """Return the new file with a first comment of its own, in which editors still find the schema."""
    schema = [line for line in text.split("\n") if line.startswith("# yaml-language-server:")]
    lines = made.split("\n")
    first = next(at for at, line in enumerate(lines) if line and not line.startswith("#"))
    return "\n".join([*schema, *["#"] * len(schema), *header(stack, like), *lines[first:]])


def _proven(text: str, draft: Draft, stack: str, directory: FilePath) -> list[tuple[int, Change]]:
    """Return the changes with their lines in the new file, which holds what the draft does."""
    document = Document(text, f"Pulumi.{stack}.yaml")
    values = _settings(document)
    layers = Layers(values, document, document.file, read_bases(values, project_of(directory / document.file)))
    _, problems = examined(layers, stack=stack)
    if layers.settings != draft.values or problems:
        raise AssertionError(f"the text does not hold the settings: {problems}")
    found = [(document.line((*SETTINGS, *change.path)) or 0, change) for change in draft.changes.values()]
    return sorted(found, key=lambda one: one[0])
