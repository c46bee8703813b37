"""The provider's service, called as the engine calls it, without the wire."""

from __future__ import annotations

import asyncio
from typing import Any, TypeAlias

from pulumi.runtime.proto import provider_pb2

from standins.kuberender import wire
from standins.kuberender.server import Renderer

Message: TypeAlias = Any
"""A protobuf message; the generated classes carry no usable types."""

Object: TypeAlias = dict[str, Any]

STACK = "urn:pulumi:prod::platform::"
SIGNATURE, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"


class Refused(Exception):  # noqa: N818 what the engine gets is a refusal
    """The call ended with a status other than OK."""


class Context:
    """Stands where gRPC puts the call."""

    async def abort(self, code: object, details: str) -> None:
        raise Refused(f"{code}: {details}")


class Service:
    """One provider process: configured once, then asked about objects."""

    def __init__(self, **configuration: object) -> None:
        self.renderer = Renderer()
        request = provider_pb2.ConfigureRequest(args=wire.write(configuration))
        self.capabilities = self._call("Configure", request)

    def _call(self, method: str, request: Message) -> Message:
        return asyncio.run(getattr(self.renderer, method)(request, Context()))

    def check(
        self, token: str, news: Object, olds: Object | None = None, **options: Message
    ) -> tuple[Object, list[str]]:
        """The checked object and what is wrong with it."""
        request = provider_pb2.CheckRequest(
            urn=urn(token), news=wire.write(news), olds=wire.write(olds or {}), **options
        )
        answer = self._call("Check", request)
        return wire.read(answer.inputs), [f"{failure.property}{failure.reason}" for failure in answer.failures]

    def create(self, values: Object, *, name: str = "web", preview: bool = False) -> str:
        request = provider_pb2.CreateRequest(
            urn=urn(values["kind"], name), properties=wire.write(values), preview=preview
        )
        answer = self._call("Create", request)
        assert wire.read(answer.properties) == values, "the state is what was asked for"
        return str(answer.id)

    def update(self, olds: Object, news: Object, *, preview: bool = False) -> None:
        request = provider_pb2.UpdateRequest(
            urn=urn(news["kind"]), olds=wire.write(olds), news=wire.write(news), preview=preview
        )
        self._call("Update", request)

    def delete(self, values: Object) -> None:
        self._call("Delete", provider_pb2.DeleteRequest(urn=urn(values["kind"]), properties=wire.write(values)))

    def read(self, values: Object, identity: str = "shop/web") -> Object | None:
        request = provider_pb2.ReadRequest(id=identity, urn=urn("Deployment"), properties=wire.write(values))
        answer = self._call("Read", request)
        return wire.read(answer.properties) if answer.id else None

    def diff(self, olds: Object, news: Object) -> Message:
        request = provider_pb2.DiffRequest(urn=urn("Deployment"), olds=wire.write(olds), news=wire.write(news))
        return self._call("Diff", request)

    def check_config(self, news: Object) -> list[str]:
        answer = self._call("CheckConfig", provider_pb2.CheckRequest(news=wire.write(news)))
        return [failure.reason for failure in answer.failures]

    def diff_config(self, olds: Object, news: Object) -> Message:
        request = provider_pb2.DiffRequest(old_inputs=wire.write(olds), news=wire.write(news))
        return self._call("DiffConfig", request)

    def construct(self, kind: str) -> None:
        self._call("Construct", provider_pb2.ConstructRequest(type=kind))


def urn(token: str, name: str = "web") -> str:
    """The URN of an object; a kind alone stands for one of the apps group."""
    kind = token if token.startswith("kubernetes:") else f"kubernetes:apps/v1:{token}"
    return f"{STACK}platform:app:App${kind}::{name}"


def secret(value: object) -> Object:
    return {SIGNATURE: SECRET, "value": value}


def deployment(**metadata: object) -> Object:
    """A deployment as it is after its check."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop", **metadata},
        "spec": {"replicas": 3},
    }
