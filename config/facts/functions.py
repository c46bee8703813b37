"""What Lambda takes: runtimes with the ends of their support, sizes, time-outs, names that it keeps for itself.

Sources, read 2026-11-30: AWS Lambda Developer Guide, "Lambda runtimes" (dates beside cfn-lint 1.58.0), "Lambda quotas",
"Using Lambda environment variables", "Configuring reserved concurrency", "Creating and configuring an Amazon SQS event
source mapping"; Lambda API reference, `CreateEventSourceMapping`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from config.facts.inference import ENDPOINT
from config.facts.versions import Support

if TYPE_CHECKING:
    from collections.abc import Mapping

RUNTIMES: Final[Mapping[str, Support]] = {
    "python3.10": Support(date(2026, 6, 30)),
    "python3.11": Support(date(2026, 6, 30)),
    "python3.12": Support(date(2028, 10, 31)),
    "python3.13": Support(date(2029, 6, 30)),
    "python3.14": Support(date(2029, 6, 30)),
}
"""Runtimes of Python, with the day after which AWS mends them no more (`deprecation date`)."""
RUNTIME_DISTRIBUTIONS: Final = frozenset(
    {"boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"}
)
"""What the runtimes of Python bring beside the standard library (Lambda Developer Guide, "Working with .zip file
archives for Python Lambda functions"). botocore alone has 24 MiB, and aws-xray-sdk asks for it."""
ACCOUNT_CONCURRENCY: Final = 1000
"""Concurrent executions of an account in a region, by default (L-B99A9384)."""
UNRESERVED: Final = 100
"""Concurrent executions that Lambda keeps for functions that reserve none."""
VISIBILITY_TIMES: Final = 6
"""Visibility of a queue in time-outs of the function that works on it, to which the batching window is added."""
LARGE_BATCH: Final = 10
"""Messages of a queue above which a batch needs a batching window."""
ENVIRONMENT_BYTES: Final = 4096
"""Most bytes of all environment variables together, names and values."""
PLACE_BYTES: Final = 220
"""Bytes that the value of a variable of the program has at most: an ARN or a URL (assumed)."""
POLLED_SECONDS: Final = 840
"""Longest time-out of a function that works on a topic of Kafka (Lambda Developer Guide, "Using Lambda with Amazon
MSK", 2026-12-01)."""
STREAM_READERS: Final = 2
"""Most functions that read one stream without being throttled (DynamoDB Developer Guide, "DynamoDB Streams and AWS
Lambda triggers")."""
KEPT_VARIABLES: Final = ("AWS_", "LAMBDA_", "_HANDLER", "_X_AMZN_TRACE_ID", "X_AMZN_TRACE_ID")
"""Beginnings of environment variables that Lambda sets, or keeps for itself."""
DATA_ENDPOINTS: Final[Mapping[str, str]] = {
    "secrets": "secretsmanager",
    "queues": "sqs",
    "inference": ENDPOINT,
}
"""What a function in a VPC uses -> interface endpoint by which it gets there without NAT."""
