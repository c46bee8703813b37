"""What later areas may know of Elastic Beanstalk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from components.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi


@dataclass(frozen=True, kw_only=True)
class BeanstalkOutputs(Outputs):
    """The application's environment."""

    application: pulumi.Output[str]
    """Application that versions are uploaded to."""
    environment: pulumi.Output[str]
    """Environment that versions are deployed to."""

    def exports(self) -> Mapping[str, pulumi.Input[Any]]:
        """Return what a pipeline deploys to: `aws elasticbeanstalk update-environment --version-label`."""
        return {"beanstalk_application": self.application, "beanstalk_environment": self.environment}
