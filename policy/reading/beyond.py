"""Where data goes that no region names: edge locations, any region, chat, the internet, buckets of others.

A region that an input names is found by `policy.reading.destinations`. Accounts of others are found by the rules
`shared-with-own-accounts` and `resource-policy-other-account`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy.values import Mark, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from policy.resources import Resource, Stack

EDGE: Final = "edge"
ELSEWHERE: Final = "elsewhere"
INTERNET: Final = "internet"
OTHER_BUCKET: Final = "a bucket elsewhere"
_BY_TYPE: Final[Mapping[str, tuple[str, str]]] = {
    "aws:cloudfront/distribution:Distribution": (EDGE, "is served from edge locations, worldwide"),
    "aws:cloudfront/distributionTenant:DistributionTenant": (EDGE, "is served from edge locations, worldwide"),
    "aws:cloudfront/multitenantDistribution:MultitenantDistribution": (EDGE, "is served from edge locations"),
    "aws:cloudfront/keyValueStore:KeyValueStore": (EDGE, "is kept at edge locations, worldwide"),
    "aws:cloudfront/realtimeLogConfig:RealtimeLogConfig": (EDGE, "records what edge locations are asked"),
    "aws:globalaccelerator/accelerator:Accelerator": (EDGE, "takes traffic in at edge locations, worldwide"),
    "aws:globalaccelerator/customRoutingAccelerator:CustomRoutingAccelerator": (
        EDGE, "takes traffic in at edge locations, worldwide",
    ),
    "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint": (ELSEWHERE, "leads to buckets of several regions"),
    "aws:rds/globalCluster:GlobalCluster": (ELSEWHERE, "takes clusters of any region in"),
    "aws:docdb/globalCluster:GlobalCluster": (ELSEWHERE, "takes clusters of any region in"),
    "aws:neptune/globalCluster:GlobalCluster": (ELSEWHERE, "takes clusters of any region in"),
    "aws:memorydb/multiRegionCluster:MultiRegionCluster": (ELSEWHERE, "takes clusters of any region in"),
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": (ELSEWHERE, "takes caches of any region in"),
    "aws:networkmanager/globalNetwork:GlobalNetwork": (ELSEWHERE, "joins networks of any region"),
    "aws:directconnect/gateway:Gateway": (ELSEWHERE, "leads to networks of others"),
    "aws:ec2/customerGateway:CustomerGateway": (ELSEWHERE, "leads to a network of others"),
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": ("slack", "sends to Slack"),
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": ("teams", "sends to Microsoft Teams"),
    "aws:cloudwatch/eventApiDestination:EventApiDestination": (INTERNET, "sends events to an endpoint of others"),
    "aws:appflow/flow:Flow": (INTERNET, "moves data between services of others"),
    "aws:transfer/connector:Connector": (INTERNET, "sends files to servers of others"),
    "aws:datasync/locationAzureBlob:LocationAzureBlob": (INTERNET, "is a store of others"),
    "aws:datasync/locationObjectStorage:LocationObjectStorage": (INTERNET, "is a store of others"),
    "aws:route53/queryLog:QueryLog": ("us-east-1", "is written in us-east-1"),
}  # fmt: skip
"""Type -> the place that each resource of it reaches, and what is said of it."""
_BUCKETS: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": ("rules.destination.bucket",),
    "aws:s3/bucketReplicationConfiguration:BucketReplicationConfiguration": ("rules.destination.bucket",),
    "aws:s3/inventory:Inventory": ("destination.bucket.bucketArn",),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (
        "extendedS3Configuration.bucketArn", "extendedS3Configuration.s3BackupConfiguration.bucketArn",
    ),
    "aws:cloudtrail/trail:Trail": ("s3BucketName",),
    "aws:cfg/deliveryChannel:DeliveryChannel": ("s3BucketName",),
    "aws:ec2/flowLog:FlowLog": ("logDestination",),
    "aws:datasync/s3Location:S3Location": ("s3BucketArn",),
    "aws:datasync/locationS3:LocationS3": ("s3BucketArn",),
    "aws:rds/exportTask:ExportTask": ("s3BucketName",),
}  # fmt: skip
"""Type -> inputs that name a bucket, whose ARN says no region."""
_MAY_BE_ELSE: Final = frozenset({"logDestination"})
"""Inputs that name a log group or a stream, too; one that is not known is a resource of the stack that is no bucket."""
_BUCKET_TYPES: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
_ARN: Final = re.compile(r"^arn:[\w-]+:s3:::([^/]+)")
_OTHER_ARN: Final = re.compile(r"^arn:[\w-]+:(?!s3:)")
_ENDPOINTS: Final = frozenset({"http", "https", "sms"})
_DATABASE: Final = re.compile(r"^arn:[\w-]+:rds:([\w-]+):")
_CONNECTIVITY: Final = "brokerNodeGroupInfo.connectivityInfo.vpcConnectivity"
_STREAMS: Final = frozenset({"http_endpoint", "splunk", "snowflake"})


def beyond(resource: Resource, stack: Stack) -> Iterator[tuple[str, str]]:
    """Yield each place that a resource reaches without naming a region, and what it does there."""
    if resource.type in _BY_TYPE:
        yield _BY_TYPE[resource.type]
    if resource.type in _BY_INPUT:
        yield from _BY_INPUT[resource.type](resource)
    for path in _BUCKETS.get(resource.type, ()):
        yield from _buckets(resource, path, stack)


def _key(resource: Resource) -> Iterator[tuple[str, str]]:
    if plain(resource.inputs.get("multiRegion")) not in (None, False, Mark.ABSENT):
        yield ELSEWHERE, "multiRegion: any region may have a replica of it"


def _subscription(resource: Resource) -> Iterator[tuple[str, str]]:
    protocol = plain(resource.inputs.get("protocol"))
    if protocol in _ENDPOINTS or protocol is Mark.UNKNOWN:
        yield INTERNET, "protocol: messages leave AWS"


def _stream(resource: Resource) -> Iterator[tuple[str, str]]:
    if plain(resource.inputs.get("destination")) in (*_STREAMS, Mark.UNKNOWN):
        yield INTERNET, "destination: records leave AWS"


def _endpoint(resource: Resource) -> Iterator[tuple[str, str]]:
    server = plain(resource.inputs.get("serverName"))
    if isinstance(server, str) and not server.endswith(".amazonaws.com"):
        yield INTERNET, "serverName: a database that AWS does not run"


def _replica(resource: Resource) -> Iterator[tuple[str, str]]:
    source = plain(resource.inputs.get("replicateSourceDb"))
    found = _DATABASE.match(source) if isinstance(source, str) else None
    if found and found[1] != resource.region:
        yield found[1], f"replicateSourceDb: the database comes from {found[1]}"


def _cluster(resource: Resource) -> Iterator[tuple[str, str]]:
    for where, value in resource.each(f"{_CONNECTIVITY}.clientAuthentication"):
        if value not in (None, Mark.ABSENT):
            yield ELSEWHERE, f"{where}: networks of others, and replicators of any region, may connect"


_BY_INPUT: Final[Mapping[str, Callable[[Resource], Iterator[tuple[str, str]]]]] = {
    "aws:kms/key:Key": _key,
    "aws:kms/externalKey:ExternalKey": _key,
    "aws:sns/topicSubscription:TopicSubscription": _subscription,
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": _stream,
    "aws:dms/endpoint:Endpoint": _endpoint,
    "aws:msk/cluster:Cluster": _cluster,
    "aws:rds/instance:Instance": _replica,
}


def _behind(urns: tuple[str, ...], stack: Stack) -> list[Resource]:
    """Return the buckets of the stack that an input comes from, by itself or by its policy."""
    parts = [each for each in stack.resources if each.urn in urns and each.type.startswith("aws:s3/")]
    further = {urn for each in parts for urn in (each.origin.property_dependencies or {}).get("bucket", ())}
    return [each for each in stack.of(_BUCKET_TYPES) if each.urn in {*urns, *further}]


def _buckets(resource: Resource, path: str, stack: Stack) -> Iterator[tuple[str, str]]:
    """Yield the region of each bucket that an input names; one that the stack does not show is elsewhere."""
    links = resource.origin.property_dependencies or {}
    behind = _behind(links.get(path.partition(".")[0], ()), stack)
    for where, value in resource.each(path):
        if value in (Mark.ABSENT, None) or (isinstance(value, str) and _OTHER_ARN.match(value)):
            continue
        named = _ARN.match(value) if isinstance(value, str) else None
        name = named[1] if named else value
        found = [each for each in stack.of(_BUCKET_TYPES) if name in each.identities] or behind
        regions = {each.region for each in found}
        if not found and (value is not Mark.UNKNOWN or path not in _MAY_BE_ELSE or not links.get(path)):
            yield OTHER_BUCKET, f"{where}: a bucket of which the stack does not show where it stands"
        for region in sorted(map(str, regions)):
            if region != str(resource.region):
                yield region, f"{where}: a bucket in {region}"
