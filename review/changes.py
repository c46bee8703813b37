"""What a preview replaces and deletes, and what data would be lost by it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from policy import tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from review.graph import Change, Graph, Resource

HOLD_DATA: Final = frozenset(
    {
        *tokens.DATABASES,
        *tokens.AURORA_CLUSTERS,
        *tokens.REDIS_GROUPS,
        *tokens.CACHE_CLUSTERS,
        *tokens.TABLES,
        *tokens.STREAMS,
        *tokens.FILE_SYSTEMS,
        *tokens.BUCKETS,
        *tokens.VOLUMES,
        *tokens.IMAGE_REPOSITORIES,
        *tokens.KEYS,
        *tokens.SECRETS,
        *tokens.LOG_GROUPS,
        *tokens.VAULTS,
        *tokens.QUEUES,
        *tokens.TRAILS,
        "aws:athena/workgroup:Workgroup",
        "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault",
        "aws:cognito/userPool:UserPool",
        "aws:docdb/cluster:Cluster",
        "aws:docdb/elasticCluster:ElasticCluster",
        "aws:dsql/cluster:Cluster",
        "aws:ebs/snapshot:Snapshot",
        "aws:ec2/ami:Ami",
        "aws:ecrpublic/repository:Repository",
        "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
        "aws:elasticache/serverlessCache:ServerlessCache",
        "aws:elasticsearch/domain:Domain",
        "aws:fsx/lustreFileSystem:LustreFileSystem",
        "aws:fsx/ontapFileSystem:OntapFileSystem",
        "aws:fsx/ontapVolume:OntapVolume",
        "aws:fsx/openZfsFileSystem:OpenZfsFileSystem",
        "aws:fsx/openZfsVolume:OpenZfsVolume",
        "aws:fsx/windowsFileSystem:WindowsFileSystem",
        "aws:glacier/vault:Vault",
        "aws:keyspaces/table:Table",
        "aws:kinesis/stream:Stream",
        "aws:kms/externalKey:ExternalKey",
        "aws:kms/replicaExternalKey:ReplicaExternalKey",
        "aws:kms/replicaKey:ReplicaKey",
        "aws:lightsail/bucket:Bucket",
        "aws:lightsail/database:Database",
        "aws:lightsail/disk:Disk",
        "aws:memorydb/cluster:Cluster",
        "aws:memorydb/multiRegionCluster:MultiRegionCluster",
        "aws:mq/broker:Broker",
        "aws:msk/serverlessCluster:ServerlessCluster",
        "aws:neptune/cluster:Cluster",
        "aws:neptunegraph/graph:Graph",
        "aws:opensearch/domain:Domain",
        "aws:opensearch/serverlessCollection:ServerlessCollection",
        "aws:qldb/ledger:Ledger",
        "aws:rds/globalCluster:GlobalCluster",
        "aws:rds/snapshot:Snapshot",
        "aws:redshift/cluster:Cluster",
        "aws:redshiftserverless/namespace:Namespace",
        "aws:route53/zone:Zone",
        "aws:s3/directoryBucket:DirectoryBucket",
        "aws:s3tables/table:Table",
        "aws:s3tables/tableBucket:TableBucket",
        "aws:ssm/parameter:Parameter",
        "aws:timestreaminfluxdb/dbInstance:DbInstance",
        "aws:timestreamwrite/table:Table",
        "eks:index:Cluster",
        "aws:eks/cluster:Cluster",
        "kubernetes:apps/v1:StatefulSet",
        "kubernetes:core/v1:Namespace",
        "kubernetes:core/v1:PersistentVolume",
        "kubernetes:core/v1:PersistentVolumeClaim",
    }
)
"""Types whose deletion loses what nobody can make again from code: records, objects, images, keys, logs, users; and
clusters and namespaces, whose volumes go with them. A replica counts: the recovery rests on it."""

ORDER: Final = ("replace", "delete", "create", "update", "import", "read", "refresh")
"""Operations, in the order in which a reviewer wants to hear of them."""

FIX: Final = "keep it as it is, or move what it holds first and name it by --accept-loss"


@dataclass(frozen=True)
class Loss:
    """Something that holds data and does not survive the change.

    Attributes:
        change: What would be done to it.
        accepted: True where the reviewer named it as one that may go.
    """

    change: Change
    accepted: bool

    def line(self) -> str:
        """One line: what would be done, why, and what stands in its way."""
        mark = " (accepted)" if self.accepted else ""
        return f"{_line(self.change)}: {_fate(self.change.before)}{mark}"


@dataclass(frozen=True)
class Changes:
    """What a preview would do, as a reviewer reads it.

    Attributes:
        counts: Operation -> number of resources, unchanged ones left out.
        replaced: What is made anew, in registration order.
        deleted: What goes.
        losses: Those of both that hold data.
        unused: Names of accepted losses that the preview does not have.
    """

    counts: Mapping[str, int]
    replaced: tuple[Change, ...]
    deleted: tuple[Change, ...]
    losses: tuple[Loss, ...]
    unused: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """True where no data would be lost but what was accepted, and every accepted name exists."""
        return all(loss.accepted for loss in self.losses) and not self.unused


def changes_of(graph: Graph, accepted: Collection[str] = ()) -> Changes:
    """Sort out what a preview would do.

    Args:
        graph: The preview.
        accepted: Logical names or URNs of what may be lost.
    """
    made = [change for change in graph.changes.values() if change.operation != "same"]
    counted = Counter(change.operation for change in made)
    replaced = tuple(change for change in made if change.operation == "replace")
    deleted = tuple(change for change in made if change.operation == "delete")
    lost = [change for change in (*replaced, *deleted) if holds_data(change.before)]
    names = {name for change in lost for name in (change.before.urn, change.before.name)}
    return Changes(
        counts={operation: counted[operation] for operation in sorted(counted, key=_rank)},
        replaced=replaced,
        deleted=deleted,
        losses=tuple(Loss(one, not {one.before.urn, one.before.name}.isdisjoint(accepted)) for one in lost),
        unused=tuple(name for name in accepted if name not in names),
    )


def holds_data(resource: Resource) -> bool:
    """Whether deleting it loses data: by its type, or because its program protects or retains it."""
    return resource.type in HOLD_DATA or resource.protect or resource.retain_on_delete


def as_text(changes: Changes) -> Iterator[Text]:
    """Losses first, then what else is replaced and deleted, then the counts."""
    for loss in changes.losses:
        style = "" if loss.accepted else "bold red"
        yield Text(f"DATA {loss.line()}", style=style)
        if not loss.accepted:
            yield Text(f"  do: {FIX} {loss.change.before.name}")
    lost = {id(loss.change) for loss in changes.losses}
    for change in (*changes.replaced, *changes.deleted):
        if id(change) not in lost:
            yield Text(_line(change))
    for name in changes.unused:
        yield Text(f"--accept-loss {name}: the preview neither replaces nor deletes it; take it away", style="bold red")
    yield Text(summary(changes), style="" if changes.passed else "bold red")


def summary(changes: Changes) -> str:
    """One line: how many of each, and how many that hold data."""
    counts = ", ".join(f"{number} to {operation}" for operation, number in changes.counts.items())
    lost = sum(not loss.accepted for loss in changes.losses)
    data = f"; {lost} of them HOLD DATA that would be lost" if lost else ""
    return f"changes: {counts or 'none'}{data}"


def as_json(changes: Changes) -> dict[str, Any]:
    """The same, for programs."""
    return {
        "passed": changes.passed,
        "counts": dict(changes.counts),
        "replaced": list(_documents(changes.replaced)),
        "deleted": list(_documents(changes.deleted)),
        "losses": [_document(loss.change) | {"accepted": loss.accepted} for loss in changes.losses],
        "unused": list(changes.unused),
    }


def _documents(changes: Iterable[Change]) -> Iterator[dict[str, Any]]:
    return (_document(change) for change in changes)


def _document(change: Change) -> dict[str, Any]:
    before = change.before
    return {
        "urn": before.urn,
        "type": before.type,
        "name": before.name,
        "operation": change.operation,
        "because": list(change.because),
        "holds_data": holds_data(before),
        "protected": before.protect,
        "retained": before.retain_on_delete,
    }


def _line(change: Change) -> str:
    because = f", because of {', '.join(change.because)}" if change.because else ""
    return f"{change.operation} {change.before.type.rpartition(':')[2]} {change.before.name}{because}"


def _fate(resource: Resource) -> str:
    if resource.protect:
        return "it is protected, so the update fails there"
    if resource.retain_on_delete:
        return "it stays in AWS, and the stack forgets it with what it holds"
    return "what it holds is lost"


def _rank(operation: str) -> tuple[int, str]:
    return (ORDER.index(operation) if operation in ORDER else len(ORDER), operation)
