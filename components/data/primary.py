"""What a standby's data services take of its primary's. A primary has none of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.outputs import Outputs

if TYPE_CHECKING:
    import pulumi


@dataclass(frozen=True, kw_only=True)
class PrimaryData(Outputs):
    """The primary's data services, as a standby follows them.

    `follow` is all that differs between a standby that follows and one that has taken over: what it changes are the
    database instance and the proxy's target, in the standby's own region.
    """

    follow: bool
    """Whether the database follows; False promotes it, and no database can be made to follow again."""
    postgres_arn: pulumi.Output[str] | None = None
    """Database to follow; none = a database of the standby's own."""
    postgres_secret_arn: pulumi.Output[str] | None = None
    """The primary's secret of the master user; the standby uses the replica of it in its own region."""
    redis_global_id: pulumi.Output[str] | None = None
    """Global datastore to join; none = a cache of the standby's own."""
    redis_secret_arn: pulumi.Output[str] | None = None
    """The primary's secret with the token; the standby uses the replica of it in its own region."""
