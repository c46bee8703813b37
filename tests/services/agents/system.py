"""The agents' functions and APIs on the embedded AWS, and plain clients of them."""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sandbox.demo.sockets import Socket
from services.agents import settings
from tests.sandbox.emulator.patches.foreign import archive, project
from tests.services.running import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.services.agents.place import Place

WAIT_S = 20
DISTRIBUTIONS = ("aws-lambda-powertools", "pyjwt")
TENANT, AUDIENCE = "custom:tenant", "agents"


class Issuer(BaseHTTPRequestHandler):
    """An issuer of tokens, which shows its keys."""

    keys: dict[str, Any]

    def do_GET(self) -> None:
        said = json.dumps(self.keys).encode() if self.path.endswith("/jwks.json") else b""
        self.send_response(200 if said else 404)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def issuing(keys: dict[str, Any]) -> Iterator[str]:
    """Serve an issuer; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Keys", (Issuer,), {"keys": keys}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@dataclass
class System:
    """Everything, deployed.

    Attributes:
        place: Queue, tables, bucket and guardrail.
        url: The embedded AWS.
        issuer: Who issues tokens.
    """

    place: Place
    url: str
    issuer: str

    def open(self) -> System:
        """Make functions and APIs."""
        environment = {
            **self.place.environment,
            settings.ISSUER: self.issuer,
            settings.AUDIENCE: AUDIENCE,
            settings.TENANT_CLAIM: TENANT,
            "AWS_ENDPOINT_URL": self.url,
        }
        root = project(self.place.programs.directory / "project", *DISTRIBUTIONS)
        self.name = f"live.{self.place.bucket}.example"
        sockets = self._sockets_api()
        environment[settings.SOCKETS] = f"https://{self.name}"
        names = ("http", "sockets", "authorizer", "changes")
        arns = {name: self._function(name, root, environment) for name in names}
        self._routes(sockets, arns)
        self.http_path = self._http_api(arns["http"])
        self.place.aws("lambda").create_event_source_mapping(
            EventSourceArn=self.place.stream,
            FunctionName="changes",
            StartingPosition="TRIM_HORIZON",
            FunctionResponseTypes=["ReportBatchItemFailures"],
        )
        return self

    def _function(self, name: str, root: Path, environment: dict[str, str]) -> str:
        handler = f"services.agents.{name}.handler"
        made = self.place.aws("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler=handler,
            Role="arn:aws:iam::000000000000:role/agents",
            Code={"ZipFile": archive(root, handler, *DISTRIBUTIONS)},
            Environment={"Variables": environment},
            Timeout=20,
        )
        return str(made["FunctionArn"])

    def _sockets_api(self) -> str:
        api = self.place.aws("apigatewayv2")
        made = api.create_api(
            Name="sockets",
            ProtocolType="WEBSOCKET",
            RouteSelectionExpression="$request.body.action",
            DisableExecuteApiEndpoint=True,
        )["ApiId"]
        api.create_stage(ApiId=made, StageName="live")
        configuration = {"EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2", "CertificateArn": "arn:aws:acm:x"}
        api.create_domain_name(DomainName=self.name, DomainNameConfigurations=[configuration])
        api.create_api_mapping(DomainName=self.name, ApiId=made, Stage="live")
        return str(made)

    def _routes(self, sockets: str, arns: dict[str, str]) -> None:
        api = self.place.aws("apigatewayv2")
        made = api.create_integration(ApiId=sockets, IntegrationType="AWS_PROXY", IntegrationUri=_uri(arns["sockets"]))[
            "IntegrationId"
        ]
        guard = api.create_authorizer(
            ApiId=sockets,
            Name="tokens",
            AuthorizerType="REQUEST",
            IdentitySource=[],
            AuthorizerUri=_uri(arns["authorizer"]),
        )["AuthorizerId"]
        for route in ("$connect", "$disconnect", "$default"):
            more = {"AuthorizationType": "CUSTOM", "AuthorizerId": guard} if route == "$connect" else {}
            api.create_route(ApiId=sockets, RouteKey=route, Target=f"integrations/{made}", **more)

    def _http_api(self, arn: str) -> str:
        api = self.place.aws("apigatewayv2")
        made = api.create_api(Name="http", ProtocolType="HTTP")["ApiId"]
        integration = api.create_integration(
            ApiId=made, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0"
        )["IntegrationId"]
        guard = api.create_authorizer(
            ApiId=made,
            Name="tokens",
            AuthorizerType="JWT",
            IdentitySource=["$request.header.Authorization"],
            JwtConfiguration={"Issuer": self.issuer, "Audience": [AUDIENCE]},
        )["AuthorizerId"]
        for route in ("POST /tasks", "GET /tasks/{id}"):
            more = {"AuthorizationType": "JWT", "AuthorizerId": guard}
            api.create_route(ApiId=made, RouteKey=route, Target=f"integrations/{integration}", **more)
        for route in ("GET /openapi.json", "GET /asyncapi.json"):
            api.create_route(ApiId=made, RouteKey=route, Target=f"integrations/{integration}")
        api.create_stage(ApiId=made, StageName="$default", AutoDeploy=True)
        return f"/_aws/execute-api/{made}"

    def ask(self, method: str, path: str, token: str = "", body: object = None, **headers: str) -> tuple[int, Any]:
        """Ask the HTTP API; returns status and body."""
        at = urlsplit(self.url)
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=WAIT_S)
        sent = {"Content-Type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        said = None if body is None else json.dumps(body)
        connection.request(method, self.http_path + path, said, sent)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text)

    def listen(self, token: str) -> Socket:
        """Connect to the sockets' API; it listens once its row stands."""
        before = self.connections()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        made = Socket(self.url.replace("http://", "ws://"), headers, host=self.name)
        until(lambda: self.connections() > before)
        return made

    def connections(self) -> int:
        """How many are known to listen."""
        return len(self.place.aws("dynamodb").scan(TableName="connections")["Items"])


def _uri(arn: str) -> str:
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
