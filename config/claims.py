"""What a system claims to carry: requests that users make, how many users at once, and how soon they are answered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section

ClaimName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
RequestPath = Annotated[str, Field(max_length=1024, pattern=r"^/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*$")]


class Claim(Section):
    """A claim about one request, which `make load STACK=... URL=...` holds the system to."""

    method: Literal["GET", "HEAD"] = "GET"
    """Method; what changes nothing may be asked of a system that serves."""
    path: RequestPath
    """Path, with its query; `$` in it is a number, another in each request, so that no cache answers them all."""
    users: Annotated[int, Field(ge=1, le=100_000)]
    """Users at once."""
    pause_seconds: Annotated[float, Field(gt=0, le=600)]
    """Shortest pause of a user between two requests; the longest is twice as long."""
    seconds: Annotated[int, Field(ge=10, le=3600)]
    """How long they ask."""
    p95_milliseconds: Annotated[int, Field(ge=1, le=60_000)]
    """Milliseconds in which 95 of 100 requests are answered."""
    failed_percent: Annotated[float, Field(ge=0, le=100)]
    """Per cent of requests that may fail: no answer, or a status of 400 and above."""
