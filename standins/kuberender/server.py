"""gRPC service of the provider: the engine's calls, in terms of manifests and files."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from standins.kuberender import cluster, difference, files, immutable, manifest, schema, settings, urn, wire

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Message = Any
"""A protobuf message; the generated classes carry no usable types."""


class Renderer(provider_pb2_grpc.ResourceProviderServicer):
    """One configured provider."""

    def __init__(self) -> None:
        self.settings = settings.Settings()
        self.written: dict[Path, str] = {}
        """Files created by this process -> URN; a deletion must not take what a replacement has just written."""

    async def GetPluginInfo(self, request: Message, context: Message) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        """Name the version of the SDK whose types are rendered."""
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi-kubernetes"))

    async def CheckConfig(self, request: Message, context: Message) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        """Accept the official provider's settings, refuse what nobody knows."""
        return provider_pb2.CheckResponse(
            inputs=request.news, failures=failures(settings.check(wire.read(request.news)))
        )

    async def DiffConfig(self, request: Message, context: Message) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        """Replace the provider, and with it every object, where the official one would (see `cluster`)."""
        olds, news = (
            {key: wire.reveal(value) for key, value in wire.read(values).items()}
            for values in (request.old_inputs, request.news)
        )
        changed = dict(difference.changes(olds, news))
        return diff_response(changed, cluster.replaces(olds, news, changed))

    async def Configure(self, request: Message, context: Message) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        """Remember directory and namespace; ask for secrets to stay marked, so that none is rendered."""
        self.settings = settings.of(wire.read(request.args))
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    async def Check(self, request: Message, context: Message) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        """Return the object as it will be rendered, and what is wrong with it."""
        naming = manifest.Naming(
            proposed=request.autonaming.proposed_name,
            allowed=request.autonaming.mode != provider_pb2.CheckRequest.AutonamingOptions.DISABLE,
            seed=request.randomSeed,
        )
        news, olds = wire.read(request.news), wire.read(request.olds)
        checked, found = manifest.check(urn.parse(request.urn), news, olds, self.settings.namespace, naming)
        if not any(manifest.refused_type(urn.parse(request.urn), checked)):
            found.extend(schema.failures(checked))
        return provider_pb2.CheckResponse(inputs=wire.write(checked), failures=failures(found))

    async def Diff(self, request: Message, context: Message) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        """Compare what was asked for with what is asked for; state and inputs are the same here.

        A name that was not made here cannot be given twice, so the old object goes before the new one is made.
        """
        olds, news = wire.read(request.olds), wire.read(request.news)
        changed = dict(difference.changes(olds, news))
        answer = diff_response(changed, immutable.replaces(olds, changed, self.settings))
        answer.deleteBeforeReplace = (
            bool(answer.replaces) and immutable.same_object(olds, news) and not manifest.is_autonamed(news)
        )
        return answer

    async def Create(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Write the object's file; a preview only looks whether another object has the same one."""
        values = wire.read(request.properties)
        if request.preview and wire.unknown_identity(values):
            return provider_pb2.CreateResponse(properties=request.properties)
        try:
            directory = settings.directory(self.settings, urn.parse(request.urn).stack)
            self._claim(directory / files.path_of(values), request.urn)
            if not request.preview:
                files.save(directory, values)
        except (OSError, ValueError) as error:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        return provider_pb2.CreateResponse(id=manifest.identity(values), properties=request.properties)

    async def Update(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Write the object's file anew; a new API version gives it another name. A preview is refused alike."""
        olds, news = wire.read(request.olds), wire.read(request.news)
        refused = list(immutable.refused(olds, dict(difference.changes(olds, news))))
        if refused:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, immutable.explained(olds, refused))
        if not request.preview:
            try:
                directory = settings.directory(self.settings, urn.parse(request.urn).stack)
                files.save(directory, news)
                if files.path_of(olds) != files.path_of(news):
                    files.remove(directory, olds)
            except (OSError, ValueError) as error:
                await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        return provider_pb2.UpdateResponse(properties=request.news)

    async def Delete(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Remove the object's file, unless its replacement has been written there."""
        values = wire.read(request.properties)
        try:
            directory = settings.directory(self.settings, urn.parse(request.urn).stack)
            if directory / files.path_of(values) not in self.written:
                files.remove(directory, values)
        except (OSError, ValueError) as error:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        return Empty()

    async def Read(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Return what the object's file says: an edit shows as drift, a missing file as a missing object."""
        values = wire.read(request.properties)
        if "metadata" not in values:
            why = "looking an object up needs an API server, and there is none: declare the object"
            await context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{request.urn}: {why}")
        try:
            directory = settings.directory(self.settings, urn.parse(request.urn).stack)
            found = files.load(directory, values)
        except (OSError, ValueError) as error:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(id=request.id, properties=wire.write(found), inputs=request.inputs)

    async def Invoke(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Refuse functions: none of them works without a server or Helm."""
        await refuse(context, f"function {request.tok}")

    async def Construct(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Refuse components: charts and YAML groups are not unpacked here."""
        await refuse(context, f"component {request.type}")

    async def GetSchema(self, request: Message, context: Message) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        """Return a schema without types: any manifest is taken as it is."""
        version = metadata.version("pulumi-kubernetes")
        return provider_pb2.GetSchemaResponse(schema=f'{{"name":"kubernetes","version":"{version}"}}')

    async def Cancel(self, request: Message, context: Message) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        """Nothing here takes long enough to be cancelled."""
        return Empty()

    def _claim(self, path: Path, owner: str) -> None:
        """Reserve a file for one resource.

        Raises:
            ValueError: Another resource of this deployment renders to it: they are one object on a server.
        """
        holder = self.written.setdefault(path, owner)
        if holder != owner:
            raise ValueError(f"{path.name} is rendered by {holder} already: two resources declare one object")


async def refuse(context: Message, what: str) -> None:
    """End a call that cannot be served."""
    await context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the rendering kubernetes provider does not serve the {what}")


def failures(found: list[manifest.Failure]) -> list[Message]:
    """Return broken rules as the engine reads them.

    The path stands in the reason: given as a property, the engine would print its value beside it, secret or not.
    """
    return [provider_pb2.CheckFailure(reason=f"{path}: {reason}" if path else reason) for path, reason in found]


def diff_response(changed: Mapping[str, difference.Change], replaced: list[str]) -> Message:
    """Return changes as the engine reads them, path by path."""
    kind = provider_pb2.PropertyDiff.Kind
    detailed = {
        path: provider_pb2.PropertyDiff(kind=kind.Value(change.value + ("_REPLACE" if path in replaced else "")))
        for path, change in changed.items()
    }
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE,
        replaces=replaced,
        diffs=sorted({path.partition(".")[0].partition("[")[0] for path in changed}),
        detailedDiff=detailed,
        hasDetailedDiff=True,
    )


async def serve() -> None:
    """Serve until the process is ended; prints the port, and nothing else, on standard output."""
    server = grpc.aio.server(options=_GRPC_CHANNEL_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Renderer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await server.wait_for_termination()
