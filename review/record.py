"""Records a stack's resources offline: the program runs against a monitor that only writes down what is registered.

No engine, plugin, network or credential takes part. Outputs are placeholders (an id and an ARN of the right form), so
that references resolve; nothing that a provider would compute or refuse is known. What a remote component's plugin
would register is no part of the inventory; that of pulumi-eks stands beside it, for the pack to judge (`review.eks`).
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pulumi
from google.protobuf import empty_pb2, struct_pb2
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks, run_in_stack, settings
from pulumi.runtime import resource as sdk
from pulumi.runtime.proto import resource_pb2, source_pb2
from pulumi.runtime.sync_await import _sync_await

from components.runtime import wait_once
from review import eks
from review.engine_json import RESOURCE_SIGNATURE, SIGNATURE, clean
from review.graph import ROOT_TYPE, Graph, Resource
from review.placeholders import EKS_CLUSTER, NODE_GROUP, eks_cluster, eks_component, eks_node_group, outputs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PROJECT: Final = "platform"
STACK_REFERENCE: Final = "pulumi:pulumi:StackReference"
_TAGS: Final = "tags"
_TRACE: Final = "_get_stack_trace"


class _Nothing(mocks.Mocks):
    """No invoke is answered: a plan is a pure function of the stack file."""

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise LookupError(f"{args.token}: the program looks something up; write the value into the stack file instead")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        raise NotImplementedError(args.typ)  # the monitor below answers registrations itself


class _Recorder(mocks.MockMonitor):
    """Keeps every registration request in order."""

    def __init__(self, references: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__(_Nothing())
        self.references = references
        self.recorded: dict[str, Resource] = {}
        self.made: dict[str, Resource] = {}
        self.taggable: set[str] = set(eks.TAGGABLE)
        self._lock = threading.Lock()

    def RegisterResource(  # noqa: N802  named by the gRPC service
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        urn = self.make_urn(request.parent, request.type, request.name)
        inputs = MessageToDict(request.object)
        physical, outputs = outputs_of(request.type, request.name, inputs, custom=request.custom)
        if request.type == EKS_CLUSTER:
            made = self._stand_in(
                urn, "aws:eks/cluster:Cluster", f"{request.name}-eksCluster", eks_cluster(request.name)
            )
            outputs |= eks_component(request.name, made)
        if request.type == NODE_GROUP:
            made = self._stand_in(urn, "aws:eks/nodeGroup:NodeGroup", request.name, eks_node_group(request.name))
            outputs |= {"nodeGroup": made}
        with self._lock:
            if urn in self.recorded:
                raise ValueError(f"{urn}: registered twice; give one of the two another name")
            recorded = self.recorded[urn] = _resource(request, urn, physical, clean(inputs), clean(outputs))
            if request.remote:
                aws = request.providers.get("aws", "").rpartition("::")[0]
                self.made |= {one.urn: one for one in eks.made(recorded, aws)}
            self.resources[urn] = mocks.MockMonitor.ResourceRegistration(urn, physical, outputs)
        state = struct_pb2.Struct()
        state.update(outputs)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=physical, object=state)

    def RegisterResourceOutputs(  # noqa: N802  named by the gRPC service
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> empty_pb2.Empty:
        outputs = clean(MessageToDict(request.outputs))
        with self._lock:
            registered = self.recorded[request.urn]
            self.recorded[request.urn] = replace(registered, outputs={**registered.outputs, **outputs})
        return empty_pb2.Empty()

    def ReadResource(  # noqa: N802  named by the gRPC service
        self, request: resource_pb2.ReadResourceRequest
    ) -> resource_pb2.ReadResourceResponse:
        """Answer for another stack's outputs; nothing else is read."""
        stack = request.id.rpartition("/")[2]
        if request.type != STACK_REFERENCE:
            raise LookupError(f"{request.type}: the program reads a resource; write the value into the stack file")
        if stack not in self.references:
            raise LookupError(f"stack {stack!r}: its outputs are not at hand")
        urn = self.make_urn(request.parent, request.type, request.name)
        state = struct_pb2.Struct()
        state.update({"name": request.id, "outputs": dict(self.references[stack]), "secretOutputNames": []})
        return resource_pb2.ReadResourceResponse(urn=urn, properties=state)

    def _stand_in(self, component: str, type_: str, name: str, outputs: dict[str, Any]) -> dict[str, Any]:
        """Answer for a resource that pulumi-eks's plugin would register; returns a reference to it."""
        urn = self.make_urn(component, type_, name)
        self.resources[urn] = mocks.MockMonitor.ResourceRegistration(urn, name, outputs)
        return {SIGNATURE: RESOURCE_SIGNATURE, "urn": urn, "id": name}

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """Spell a URN as the engine does: the stack's own type is no part of its children's."""
        above = parent.split("::")[2] if parent else ""
        qualified = type_ if above in ("", ROOT_TYPE) else f"{above}${type_}"
        return f"urn:pulumi:{settings.get_stack()}::{settings.get_project()}::{qualified}::{name}"

    def note(self, args: pulumi.ResourceTransformationArgs) -> None:
        """Learn from the SDK's class whether a type takes default tags."""
        if hasattr(type(args.resource), "tags_all"):
            self.taggable.add(args.type_)


def record(program: Callable[[], None], stack: str, references: Mapping[str, Mapping[str, Any]] | None = None) -> Graph:
    """Run a program against the recording monitor.

    Args:
        program: registers the resources, as `__main__.py` does.
        stack: name that the stack gets.
        references: Outputs of other stacks that the program reads, by stack.

    Returns:
        Everything that was registered; default tags are merged into `tagsAll`, as the provider's check does.
    """
    recorder = _Recorder(references or {})
    with (
        _collector_paused(),
        _without_stack_traces(),
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="record") as fresh,  # a new thread has an empty context
    ):
        fresh.submit(_run, program, stack, recorder).result()
    resources, made = (tuple(_with_default_tags(recorder, some)) for some in (recorder.recorded, recorder.made))
    return Graph(stack=stack, source="recording", resources=resources, made=made)


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Collect no garbage meanwhile: walking the SDK's growing web of tasks for none takes half of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextlib.contextmanager
def _without_stack_traces() -> Iterator[None]:
    """Register resources without the stack trace of each, which the engine shows and a recording drops.

    The function is the SDK's own. Where it is not there, the recording takes the traces, and says so.
    """
    if not hasattr(sdk, _TRACE):
        pulumi.log.info(f"{__name__}: this version of the Pulumi SDK takes stack traces elsewhere, so it takes longer")
        yield
        return
    taken = getattr(sdk, _TRACE)
    setattr(sdk, _TRACE, source_pb2.StackTrace)
    try:
        yield
    finally:
        setattr(sdk, _TRACE, taken)


def _run(program: Callable[[], None], stack: str, recorder: _Recorder) -> None:
    def inside_the_stack() -> None:
        pulumi.runtime.register_stack_transformation(recorder.note)
        program()
        wait_once()

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    engine = mocks.MockEngine(None)
    chosen = settings.Settings(PROJECT, stack, dry_run=False, organization="")
    chosen.monitor, chosen.engine = recorder, engine
    settings.configure(chosen)
    try:
        _sync_await(run_in_stack(inside_the_stack))  # asks the monitor what it supports: secrets among others
    finally:
        _end(loop)


def _end(loop: asyncio.AbstractEventLoop) -> None:
    """Let nothing of a recording outlive it: a program that failed leaves calls open."""
    settings.SETTINGS.outputs.clear()
    open_tasks = asyncio.all_tasks(loop)
    for task in open_tasks:
        task.cancel()
    loop.set_exception_handler(lambda *_: None)  # the first error is already on its way to the caller
    loop.run_until_complete(asyncio.gather(*open_tasks, return_exceptions=True))
    loop.close()


def _with_default_tags(recorder: _Recorder, some: Mapping[str, Resource]) -> Iterator[Resource]:
    defaults = {
        urn: _default_tags(resource)
        for urn, resource in recorder.recorded.items()
        if resource.type == "pulumi:providers:aws"
    }
    for resource in some.values():
        if resource.type in recorder.taggable and resource.custom:
            tags = {**defaults.get(resource.provider, {}), **(resource.inputs.get(_TAGS) or {})}
            yield replace(resource, inputs={**resource.inputs, "tagsAll": tags})
        else:
            yield resource


def _default_tags(provider: Resource) -> dict[str, str]:
    block = provider.inputs.get("defaultTags") or {}
    if isinstance(block, str):  # provider inputs travel as JSON strings
        block = json.loads(block)
    return dict(block.get(_TAGS) or {})


def _resource(
    request: resource_pb2.RegisterResourceRequest,
    urn: str,
    physical: str,
    inputs: dict[str, Any],
    outputs: dict[str, Any],
) -> Resource:
    return Resource(
        urn=urn,
        type=request.type,
        name=request.name,
        custom=request.custom,
        remote=request.remote,
        id=physical,
        parent=request.parent,
        provider=request.provider.rpartition("::")[0],
        inputs=inputs,
        outputs=outputs,
        dependencies=tuple(request.dependencies),
        property_dependencies={key: tuple(value.urns) for key, value in request.propertyDependencies.items()},
        protect=request.protect,
        retain_on_delete=request.retainOnDelete,
        ignore_changes=tuple(request.ignoreChanges),
        aliases=tuple(alias.urn for alias in request.aliases if alias.urn) + tuple(request.aliasURNs),
    )
