"""What a container that runs asks ECS for on loopback: metadata of its task, credentials of its role, protection.

Each container has a token of its own, part of the addresses that it is given. The credentials also need the
authorization token, as on Fargate.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html (read 2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import asyncio
import json
import os
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import request_scope
from ministack.services import ecs, imds, sts

from sandbox.emulator.control import App, Receive, Scope, Send, read
from sandbox.emulator.tasks import protection, rights
from sandbox.emulator.tasks.lock import LOCK

if TYPE_CHECKING:
    from sandbox.emulator.tasks.placement import Record

PREFIX: Final = "/_sandbox/agent/"
_SESSION_S: Final = 6 * 3600
"""Seconds that credentials of a task last; ECS renews them before."""


@dataclass(frozen=True)
class Caller:
    """A container that may ask.

    Attributes:
        task: Its task.
        container: Its name.
        role: ARN of the task role; empty = the task has none.
        authorization: What it has to say to get credentials.
    """

    task: Record
    container: str
    role: str
    authorization: str


_CALLERS: Final[dict[str, Caller]] = {}


def admit(task: Record, container: str, role: str) -> dict[str, str]:
    """Let a container ask, and return the variables that tell it where."""
    token = secrets.token_urlsafe(24)
    _CALLERS[token] = Caller(task, container, role, secrets.token_urlsafe(24))
    base = f"{os.environ['AWS_ENDPOINT_URL']}{PREFIX}{token}"
    variables = {"ECS_CONTAINER_METADATA_URI_V4": f"{base}/v4", "ECS_AGENT_URI": f"{base}/api"}
    if role:
        variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"{base}/credentials"
        variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = _CALLERS[token].authorization
    return variables


def dismiss(task_arn: str) -> None:
    """Forget the containers of a task."""
    for token in [token for token, caller in _CALLERS.items() if caller.task["taskArn"] == task_arn]:
        del _CALLERS[token]


class Agent:
    """An ASGI application in front of the emulator's that answers containers that run.

    Args:
        app: The emulator.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        body = await read(receive)
        token, _, what = path.removeprefix(PREFIX).partition("/")
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        status, answer = await asyncio.to_thread(_answer, scope["method"], token, what, headers, body)
        said = json.dumps(answer).encode()
        kind = [(b"content-type", b"application/json"), (b"content-length", str(len(said)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": kind})
        await send({"type": "http.response.body", "body": said})


def _answer(method: str, token: str, what: str, headers: dict[str, str], body: bytes) -> tuple[int, Record]:
    caller = _CALLERS.get(token)
    if caller is None:
        return HTTPStatus.NOT_FOUND, {"message": "unknown token"}
    _, _, _, region, account, _ = caller.task["taskArn"].split(":", 5)
    with request_scope(account, region):
        if method == "GET" and what in ("v4", "v4/task"):
            return HTTPStatus.OK, _metadata(caller, whole=what.endswith("task"))
        if method == "GET" and what == "credentials":
            return _credentials(caller, headers.get("authorization", ""))
        if method in ("GET", "PUT") and what == "api/task-protection/v1/state":
            return _protection(caller, json.loads(body or b"{}") if method == "PUT" else None)
    return HTTPStatus.NOT_FOUND, {"message": f"{method} {what} is not served"}


def _metadata(caller: Caller, *, whole: bool) -> Record:
    task = caller.task
    family, _, revision = task["taskDefinitionArn"].rpartition("/")[2].partition(":")
    containers = [
        {
            "Name": one["name"],
            "Image": one["image"],
            "DesiredStatus": task["desiredStatus"],
            "KnownStatus": one["lastStatus"],
            "ContainerARN": one["containerArn"],
            "Type": "NORMAL",
            "Networks": [{"NetworkMode": "awsvpc", "IPv4Addresses": [ecs._task_ip(task)]}],
            "Labels": {
                "com.amazonaws.ecs.cluster": task["clusterArn"],
                "com.amazonaws.ecs.container-name": one["name"],
                "com.amazonaws.ecs.task-arn": task["taskArn"],
                "com.amazonaws.ecs.task-definition-family": family,
                "com.amazonaws.ecs.task-definition-version": revision,
            },
        }
        for one in task["containers"]
    ]
    if not whole:
        return next(one for one in containers if one["Name"] == caller.container)
    return {
        "Cluster": task["clusterArn"],
        "TaskARN": task["taskArn"],
        "Family": family,
        "Revision": revision,
        "ServiceName": task["group"].removeprefix("service:"),
        "DesiredStatus": task["desiredStatus"],
        "KnownStatus": task["lastStatus"],
        "AvailabilityZone": task["availabilityZone"],
        "LaunchType": "FARGATE",
        "Containers": containers,
    }


def _credentials(caller: Caller, authorization: str) -> tuple[int, Record]:
    if not caller.role or not secrets.compare_digest(authorization, caller.authorization):
        return HTTPStatus.FORBIDDEN, {"message": "no credentials for this caller"}
    session, expires = caller.task["taskArn"].rpartition("/")[2], time.time() + _SESSION_S
    key, secret, token = imds._gen_session_access_key(), imds._gen_secret(), imds._gen_session_token()
    sts.register_session(
        key,
        {
            "Arn": sts._assumed_role_arn(caller.role, session)[0],
            "UserId": f"{sts._role_id(caller.role)}:{session}",
            "SecretAccessKey": secret,
            "SessionToken": token,
            "Expiration": expires,
            "AccountId": caller.role.split(":")[4],
            "PrincipalType": "AssumedRole",
        },
    )
    return HTTPStatus.OK, {
        "RoleArn": caller.role,
        "AccessKeyId": key,
        "SecretAccessKey": secret,
        "Token": token,
        "Expiration": datetime.fromtimestamp(expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _protection(caller: Caller, asked: dict[str, Any] | None) -> tuple[int, Record]:
    """Read or change the protection of the caller's task, as its role may."""
    action = "ecs:GetTaskProtection" if asked is None else "ecs:UpdateTaskProtection"
    task = caller.task
    arn, cluster = task["taskArn"], task["clusterArn"]
    if not rights.allowed(caller.role, action, arn):
        message = f"{caller.role or 'the task'} is not authorized to perform: {action} on resource: {arn}"
        return HTTPStatus.BAD_REQUEST, _error(arn, "AccessDeniedException", message)
    try:
        with LOCK:
            if asked is None:
                answer = protection.get({"cluster": cluster, "tasks": [arn]})
            else:
                wanted = {"protectionEnabled": asked["ProtectionEnabled"]}
                if "ExpiresInMinutes" in asked:
                    wanted["expiresInMinutes"] = asked["ExpiresInMinutes"]
                answer = protection.update({"cluster": cluster, "tasks": [arn], **wanted})
    except KeyError as error:
        return HTTPStatus.BAD_REQUEST, _error(arn, "InvalidParameterException", f"the request lacks {error}")
    except protection.RefusedError as error:
        return HTTPStatus.BAD_REQUEST, _error(arn, error.code, str(error))
    if answer["failures"]:
        failure = answer["failures"][0]
        return HTTPStatus.OK, {"failure": {"Arn": arn, "Reason": failure["reason"], "Detail": failure.get("detail")}}
    held = answer["protectedTasks"][0]
    said: Record = {"ProtectionEnabled": held["protectionEnabled"], "TaskArn": arn}
    if "expirationDate" in held:
        said["ExpirationDate"] = datetime.fromtimestamp(held["expirationDate"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return HTTPStatus.OK, {"protection": said}


def _error(arn: str, code: str, message: str) -> Record:
    return {"error": {"Arn": arn, "Code": code, "Message": message}}
