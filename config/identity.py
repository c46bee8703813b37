"""Who a stack is: system, role, account, region and the values its tags carry."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section
from config.facts.codes import Region
from config.mail import MailAddress

ZoneLetter = Annotated[str, Field(pattern=r"^[a-z]$")]
TagKey = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.:/=+@-]{0,127}$")]
TagValue = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/=+@ -]{1,256}$")]


class Identity(Section):
    """Identity of the stack; every tag and every fixed physical name derives from it."""

    system: Annotated[str, Field(min_length=3, max_length=20, pattern=r"^[a-z](-?[a-z0-9])+$")]
    """System name (lower case, digits, single inner hyphens; 3 to 20 characters). Prefix of fixed physical names."""
    environment: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{1,11}$")]
    """Stage of the system, such as prod, staging, test, qa, uat, dev (2 to 12 lower-case letters and digits): the
    `Environment` tag and a part of fixed physical names, never a branch of the program. The policy pack judges all but
    dev as production."""
    role: Literal["primary", "standby"]
    """Part the stack plays in recovery; the only switch between a primary and its standby."""
    account_id: Annotated[str, Field(pattern=r"^\d{12}$")]
    """AWS account the stack may touch (12 digits, quoted). The provider refuses any other."""
    region: Region
    """AWS region of every regional resource of the stack."""
    owner: MailAddress
    """Mail address of the team that answers for the stack; the `Owner` tag."""
    cost_center: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,30}$")]
    """Cost centre that pays; the `CostCenter` tag."""
    data_class: Literal["public", "internal", "confidential", "restricted"]
    """Highest class of data that the stack holds; the `DataClass` tag."""
    extra_tags: dict[TagKey, TagValue] = Field(default_factory=dict)
    """Further default tags. Keys that the program sets itself, and those that begin with `aws:`, are refused."""
