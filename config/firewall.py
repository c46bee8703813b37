"""Rules of one's own in the web ACLs: what a request must be to meet one, and what becomes of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section

HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
OwnRuleName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,60}$")]
Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
PathBeginning = Annotated[str, Field(max_length=200, pattern=r"^/[a-z0-9._~/-]*$")]
"""In lower case: the firewall compares what it has decoded, normalised and made lower case."""


class HeaderMatch(Section):
    """A header that a request has."""

    name: HeaderName
    """Its name; case counts for nothing."""
    contains: Annotated[
        str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x40\x5b-\x7e]+( ?[\x21-\x40\x5b-\x7e])*$")
    ]
    """Text in its value, in lower case: the firewall makes it so before it looks."""


class OwnRule(Section):
    """One rule; a request meets it if it meets every condition that is given, of which there is one at least.

    Not here: lists of addresses, which are another resource, and regular expressions, which are read by nobody.
    """

    reason: Annotated[str, Field(min_length=10, max_length=200)]
    """What it is for, for whoever reads the file."""
    action: Literal["block", "count"] = "block"
    """`block` answers 403; `count` lets it in and counts, as a rule that is new to the application should at first."""
    path_begins: PathBeginning | None = None
    """Beginning of the path."""
    methods: Annotated[tuple[Method, ...], Field(max_length=7)] = ()
    """Methods of which it has one; none = any."""
    header: HeaderMatch | None = None
    """A header that it has."""
    without_header: HeaderName | None = None
    """Name of a header that it has not, or has empty."""
    body_above_bytes: Annotated[int, Field(ge=0, le=8191)] | None = None
    """Bytes that its body is larger than. WAF sees 8,192 of a body at a load balancer, and takes a larger one as one
    that meets this (WAF Developer Guide, "Oversize web request components", 2026-11)."""
    rate_limit: Annotated[int, Field(ge=10, le=2_000_000_000)] | None = None
    """Requests of one address that meet the conditions within `rate_window_seconds`, above which it is blocked; none =
    each request that meets them is."""

    @property
    def conditions(self) -> int:
        """Return how many statements its conditions make."""
        given = (self.path_begins, self.header, self.without_header, self.body_above_bytes)
        return sum(one is not None for one in given) + bool(self.methods)
