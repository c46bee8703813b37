"""Roles of people: who may take one after a second factor, for how long, and to do what."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section

OperatorRoleName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")]
Right = Literal["look", "shell", "kubernetes"]
"""look: what stands, its metrics and alarms, in the stack's region, and none of its data; shell: Session Manager on
instances of the stack; kubernetes: find the cluster's API, in which `cluster.access` says what the role may do."""
TrustedArn = Annotated[str, Field(pattern=r"^arn:aws:iam::\d{12}:(root|user/([!-.0-~]+/)*[A-Za-z0-9_+=,.@-]{1,64})$")]
"""An IAM user, or an account, whose own policies then say which of its users."""


class OperatorRole(Section):
    """A role that people take, after a second factor, under their own names."""

    purpose: Annotated[str, Field(min_length=10, max_length=200, pattern=r"^[A-Za-z0-9 _.,:;/=+@()'-]+$")]
    """What it is for; its description in IAM."""
    trusted: Annotated[tuple[TrustedArn, ...], Field(min_length=1, max_length=20)]
    """Who may take it. Roles are not: a session of a role carries no second factor that IAM could ask for, so who comes
    by IAM Identity Center is asked there (IAM user guide, "Secure API access with MFA", 2026-11)."""
    mfa_minutes: Annotated[int, Field(ge=5, le=720)]
    """How long ago the second factor may have been given."""
    session_hours: Annotated[int, Field(ge=1, le=12)]
    """Longest session (IAM: 1 to 12 hours)."""
    rights: Annotated[tuple[Right, ...], Field(min_length=1)]
    """What it may do. Each right is a policy of its own, which a session can be narrowed to (`operators` among the
    outputs has the command)."""


class Operators(Section):
    """Roles of the people who operate the stack."""

    roles: Annotated[dict[OperatorRoleName, OperatorRole], Field(min_length=1, max_length=10)]
    """Roles by name."""
