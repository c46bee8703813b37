"""Mail addresses, as Amazon SNS and AWS Budgets take them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

MailAddress = Annotated[
    str,
    Field(
        max_length=254,
        pattern=r"^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*"
        r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$",
    ),
]
"""An address by words, dots between them, and a domain name (RFC 5321, without quotes and comments)."""
