"""Security Hub with its standards, and Access Analyzer, in one region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import accessanalyzer, securityhub

from components.audit.plan import standard_arn
from components.base import child, named, singleton

if TYPE_CHECKING:
    import pulumi

    from config.audit import Access, Posture
    from config.identity import Identity


def build_posture(parent: pulumi.Resource, name: str, identity: Identity, posture: Posture) -> None:
    """Build Security Hub and subscribe to the standards that the stack file names, and to no others.

    Findings are reported once per control, not once per standard that has it.
    """
    hub = securityhub.Account(
        named(name, "hub"),
        enable_default_standards=False,
        auto_enable_controls=True,
        control_finding_generator="SECURITY_CONTROL",
        opts=child(parent),
    )
    for standard, version in posture.standards.items():
        securityhub.StandardsSubscription(
            named(name, standard),
            standards_arn=standard_arn(identity.region, standard, version),
            opts=child(parent, depends_on=[hub]),  # no reference says that the hub must be there
        )


def build_analyzers(parent: pulumi.Resource, name: str, identity: Identity, access: Access) -> None:
    """Build the analyzers of access from outside and of access that nobody uses."""
    prefix = f"{identity.system}-{identity.environment}"
    if access.external:
        accessanalyzer.Analyzer(
            named(name, "external-access"),
            analyzer_name=f"{prefix}-external",
            type="ACCOUNT",
            opts=singleton(child(parent)),
        )
    if access.unused_days is not None:
        unused = accessanalyzer.AnalyzerConfigurationUnusedAccessArgs(unused_access_age=access.unused_days)
        accessanalyzer.Analyzer(
            named(name, "unused-access"),
            analyzer_name=f"{prefix}-unused",
            type="ACCOUNT_UNUSED_ACCESS",
            configuration=accessanalyzer.AnalyzerConfigurationArgs(unused_access=unused),
            opts=singleton(child(parent)),
        )
