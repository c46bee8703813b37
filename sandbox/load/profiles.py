"""Profiles of load: how many users, how soon, for how long."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.stack import StackConfig


@dataclass(frozen=True)
class Profile:
    """One profile.

    Attributes:
        users: Users at once.
        spawn_rate: Users that begin in a second.
        seconds: How long they ask.
        pause_seconds: Shortest pause of a user between two requests; the longest is twice as long.
        agents: Agents that run as processes on this machine, at most.
    """

    users: int
    spawn_rate: float
    seconds: int
    pause_seconds: float
    agents: int

    @property
    def most_per_second(self) -> float:
        """Requests a second that the users make at most, where answers take no time."""
        return self.users / self.pause_seconds

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {**asdict(self), "most_per_second": round(self.most_per_second, 2)}


PROFILES: Final[Mapping[str, Profile]] = {
    "small": Profile(users=6, spawn_rate=2, seconds=60, pause_seconds=1.0, agents=2),
    "steady": Profile(users=12, spawn_rate=2, seconds=300, pause_seconds=1.0, agents=4),
    "burst": Profile(users=40, spawn_rate=40, seconds=60, pause_seconds=1.0, agents=12),
}
"""Name -> profile. `small` is for two cores, and for every day."""
DEFAULT: Final = "small"


def refusal(profile: Profile, settings: StackConfig) -> str | None:
    """Return why a profile says nothing of a stack: its API would refuse some of the requests; None = it does."""
    throttling = settings.api.throttling if settings.api else None
    if throttling is None or profile.most_per_second <= throttling.rate:
        return None
    return (
        f"{profile.users} users ask {profile.most_per_second:g} times a second at most, "
        f"and api.throttling.rate is {throttling.rate:g}"
    )
