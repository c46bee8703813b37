"""Data services: PostgreSQL, Redis, buckets."""

from components.data.area import build
from components.data.data import Data, DataArgs
from components.data.outputs import AwaitedReader, BucketOutputs, DataOutputs, PostgresOutputs, RedisOutputs
from components.data.primary import PrimaryData

__all__ = [
    "AwaitedReader",
    "BucketOutputs",
    "Data",
    "DataArgs",
    "DataOutputs",
    "PostgresOutputs",
    "PrimaryData",
    "RedisOutputs",
    "build",
]
