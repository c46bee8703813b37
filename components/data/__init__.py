"""Data services: PostgreSQL, Redis, buckets, tables."""

from components.data.area import build
from components.data.data import Data, DataArgs
from components.data.outputs import (
    AwaitedReader,
    BucketOutputs,
    DataOutputs,
    PostgresOutputs,
    RedisOutputs,
    TableOutputs,
)
from components.data.primary import PrimaryData
from components.data.table_rights import open_tables, use_table

__all__ = [
    "AwaitedReader",
    "BucketOutputs",
    "Data",
    "DataArgs",
    "DataOutputs",
    "PostgresOutputs",
    "PrimaryData",
    "RedisOutputs",
    "TableOutputs",
    "build",
    "open_tables",
    "use_table",
]
