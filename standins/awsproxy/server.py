"""The `ResourceProvider` service the engine talks to: every call translated, passed to the bridge, translated back.

Calls run concurrently on one event loop; the waiting is done by the provider behind the bridge. Errors of the bridge
are passed on with code, text and details.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from standins.awsproxy import (
    assets,
    config,
    diffs,
    endpoint,
    held,
    names,
    overrides,
    records,
    sdk,
    shapes,
    tokens,
    values,
)

if TYPE_CHECKING:
    from standins.awsproxy.backend import Backend
    from standins.awsproxy.resource import Resource
    from standins.awsproxy.values import Message, Properties

INPUT_ERRORS = (names.NamingError, shapes.ShapeError, assets.AssetError)
NEWER = "not known to the Terraform AWS provider at hand; left out of its calls"


class Plugin(provider_pb2_grpc.ResourceProviderServicer):
    """One configured provider.

    Args:
        backend: Bridge, shapes and journal behind it.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._config: Properties = {}
        self._held = held.load()

    async def Handshake(self, request: Message, context: Message) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        """Say what we take: secrets and the project's naming scheme, no whole resources as inputs."""
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=False, accept_outputs=False, supports_autonaming_configuration=True
        )

    async def GetPluginInfo(self, request: Message, context: Message) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        """Name the version of the SDK we stand in for."""
        return plugin_pb2.PluginInfo(version=sdk.version())

    async def CheckConfig(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Refuse what leads elsewhere, then let the bridge check the rest."""
        news = values.from_struct(request.news)
        decoded = config.decode(news)
        failures = endpoint.check_config(values.plain(decoded))
        if not failures:
            table = await self._backend.table(context)
            checked = provider_pb2.CheckRequest(
                urn=request.urn, news=values.to_struct(config.for_bridge(decoded, table))
            )
            response = await self._backend.call(context, "CheckConfig", checked)
            failures = {failure.property: failure.reason for failure in response.failures}
        return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(failures))

    async def DiffConfig(self, request: Message, context: Message) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        """Compare settings; none of them replaces the provider."""
        olds = config.decode(values.from_struct(request.old_inputs))
        news = config.decode(values.from_struct(request.news))
        changed = sorted(key for key in {*olds, *news} if values.plain(olds.get(key)) != values.plain(news.get(key)))
        changes = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=changes, diffs=changed)

    async def Configure(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Configure the bridge; remember region and tags, which we merge ourselves."""
        self._config = config.decode(values.from_struct(request.args))
        failures = endpoint.check_config(values.plain(self._config))
        if failures:
            details = "; ".join(f"{name}: {reason}" for name, reason in failures.items())
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, details)
        table = await self._backend.table(context)
        theirs = config.for_bridge(self._config, table)
        variables = {f"aws:config:{name}": str(value) for name, value in values.plain(theirs).items()}
        await self._backend.configure(
            context,
            provider_pb2.ConfigureRequest(
                args=values.to_struct(theirs), variables=variables, acceptSecrets=True, acceptResources=False
            ),
        )
        for name in config.unknown_to_provider(self._config, table):
            await self._drop(request.urn, "pulumi:providers:aws", name)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True,
            supportsPreview=True,
            acceptResources=False,
            acceptOutputs=False,
            supports_autonaming_configuration=True,
        )

    async def Check(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Complete and check inputs."""
        resource = await self._resource(request.urn, context)
        news, olds = values.from_struct(request.news), values.from_struct(request.olds)
        naming = names.Naming.of(request.name or tokens.urn_name(request.urn), request)
        try:
            prepared = resource.prepare(news, olds, naming, self._config)
        except INPUT_ERRORS as error:
            return provider_pb2.CheckResponse(inputs=request.news, failures=_failures({"": str(error)}))
        if prepared.failures:
            return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(prepared.failures))
        for path in prepared.dropped:
            await self._drop(request.urn, resource.token, ".".join(map(str, path)))
        response = await self._backend.call(
            context,
            "Check",
            provider_pb2.CheckRequest(
                urn=self._urn(request.urn),
                olds=values.to_struct(resource.to_bridge(olds).properties),
                news=values.to_struct(prepared.theirs),
                randomSeed=request.randomSeed,
            ),
        )
        inputs = resource.checked(prepared, values.from_struct(response.inputs))
        failures = [
            provider_pb2.CheckFailure(
                property=resource.shaper.sdk_name(failure.property, "inputs"), reason=failure.reason
            )
            for failure in response.failures
        ]
        return provider_pb2.CheckResponse(inputs=values.to_struct(inputs), failures=failures)

    async def Diff(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Ask the provider what changes; add what only we know (properties it never sees)."""
        resource = await self._resource(request.urn, context)
        news = values.from_struct(request.news)
        translated = resource.to_bridge(news)
        response = await self._backend.diff(
            context,
            resource.token,
            provider_pb2.DiffRequest(
                id=request.id,
                urn=self._urn(request.urn),
                olds=values.to_struct(resource.old_state(values.from_struct(request.olds), request.id)),
                news=values.to_struct(translated.properties),
                old_inputs=values.to_struct(resource.to_bridge(values.from_struct(request.old_inputs)).properties),
                ignoreChanges=diffs.ignored(resource.shaper, request.ignoreChanges),
            ),
        )
        old_inputs = values.from_struct(request.old_inputs)
        return diffs.for_engine(resource, response, old_inputs, news, request.ignoreChanges)

    async def Create(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Create, or plan in a preview; a held type is planned and recorded."""
        resource = await self._resource(request.urn, context)
        inputs = values.from_struct(request.properties)
        kept_back = None if request.preview else self._held.get(resource.token)
        response = await self._backend.call(
            context,
            "Create",
            provider_pb2.CreateRequest(
                urn=self._urn(request.urn),
                properties=values.to_struct(resource.to_bridge(inputs, fresh=True).properties),
                timeout=request.timeout,
                preview=request.preview or kept_back is not None,
            ),
        )
        identity = response.id if kept_back is None else held.make_id(request.urn)
        state = resource.state(values.from_struct(response.properties), inputs, identity)
        if kept_back is not None:
            state = held.state(state, inputs, kept_back.reason)
            self._hold(request.urn, "create", identity, kept_back)
        return provider_pb2.CreateResponse(id=identity, properties=values.to_struct(state))

    async def Read(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Read the real thing; a held resource is what was recorded."""
        resource = await self._resource(request.urn, context)
        old, inputs = values.from_struct(request.properties), values.from_struct(request.inputs)
        if held.is_held(old):
            return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)
        response = await self._backend.call(
            context,
            "Read",
            provider_pb2.ReadRequest(
                id=request.id,
                urn=self._urn(request.urn),
                properties=values.to_struct(resource.old_state(old, request.id) if old else {}),
                inputs=values.to_struct(resource.to_bridge(inputs).properties),
            ),
        )
        if not response.id:
            return provider_pb2.ReadResponse()
        state = resource.state(values.from_struct(response.properties), inputs, response.id)
        found = resource.shaper.to_sdk(values.from_struct(response.inputs), "inputs")
        found.pop(resource.shaper.id_alias, None)
        return provider_pb2.ReadResponse(
            id=response.id,
            properties=values.to_struct(state),
            inputs=values.to_struct(resource.completed(found, inputs)),
        )

    async def Update(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Update, or plan in a preview. A change the provider cannot see only changes what is recorded."""
        resource = await self._resource(request.urn, context)
        olds, news = values.from_struct(request.olds), values.from_struct(request.news)
        old_inputs = values.from_struct(request.old_inputs)
        kept_back = self._held.get(resource.token) if held.is_held(olds) else None
        before, after = resource.to_bridge(old_inputs).properties, resource.to_bridge(news, fresh=True).properties
        if kept_back is None and old_inputs and values.plain(before) == values.plain(after):
            gone = {name for name in old_inputs if name not in news}
            kept = {name: value for name, value in olds.items() if name not in gone}
            return provider_pb2.UpdateResponse(properties=values.to_struct(resource.completed(kept, news)))
        response = await self._backend.call(
            context,
            "Update",
            provider_pb2.UpdateRequest(
                id=request.id,
                urn=self._urn(request.urn),
                olds=values.to_struct(resource.old_state(olds, request.id)),
                news=values.to_struct(after),
                old_inputs=values.to_struct(before),
                timeout=request.timeout,
                preview=request.preview or kept_back is not None,
                ignoreChanges=diffs.ignored(resource.shaper, request.ignoreChanges),
            ),
        )
        state = resource.state(values.from_struct(response.properties), news, request.id)
        if kept_back is not None and not request.preview:
            state = held.state(state, news, kept_back.reason)
            self._hold(request.urn, "update", request.id, kept_back)
        return provider_pb2.UpdateResponse(properties=values.to_struct(state))

    async def Delete(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Delete; a held resource was never there."""
        resource = await self._resource(request.urn, context)
        olds = values.from_struct(request.properties)
        if held.is_held(olds):
            reason = str(olds[held.MARK])
            self._hold(request.urn, "delete", request.id, held.HeldType(resource.token, reason))
            return Empty()
        old_inputs = resource.to_bridge(values.from_struct(request.old_inputs)).properties
        return await self._backend.call(
            context,
            "Delete",
            provider_pb2.DeleteRequest(
                id=request.id,
                urn=self._urn(request.urn),
                properties=values.to_struct(resource.old_state(olds, request.id)),
                old_inputs=values.to_struct(old_inputs),
                timeout=request.timeout,
            ),
        )

    async def Invoke(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Call a data source."""
        shaper, token = await self._backend.function(request.tok, context)
        args = shaper.to_bridge(values.from_struct(request.args))
        for path in args.dropped:
            await self._drop("", request.tok, ".".join(map(str, path)))
        response = await self._backend.call(
            context, "Invoke", provider_pb2.InvokeRequest(tok=token, args=values.to_struct(args.properties))
        )
        result = shaper.to_sdk(values.from_struct(getattr(response, "return")))
        overrides.override(request.tok).copy(result)
        failures = [
            provider_pb2.CheckFailure(property=shaper.sdk_name(failure.property, "inputs"), reason=failure.reason)
            for failure in response.failures
        ]
        return provider_pb2.InvokeResponse(**{"return": values.to_struct(result)}, failures=failures)

    async def Cancel(self, request: Message, context: Message) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        """Pass it on; the engine decides how long it waits before it kills us."""
        await self._backend.cancel()
        return Empty()

    async def _resource(self, urn: str, context: Message) -> Resource:
        resource, theirs = await self._backend.resource(urn, context)
        self._backend.learn(theirs, urn)
        return resource

    def _urn(self, urn: str) -> str:
        return self._backend.bridge_urn(urn)

    async def _drop(self, urn: str, token: str, path: str) -> None:
        if self._backend.journal.dropped(records.Dropped(urn, token, path, NEWER)):
            await self._backend.warn(urn, f"{path} is {NEWER}")

    def _hold(self, urn: str, action: str, identity: str, kind: held.HeldType) -> None:
        stack = urn.split("::", 1)[0].removeprefix("urn:pulumi:")
        self._backend.journal.held(stack, records.HeldOperation(urn, kind.type, action, identity, kind.reason))


def _failures(reasons: dict[str, str]) -> list[Message]:
    return [provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in reasons.items()]
