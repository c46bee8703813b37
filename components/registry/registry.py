"""The ECR repositories of a stack, with what holds for the whole registry of the account in the region.

Not here: replication to another region (components/recovery), who may push (the pipeline's role).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import ecr

from components.base import child, named, stateful
from components.registry.outputs import RegistryOutputs
from components.registry.plan import lifecycle_policy, repository_name

if TYPE_CHECKING:
    from components.keys import KeysOutputs
    from config.identity import Identity
    from config.registry import Registry as RegistrySettings


@dataclass(frozen=True, kw_only=True)
class RegistryArgs:
    """What the registry is built from."""

    settings: RegistrySettings
    """The stack file's `registry`."""
    identity: Identity
    """The stack file's `identity`."""
    keys: KeysOutputs
    """`cluster` encrypts images."""


class Registry(pulumi.ComponentResource):
    """Repositories, how long images are kept, how they are scanned."""

    outputs: RegistryOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:registry:Registry", name, None, opts)
        self._name = name
        self._args = args
        self._scanning()
        repositories = {short: self._repository(short) for short in args.settings.repositories}
        self.outputs = RegistryOutputs(
            repository_urls={short: repository.repository_url for short, repository in repositories.items()},
            repository_arns={short: repository.arn for short, repository in repositories.items()},
            repositories=list(repositories.values()),
        )
        self.register_outputs({"repository_urls": dict(self.outputs.repository_urls)})

    def _scanning(self) -> None:
        """Scan every repository of the account in the region, also those that nobody thought of."""
        everything = ecr.RegistryScanningConfigurationRuleRepositoryFilterArgs(filter="*", filter_type="WILDCARD")
        ecr.RegistryScanningConfiguration(
            named(self._name, "scanning"),
            scan_type=self._args.settings.scan,
            rules=[
                ecr.RegistryScanningConfigurationRuleArgs(
                    scan_frequency="SCAN_ON_PUSH" if self._args.settings.scan == "BASIC" else "CONTINUOUS_SCAN",
                    repository_filters=[everything],
                )
            ],
            opts=child(self),
        )

    def _repository(self, short: str) -> ecr.Repository:
        repository = ecr.Repository(
            named(self._name, short),
            name=repository_name(self._args.identity, short),
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
            encryption_configurations=[
                ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=self._args.keys.arn("cluster"))
            ],
            force_delete=False,
            tags={"Purpose": self._args.settings.repositories[short].purpose},
            opts=stateful(self),
        )
        ecr.LifecyclePolicy(
            named(self._name, f"{short}-lifecycle"),
            repository=repository.name,
            policy=lifecycle_policy(self._args.settings.lifecycle),
            opts=child(self),
        )
        return repository
