"""Tasks in a DynamoDB table: partition key `tenant`, sort key `id`, TTL `expires`, a stream with both images.

A write says which version it follows. DynamoDB refuses it where another came first.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from services.agents.task import State, Task

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBERS = frozenset({"created", "updated", "version", "attempts"})


def item(task: Task) -> dict[str, Any]:
    """Return a task as an item."""
    write = TypeSerializer()
    said = {**asdict(task), "state": str(task.state), "expires": task.expires}
    return {name: write.serialize(value) for name, value in said.items()}


def task_of(found: Mapping[str, Any]) -> Task:
    """Return the task that an item or an image of a stream is.

    Raises:
        KeyError: An attribute is missing.
        ValueError: Its state is none of a task.
    """
    read = TypeDeserializer()
    said = {one.name: read.deserialize(found[one.name]) for one in fields(Task)}
    numbers = {name: int(said[name]) for name in _NUMBERS}
    return Task(**{**said, **numbers, "state": State(said["state"])})


@dataclass(frozen=True)
class Table:
    """The table.

    Attributes:
        dynamodb: A client of DynamoDB.
        name: Its name.
    """

    dynamodb: Any
    name: str

    def find(self, tenant: str, name: str) -> Task | None:
        """Return a task of a tenant as it is by now.

        Raises:
            botocore.exceptions.ClientError: DynamoDB refused.
        """
        key = {"tenant": {"S": tenant}, "id": {"S": name}}
        found = self.dynamodb.get_item(TableName=self.name, Key=key, ConsistentRead=True).get("Item")
        return task_of(found) if found else None

    def add(self, task: Task) -> bool:
        """Keep a new task; False where its key is taken.

        Raises:
            botocore.exceptions.ClientError: DynamoDB refused.
        """
        return self._put(task, ConditionExpression="attribute_not_exists(id)")

    def change(self, task: Task) -> bool:
        """Keep a task in place of the version before it; False where that is not the newest any more.

        Raises:
            botocore.exceptions.ClientError: DynamoDB refused.
        """
        return self._put(
            task,
            ConditionExpression="#version = :before",
            ExpressionAttributeNames={"#version": "version"},
            ExpressionAttributeValues={":before": {"N": str(task.version - 1)}},
        )

    def _put(self, task: Task, **condition: Any) -> bool:  # noqa: ANN401 - what boto3 takes
        try:
            self.dynamodb.put_item(TableName=self.name, Item=item(task), **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True
