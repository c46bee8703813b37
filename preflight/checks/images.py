"""Container images in registries of accounts: the tag that a pod names is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from preflight.finding import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.account import Account
    from preflight.plan import Plan

_ECR: Final = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([^:@]+)(?::([^@]+))?(?:@(.+))?")
_REPOSITORY: Final = "aws:ecr/repository:Repository"
_ABSENT: Final = ("ImageNotFoundException", "RepositoryNotFoundException")


def tags(account: Account, plan: Plan) -> Iterator[Finding]:
    """Pods pull images that exist. Those of a repository that the stack makes can be pushed only after it."""
    ours = {(plan.region(one), str(one.inputs["name"])) for one in plan.of(_REPOSITORY)}
    for image in sorted(set(_images(plan))):
        found = _ECR.fullmatch(image)
        if found is None:
            continue
        registry, region, repository, tag, digest = found.groups()
        wanted = {"imageDigest": digest} if digest else {"imageTag": tag or "latest"}
        answer = account.ask(
            "ecr",
            "DescribeImages",
            region,
            absent=_ABSENT,
            registryId=registry,
            repositoryName=repository,
            imageIds=[wanted],
        )
        if answer is None:
            new = (region, repository) in ours and registry == plan.settings.identity.account_id
            yield Finding(
                level=Level.BY_HAND if new else Level.SPOILS,
                what=f"image {image}",
                found="its repository is made by this stack" if new else "not in the registry",
                needed="the image, since a pod pulls it",
                fix="push it as soon as the repository is there" if new else "push it, or name a tag that is there",
                region=region,
            )


def _images(plan: Plan) -> Iterator[str]:
    for resource in plan.graph.resources:
        if resource.type.startswith("kubernetes:"):
            yield from _in(resource.inputs)


def _in(value: object) -> Iterator[str]:
    """Yield every `image` below a value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "image" and isinstance(inner, str):
                yield inner
            else:
                yield from _in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _in(inner)
