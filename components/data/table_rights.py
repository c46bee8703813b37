"""What a principal may do with tables of DynamoDB. Pure: statements only, no resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from components.iam import Statement, through

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.keys import KeysOutputs
    from config.identity import Identity


def use_table(sid: str, reason: str, actions: Sequence[str], arns: Sequence[pulumi.Output[str]]) -> Statement:
    """Return the statement that allows actions on tables, and on their indexes, which have ARNs of their own."""
    resources = [one for arn in arns for one in (arn, pulumi.Output.concat(arn, "/index/*"))]
    return Statement(sid=sid, reason=reason, actions=list(actions), resources=resources)


def open_tables(keys: KeysOutputs, identity: Identity) -> Statement:
    """Return the statement that opens the key of tables, whose own keys DynamoDB decrypts in the caller's name."""
    return Statement(
        sid="OpenTables",
        reason="tables are encrypted by the data key; only by way of DynamoDB",
        actions=["kms:Decrypt"],
        resources=[keys.arn("data")],
        conditions=through("dynamodb", identity.region),
    )
