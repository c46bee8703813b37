"""A domain is registered by an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.domains import register

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_a_domain_is_known_to_the_account_that_registered_it(aws: Aws) -> None:
    domains = aws("route53domains")
    with pytest.raises(ClientError, match="InvalidInput"):
        domains.get_domain_detail(DomainName="phoenix.example")
    register(aws, "phoenix.example")
    assert domains.get_domain_detail(DomainName="phoenix.example")["Nameservers"]
    with pytest.raises(ClientError, match="DuplicateRequest"):
        register(aws, "phoenix.example")
