"""What nobody but its owner knows of a new stack: asked on a terminal, else given by flags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import TypeAdapter, ValidationError

from config.allowed import allowed, schema_at
from config.base import fields_of
from config.edge import Edge
from config.identity import Identity
from config.problems import NOTHING, ConfigError, Path, refuse
from config.shape import settings_schema, shape_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config.base import Section
    from config.new.draft import Draft
    from config.problems import Problem

STAGES: Final = ("prod", "staging", "test", "qa", "uat", "dev")
"""Environments that the name of a stack gives by its first word."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing that is asked."""

    path: Path
    """The setting."""
    flag: str
    """The flag that answers it."""
    section: type[Section]
    """Section that the setting is a field of; its type judges the answer, its docstring explains it."""
    offered: bool = True
    """Whether the other stack's value is offered on a terminal; a new stack seldom has its account or domain."""
    needed: bool = True
    """Whether a flag must answer it where nobody can be asked; else the other stack's value holds."""

    @property
    def meaning(self) -> str:
        """What is asked, in a sentence."""
        return str(fields_of(self.section)[str(self.path[-1])].description).partition("\n\n")[0].replace("\n", " ")

    def wrong(self, answer: str) -> Problem | None:
        """Return what is wrong with an answer."""
        info = fields_of(self.section)[str(self.path[-1])]
        annotation: Any = Annotated[info.annotation, info]
        try:
            TypeAdapter(annotation).validate_python(answer, strict=True)
        except ValidationError as error:
            found = error.errors(include_url=False)[0]
            return shape_problem({**found, "loc": self.path}, settings_schema())
        return None


QUESTIONS: Final = (
    Question(path=("identity", "system"), flag="--system", section=Identity),
    Question(path=("identity", "environment"), flag="--environment", section=Identity, needed=False),
    Question(path=("identity", "account_id"), flag="--account", section=Identity, offered=False),
    Question(path=("identity", "region"), flag="--region", section=Identity, needed=False),
    Question(path=("identity", "owner"), flag="--owner", section=Identity),
    Question(path=("identity", "cost_center"), flag="--cost-center", section=Identity),
    Question(path=("edge", "domain"), flag="--domain", section=Edge, offered=False),
)
"""Everything that is asked, in its order."""
AS_OF: Final[Path] = ("as_of",)
"""The day of the last check, which a flag may tell; it is not asked."""
FLAGS: Final = {AS_OF: "--as-of"} | {question.path: question.flag for question in QUESTIONS}
"""Path -> flag."""


def asked_of(like: Draft) -> list[Question]:
    """Return the questions that a stack like this one raises: no domain without an edge."""
    return [question for question in QUESTIONS if like.get(*question.path) is not None]


def default(question: Question, like: Draft, stack: str) -> str:
    """Return what holds where nothing is said: the other stack's value, and of the environment what the name tells."""
    word = stack.partition("-")[0]
    own = question.path[-1] == "environment" and word in STAGES
    return word if own else str(like.get(*question.path))


def answered(given: Mapping[Path, str], like: Draft, stack: str, ask: Callable[[str], str] | None) -> dict[Path, str]:
    """Return all answers.

    Args:
        given: Answers by flags.
        like: Settings of the stack that the new one is made after.
        stack: Name of the new stack.
        ask: Puts a question to who sits at the terminal; None = nobody does.

    Raises:
        ConfigError: With all that is wrong with answers, and all that are missing where nobody can be asked.
    """
    questions = asked_of(like)
    problems = [wrong for one in questions if one.path in given and (wrong := one.wrong(given[one.path]))]
    for path in given.keys() - {AS_OF, *(question.path for question in questions)}:
        fix = f"leave {FLAGS[path]} out"
        problems.append(refuse(path, "the other stack has no such section", got=given[path], allowed="none", fix=fix))
    open_ = [question for question in questions if question.path not in given]
    problems += [_missing(question) for question in open_ if question.needed and ask is None]
    if problems:
        raise ConfigError(problems)
    answers = dict(given)
    for question in open_:
        answer = default(question, like, stack) if ask is None else _asked(question, like, stack, ask)
        answers[question.path] = answer
    return answers


def _missing(question: Question) -> Problem:
    schema = settings_schema()
    takes, fix = allowed(schema, schema_at(schema, question.path)), f"give {question.flag}: {question.meaning}"
    return refuse(question.path, "not given, and there is no terminal to ask on", got=NOTHING, allowed=takes, fix=fix)


def _asked(question: Question, like: Draft, stack: str, ask: Callable[[str], str]) -> str:
    """Ask until the answer is of the right form; an empty one takes what is offered."""
    offer = default(question, like, stack) if question.offered else ""
    prompt = f"{question.meaning}\n{question.path[-1]}{f' [{offer}]' if offer else ''}: "
    while True:
        answer = ask(prompt).strip().strip("\"'") or offer
        wrong = question.wrong(answer)
        if wrong is None:
            return answer
        prompt = f"{wrong}\n{question.path[-1]}: "
