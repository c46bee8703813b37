"""The application on Elastic Beanstalk, where the stack file has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.beanstalk.beanstalk import Beanstalk, BeanstalkArgs
from components.edge import EdgeOutputs
from components.network import NetworkOutputs
from components.outputs import needed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build application and environment behind the load balancer of the edge."""
    settings = platform.settings.beanstalk
    if settings is None:
        return
    regional = needed(platform.needed(EdgeOutputs).regional, "load balancer of the edge")
    args = BeanstalkArgs(
        settings=settings,
        identity=platform.identity,
        network=platform.needed(NetworkOutputs),
        balancer_arn=regional.balancer_arn,
    )
    yield Beanstalk("beanstalk", args, platform.options).outputs
