"""A resource monitor and engine that write down what a component registers, over the real wire."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import engine_pb2_grpc, resource_pb2, resource_pb2_grpc
from pulumi.runtime.rpc import UNKNOWN

if TYPE_CHECKING:
    import threading

Message: TypeAlias = Any
"""A protobuf message; the generated classes carry no usable types."""

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET, OUTPUT, REFERENCE = (
    "1b47061264138c4ac30d75fd1eb44270",
    "d0e6a833031e9bbcd3f4e8bde6ca49a4",
    "5cf8f73096256a8f31e491e813e4eb8e",
)

PREFIX = "urn:pulumi:test::project::"
PROVIDER = f"{PREFIX}pulumi:providers:aws::production::provider-id"
SERVED = tuple(
    getattr(resource_pb2, f"RESOURCE_MONITOR_FEATURE_{name}")
    for name in ("SECRETS", "RESOURCE_REFERENCES", "OUTPUT_VALUES", "ALIAS_SPECS", "DELETED_WITH", "REPLACE_WITH")
)

ANSWERS: dict[str, dict[str, Any]] = {
    "aws:index/getPartition:getPartition": {"partition": "aws-us-gov", "id": "aws-us-gov"},
    "aws:eks/getAddonVersion:getAddonVersion": {"version": "v1.99.0-eksbuild.9", "id": "newest"},
}


def struct(values: dict[str, Any]) -> struct_pb2.Struct:
    message = struct_pb2.Struct()
    json_format.ParseDict(values, message)
    return message


def secret(value: object) -> dict[str, Any]:
    return {SIGNATURE: SECRET, "value": value}


def output(value: object, *urns: str) -> dict[str, Any]:
    return {SIGNATURE: OUTPUT, "value": value, "dependencies": list(urns)}


def unknown(*urns: str) -> dict[str, Any]:
    return {SIGNATURE: OUTPUT, "dependencies": list(urns)}


def outputs_of(kind: str, name: str, inputs: dict[str, Any], *, preview: bool) -> dict[str, Any]:
    """What AWS would answer; a preview does not know it."""
    arn = f"arn:aws:test:us-gov-west-1:111122223333:{name}"
    found: dict[str, Any] = {"arn": arn, "name": inputs.get("name", name)}
    if kind == "aws:eks/cluster:Cluster":
        found |= {
            "arn": f"arn:aws-us-gov:eks:us-gov-west-1:111122223333:cluster/{name}",
            "endpoint": "https://api.example",
            "certificateAuthority": {"data": "Y2VydGlmaWNhdGU="},
            "identities": [{"oidcs": [{"issuer": "https://oidc.example/id/1"}]}],
            "vpcConfig": inputs["vpcConfig"] | {"clusterSecurityGroupId": "sg-of-eks"},
            "version": inputs.get("version", "1.34"),
        }
    if kind == "aws:ec2/launchTemplate:LaunchTemplate":
        found["latestVersion"] = 7
    return inputs | (dict.fromkeys(found, UNKNOWN) if preview else found)


@dataclass
class Monitor(resource_pb2_grpc.ResourceMonitorServicer, engine_pb2_grpc.EngineServicer):
    """Registers everything at once; `meet` makes two registrations of a type wait for each other."""

    preview: bool = False
    requests: dict[str, Any] = field(default_factory=dict)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    invokes: list[Any] = field(default_factory=list)
    meet: dict[str, threading.Barrier] = field(default_factory=dict)

    def GetDeploymentInfo(self, request: Message, context: object) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        return resource_pb2.DeploymentInfo(supportedFeatures=SERVED)

    def RegisterResource(self, request: Message, context: object) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        if request.type in self.meet:
            self.meet[request.type].wait(timeout=20)
        above = request.parent.split("::")[2] + "$" if request.parent else ""
        urn = f"{PREFIX}{above}{request.type}::{request.name}"
        self.requests[urn] = request
        state = json_format.MessageToDict(request.object)
        if request.custom:
            state = outputs_of(request.type, request.name, state, preview=self.preview)
        self.states[urn] = state
        identity = "" if self.preview or not request.custom else f"id-of-{request.name}"
        return resource_pb2.RegisterResourceResponse(urn=urn, id=identity, object=struct(state))

    def RegisterResourceOutputs(self, request: Message, context: object) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        self.states[request.urn] |= json_format.MessageToDict(request.outputs)
        return empty_pb2.Empty()

    def Invoke(self, request: Message, context: object) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        if request.tok == "pulumi:pulumi:getResource":
            urn = request.args["urn"]
            made = urn in self.requests and self.requests[urn].custom and not self.preview
            identity = f"id-of-{urn.rpartition('::')[2]}" if made else ""
            if PROVIDER.startswith(urn):
                identity = PROVIDER.rpartition("::")[2]
            found = {"urn": urn, "id": identity, "state": self.states.get(urn, {})}
            return resource_pb2.ResourceInvokeResponse(**{"return": struct(found)})
        self.invokes.append(request)
        return resource_pb2.ResourceInvokeResponse(**{"return": struct(ANSWERS[request.tok])})

    def Log(self, request: Message, context: object) -> Message:  # noqa: ARG002, N802 shape set by gRPC
        return empty_pb2.Empty()

    def known(self) -> set[tuple[str, str, str]]:
        """Type, name and the parent's name of everything registered."""
        return {(request.type, request.name, request.parent.rpartition("::")[2]) for request in self.requests.values()}

    def one(self, kind: str, name: str) -> Message:
        found = [request for request in self.requests.values() if (request.type, request.name) == (kind, name)]
        assert len(found) == 1, f"{kind} {name} is registered once"
        return found[0]

    def inputs(self, kind: str, name: str) -> dict[str, Any]:
        values: dict[str, Any] = json_format.MessageToDict(self.one(kind, name).object)
        return values


def serve(monitor: Monitor) -> tuple[grpc.Server, str]:
    """Serve a monitor on loopback; returns the server and its address."""
    server = grpc.server(ThreadPoolExecutor(32))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
    engine_pb2_grpc.add_EngineServicer_to_server(monitor, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, f"127.0.0.1:{port}"
