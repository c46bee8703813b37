"""The bases that a stack file extends: read, and refused where a name means no base (ADR 0035).

A base is a file `bases/<name>.yaml` of the project. It holds settings without `config:` and `platform:settings:` around
them, and extends nothing itself.
"""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from config.document import Document
from config.problems import NOTHING, ConfigError, Problem, refuse
from config.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


EXTENDS: Final = "extends"
"""Key of the settings that lists bases, the weakest first; it is no setting, and the typed settings do not have it."""
FOLDER: Final = "bases"
FORM: Final = rf"{FOLDER}/[a-z0-9]+(-[a-z0-9]+)*\.yaml"
"""Regular expression of a base's name."""
_ALLOWED: Final = f"{FOLDER}/<name>.yaml in the project, the name in lower case, digits and hyphens"


@dataclass(frozen=True, kw_only=True)
class Bases:
    """What a stack file extends."""

    documents: tuple[Document, ...] = ()
    """Each base as text and values, the weakest first."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with the list, without file and line: they stand in the stack file."""
    unreadable: tuple[Problem, ...] = ()
    """What is wrong with a base that cannot be read at all, with its file."""

    @property
    def complete(self) -> bool:
        """Whether every base was read, so that what is missing is missing."""
        return not (self.problems or self.unreadable) and all(isinstance(one.values, dict) for one in self.documents)


NONE: Final = Bases()


def read_bases(settings: object, project: Path) -> Bases:
    """Return the bases that settings extend.

    Args:
        settings: Plain values of a stack file's settings, of whatever type.
        project: Directory that the names are relative to.
    """
    if not isinstance(settings, dict) or EXTENDS not in settings:
        return NONE
    names = settings[EXTENDS]
    if not isinstance(names, list) or not names:
        what = "not a list" if not isinstance(names, list) else "too few entries"
        fix = "write the bases in brackets, or remove the key"
        return Bases(problems=(refuse((EXTENDS,), what, got=names, allowed=f"a list of {_ALLOWED}", fix=fix),))
    problems = tuple(_refused(names, project))
    documents, unreadable = list[Document](), list[Problem]()
    for name in () if problems else names:
        try:
            documents.append(read_document(project / name))
        except ConfigError as error:
            unreadable.extend(replace(one, line=one.line or 1) for one in error.problems)
    return Bases(documents=tuple(documents), problems=problems, unreadable=tuple(unreadable))


def _refused(names: list[object], project: Path) -> Iterator[Problem]:
    """Yield what is wrong with entries of the list."""
    known = [f"{FOLDER}/{path.name}" for path in sorted((project / FOLDER).glob("*.yaml")) if path.is_file()]
    for at, name in enumerate(names):
        where, listed = (EXTENDS, at), ", ".join(known) or _ALLOWED
        if not isinstance(name, str):
            what = "empty" if name is None else "not text"
            yield refuse(where, what, got=name, allowed=listed, fix="write the name of a base, or remove the entry")
        elif not re.fullmatch(FORM, name):
            what, fix = "not the name of a base", _nearest(name, known) or "move the file there, and name it so"
            yield refuse(where, what, got=name, allowed=_ALLOWED, fix=fix)
        elif not (project / name).is_file():
            there = os.path.lexists(project / name)
            what = "neither a file, nor a link to one" if there else "base is missing"
            fix = _nearest(name, known) or "write the base, or remove the entry"
            yield refuse(where, what, got=name, allowed=listed, fix=fix)
        elif not (project / name).resolve().is_relative_to(project.resolve()):
            fix = "copy the file into the project, where its history is kept"
            yield refuse(
                where, "a link that leads out of the project", got=name, allowed="a file of the project", fix=fix
            )
        elif name in names[:at]:
            what = f"stands in the list already, as entry {names.index(name) + 1}"
            yield refuse(where, what, got=name, allowed="each base once", fix="remove one of the two")


def base_problems(document: Document) -> Iterator[Problem]:
    """Yield what makes a file no base, without file and line; its settings are judged with the rest."""
    if document.problems and document.values is None:
        return  # no YAML, which is reported
    if not isinstance(document.values, dict):
        what, got = ("empty file", NOTHING) if document.values is None else ("not a mapping", document.values)
        yield refuse(
            (), what, got=got, allowed="settings, as under platform:settings", fix="write settings, or remove it"
        )
    elif EXTENDS in document.values:
        fix = f"remove it, and name these bases in `{EXTENDS}` of the stack file, before this one"
        got = document.values[EXTENDS]
        yield refuse((EXTENDS,), "a base extends nothing", got=got, allowed="settings", fix=fix)


def _nearest(name: str, known: list[str]) -> str | None:
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean `{close[0]}`?" if close else None
