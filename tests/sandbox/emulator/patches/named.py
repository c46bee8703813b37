"""APIs of functions by names of their own, whose default endpoints are off."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws


@dataclass
class Named:
    """APIs and functions of an account.

    Attributes:
        aws: Its clients.
        domain: What their names are below.
    """

    aws: Aws
    domain: str

    def function(self, name: str, code: bytes, **environment: str) -> str:
        """Make a function of `code.py`; returns its ARN."""
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = self.aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        made = self.aws("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler=f"code.{name}",
            Role=role,
            Code={"ZipFile": code},
            Timeout=20,
            Environment={"Variables": environment},
        )
        return str(made["FunctionArn"])

    def sockets(self, name: str, function: str) -> None:
        """Make a WebSocket API whose messages of action `say` a function is called with."""
        api = self.aws("apigatewayv2")
        made = api.create_api(
            Name=name,
            ProtocolType="WEBSOCKET",
            RouteSelectionExpression="$request.body.action",
            DisableExecuteApiEndpoint=True,
        )["ApiId"]
        uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
        integration = api.create_integration(ApiId=made, IntegrationType="AWS_PROXY", IntegrationUri=uri)
        api.create_route(ApiId=made, RouteKey="say", Target=f"integrations/{integration['IntegrationId']}")
        api.create_stage(ApiId=made, StageName="live")
        self._lead(name, made, "live")

    def http(self, name: str, function: str) -> None:
        """Make an HTTP API whose requests a function answers."""
        api = self.aws("apigatewayv2")
        made = api.create_api(Name=name, ProtocolType="HTTP", DisableExecuteApiEndpoint=True)["ApiId"]
        integration = api.create_integration(
            ApiId=made, IntegrationType="AWS_PROXY", IntegrationUri=function, PayloadFormatVersion="2.0"
        )
        api.create_route(ApiId=made, RouteKey="$default", Target=f"integrations/{integration['IntegrationId']}")
        api.create_stage(ApiId=made, StageName="$default", AutoDeploy=True)
        self._lead(name, made, "$default")

    def _lead(self, name: str, made: str, stage: str) -> None:
        configuration = {"EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2", "CertificateArn": "arn:aws:acm:x"}
        self.aws("apigatewayv2").create_domain_name(DomainName=name, DomainNameConfigurations=[configuration])
        self.aws("apigatewayv2").create_api_mapping(DomainName=name, ApiId=made, Stage=stage)
