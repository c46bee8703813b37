"""Registers a domain as a person would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

CONTACT: Final = {"FirstName": "Ada", "LastName": "Phoenix", "Email": "platform@phoenix.example"}


def register(aws: Aws, domain: str) -> None:
    """Register a domain for the caller's account for a year."""
    contacts = dict.fromkeys(("AdminContact", "RegistrantContact", "TechContact"), CONTACT)
    aws("route53domains").register_domain(DomainName=domain, DurationInYears=1, **contacts)
