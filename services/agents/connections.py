"""Who listens: a DynamoDB table, partition key `tenant`, sort key `connection`, TTL `expires`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_S: Final = 2 * 3600
"""Seconds that a connection lasts at most.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
(2026-11)
"""


@dataclass(frozen=True)
class Connections:
    """The table.

    Attributes:
        dynamodb: A client of DynamoDB.
        name: Its name.
    """

    dynamodb: Any
    name: str

    def add(self, tenant: str, connection: str, now: int) -> None:
        """Keep a connection of a tenant.

        Raises:
            botocore.exceptions.ClientError: DynamoDB refused.
        """
        row = {**_key(tenant, connection), "expires": {"N": str(now + LONGEST_S)}}
        self.dynamodb.put_item(TableName=self.name, Item=row)

    def forget(self, tenant: str, connection: str) -> None:
        """Forget a connection, known or not.

        Raises:
            botocore.exceptions.ClientError: DynamoDB refused.
        """
        self.dynamodb.delete_item(TableName=self.name, Key=_key(tenant, connection))

    def of(self, tenant: str) -> Iterator[str]:
        """Each connection of a tenant.

        Raises:
            botocore.exceptions.ClientError: DynamoDB refused.
        """
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.name,
            KeyConditionExpression="tenant = :tenant",
            ExpressionAttributeValues={":tenant": {"S": tenant}},
            ConsistentRead=True,
        )
        for page in pages:
            for row in page["Items"]:
                yield row["connection"]["S"]


def _key(tenant: str, connection: str) -> dict[str, dict[str, str]]:
    return {"tenant": {"S": tenant}, "connection": {"S": connection}}
