"""What every controller on the cluster says of itself: image, replicas, resources."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.base import Section

Image = Annotated[
    str,
    Field(
        max_length=400,
        pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(:\d{1,5})?(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)+"
        r"(:v?\d[A-Za-z0-9_.-]{0,126}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$",
    ),
]
"""Image with its registry, by exact tag, digest, or both."""
Cpu = Annotated[str, Field(pattern=r"^[1-9]\d{0,8}m?$")]
Memory = Annotated[str, Field(pattern=r"^[1-9]\d{0,8}(Mi|Gi|Ti)$")]
Replicas = Annotated[int, Field(ge=1, le=20)]
"""Two at least in prod: one may be on its way to another node."""


class Resources(Section):
    """What a container asks for and may use."""

    cpu: Cpu
    """CPU that it is sure of, such as `100m` or `2`."""
    cpu_limit: Cpu
    """CPU that it may use at most."""
    memory: Memory
    """Memory that it is sure of, and gets no more of: a container above it is ended."""
