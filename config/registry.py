"""Container images: the ECR repositories of a stack."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section

RepositoryName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*$", max_length=100)]
"""Last part of a repository's name; `<system>/<environment>/` is put before it."""


class Repository(Section):
    """A repository: tags cannot be moved, images are scanned when pushed, encrypted by the `cluster` key."""

    purpose: Annotated[str, Field(pattern=r"^[A-Za-z0-9 _.:/=+@-]{3,80}$")]
    """What runs from it, in a few words; a tag, so of the characters that ECR takes there."""


class ImageLifecycle(Section):
    """What is kept of a repository's images."""

    keep_images: Annotated[int, Field(ge=1, le=100000)]
    """Newest images that are kept; a version to roll back to must be among them."""
    untagged_days: Annotated[int, Field(ge=1, le=3650)]
    """Days after which an image without a tag, which nobody pulls by name, is deleted."""


class Registry(Section):
    """The account's private registry in the region, which is one for all stacks there (ADR 0018)."""

    scan: Literal["BASIC", "ENHANCED"]
    """BASIC looks at operating-system packages on push; ENHANCED (Amazon Inspector, billed per image) at everything,
    again and again. Holds for the whole account in the region."""
    lifecycle: ImageLifecycle
    """What is kept, in every repository."""
    repositories: Annotated[dict[RepositoryName, Repository], Field(min_length=1)]
    """Repositories by the last part of their name; a standby has those of its primary."""
