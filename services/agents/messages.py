"""What is said over HTTP and over sockets. The descriptions that are served are made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.agents.task import State

if TYPE_CHECKING:
    from services.agents.task import Task

LONGEST_PROMPT: Final = 16_000
"""Characters: four times as many bytes at most, far below the 400 KB of an item."""
KEY: Final = r"^[\x21-\x7e]{1,255}$"
"""What a request may be called."""


class Submission(BaseModel):
    """A task to be done."""

    model_config = ConfigDict(extra="forbid", title="Submission")

    prompt: Annotated[str, Field(min_length=1, max_length=LONGEST_PROMPT, description="What the agent is asked.")]
    client_token: Annotated[
        str | None, Field(pattern=KEY, description="Names the request where `Idempotency-Key` does not.")
    ] = None


class Shown(BaseModel):
    """A task as it is by now."""

    model_config = ConfigDict(title="Task")

    id: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    state: State
    version: Annotated[int, Field(ge=1, description="Grows with every change.")]
    created: Annotated[int, Field(description="Seconds since 1970.")]
    updated: Annotated[int, Field(description="Seconds since 1970.")]
    reason: Annotated[str, Field(description="Why it was refused or has failed; else empty.")] = ""
    artifact: Annotated[str | None, Field(description="Where the artifact can be read for 300 s, once done.")] = None

    @classmethod
    def of(cls, task: Task, artifact: str | None = None) -> Shown:
        """Show a task."""
        return cls(
            id=task.id,
            state=task.state,
            version=task.version,
            created=task.created,
            updated=task.updated,
            reason=task.reason,
            artifact=artifact,
        )


class Wrong(BaseModel):
    """Something that is wrong with a request."""

    where: list[str]
    what: str


class Refusal(BaseModel):
    """Why a request was refused."""

    message: str
    wrong: Annotated[list[Wrong], Field(description="What is wrong with it, where that can be named.")]


class Change(BaseModel):
    """A task's state has changed."""

    model_config = ConfigDict(title="Change")

    type: Literal["task"] = "task"
    id: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    state: State
    version: Annotated[int, Field(ge=1, description="The higher one is newer; changes may come twice.")]
    updated: Annotated[int, Field(description="Seconds since 1970.")]
    reason: Annotated[str, Field(description="Why it was refused or has failed; else empty.")] = ""

    @classmethod
    def of(cls, task: Task) -> Change:
        """Tell of a task."""
        return cls(id=task.id, state=task.state, version=task.version, updated=task.updated, reason=task.reason)


class Ping(BaseModel):
    """Keeps a socket open: API Gateway closes one that is idle for ten minutes."""

    model_config = ConfigDict(title="Ping")

    action: Literal["ping"]


class Pong(BaseModel):
    """The answer."""

    model_config = ConfigDict(title="Pong")

    type: Literal["pong"] = "pong"
