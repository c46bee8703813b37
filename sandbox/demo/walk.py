"""The demonstration: a task from a request to a message on a socket, what is refused, and agents that come and go."""

from __future__ import annotations

import contextlib
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.request import urlopen

from botocore.exceptions import BotoCoreError, ClientError

from sandbox.demo import refused
from sandbox.demo.issuer import KEYS
from sandbox.demo.sockets import Refused
from sandbox.demo.steps import Step, StepError
from sandbox.drill.checks import Check, holds, same
from sandbox.emulator.client import EmulatorError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.demo.sockets import Socket
    from sandbox.demo.system import System

TENANT: Final = "acme"
OTHER: Final = "globex"
PROMPT: Final = "Why is the sky blue?"
AGENTS: Final = "processes=2&speed=20"
"""How agents run meanwhile: as two processes at most, with the time-outs of ECS shortened."""
MOST_MINUTES: Final = 45
"""Minutes by which the clock is put forward at most until agents have come, or gone."""
LISTEN_SECONDS: Final = 30.0
FIX: Final = "docs/agents.md, `When something is wrong`; `make status` says whether the stack stands"


@dataclass
class Walk:
    """One demonstration.

    Attributes:
        system: The system.
        note: Takes a line for the user.
        steps: What was shown, in order.
    """

    system: System
    note: Callable[[str], None]
    steps: list[Step] = field(default_factory=list)
    _key: str = field(default_factory=lambda: f"demo-{uuid.uuid4().hex[:12]}")

    def run(self) -> None:
        """Show it all.

        Raises:
            StepError: A step does not hold; those before it do.
        """
        before = self.system.control("GET", "tasks")
        with contextlib.ExitStack() as ending:
            ending.callback(
                self.system.control, "POST", f"tasks?processes={before['processes']}&speed={before['speed']:g}"
            )
            self.token = self._show("a token, and nothing without one", self._token)
            self.live = ending.enter_context(self._show("a socket that listens", self._listen))
            self.task = self._show("a task is submitted", self._submit)
            for name, step in (
                ("the same request again is the same task", self._again),
                ("an agent comes where there was none", self._scale_out),
                ("the socket hears each state", self._states),
                ("the row of the table", self._item),
                ("the artifact", self._artifact),
                ("another tenant finds nothing", self._other_tenant),
                ("the guardrail refuses a prompt", self._guardrail),
                ("nothing is left, and the agents go", self._scale_in),
            ):
                self._show(name, step)

    def _show(self, name: str, show: Callable[[Step], Any]) -> Any:  # noqa: ANN401 - what the step brings
        step = Step(name)
        self.steps.append(step)
        self.note(f"{len(self.steps)}. {name}")
        begun = time.monotonic()
        brought = None
        try:
            brought = show(step)
        except (BotoCoreError, ClientError, EmulatorError, LookupError, OSError, Refused, ValueError) as error:
            step.checks.append(Check(name, "an answer", f"{type(error).__name__}: {error}", FIX, ok=False))
        step.seconds = time.monotonic() - begun
        step.say(self.note)
        if not step.held:
            raise StepError(self.steps, FIX)
        return brought

    def _curl(self, method: str, path: str, *more: str) -> str:
        shown = " ".join([f"-X {method}" if method != "GET" else "", *more]).strip()
        return f"curl -s {shown} -H 'Host: {self.system.names['api']}' {self.system.endpoint}{path}"

    def _posted(self, prompt: str, key: str) -> str:
        data = json.dumps({"prompt": prompt})
        sent = ('-H "Authorization: Bearer $TOKEN"', f"-H 'Idempotency-Key: {key}'", f"-d '{data}'")
        return self._curl("POST", "/tasks", "-H 'Content-Type: application/json'", *sent)

    def _token(self, step: Step) -> str:
        system = self.system
        step.asked = [
            f"aws s3api put-object --bucket {system.site} --key {KEYS} --body jwks.json   # the issuer's public key",
            self._curl("POST", "/tasks", f"-d '{json.dumps({'prompt': PROMPT})}'"),
        ]
        system.issuer.show(system.client("s3"), system.site)
        status, _ = system.ask("POST", "/tasks", body={"prompt": PROMPT}, key=self._key)
        step.checks = [
            same("status without a token", 401, status, "look at api.routes.submit.authorization"),
            holds("token", "a token", f"of {system.issuer.url} for {TENANT}", FIX, ok=True),
        ]
        return system.issuer.token(TENANT)

    def _listen(self, step: Step) -> Socket:
        url = self.system.endpoint.replace("http://", "ws://")
        step.asked = [f'WebSocket {url}, Host: {self.system.names["live"]}, "Authorization: Bearer $TOKEN"']
        with contextlib.suppress(OSError):
            try:
                self.system.socket("").close()
                step.checks.append(same("handshake without a token", "refused", "accepted", FIX))
            except Refused as no:
                step.checks.append(same("handshake without a token", 401, no.args[0], FIX))
        before = self.system.connections()
        made = self.system.socket(self.token)
        deadline = time.monotonic() + LISTEN_SECONDS
        while self.system.connections() <= before and time.monotonic() < deadline:
            time.sleep(0.1)
        found = self.system.connections() - before
        step.checks.append(holds("rows of who listens", "one more", f"{found} more", FIX, ok=found >= 1))
        return made

    def _submit(self, step: Step) -> dict[str, Any]:
        step.asked = [self._posted(PROMPT, self._key)]
        status, task = self.system.ask("POST", "/tasks", self.token, {"prompt": PROMPT}, self._key)
        step.checks = [
            same("status", 202, status, FIX),
            holds("task", "an id, and queued", json.dumps(task), FIX, ok=task.get("state") == "queued"),
        ]
        return task

    def _again(self, step: Step) -> None:
        tasks = self.system.tasks
        meant = {":t": {"S": TENANT}, ":i": {"S": self.task["id"]}}
        query = f"aws dynamodb query --table-name {tasks} --key-condition-expression 'tenant = :t and id = :i'"
        step.asked = [
            self._posted(PROMPT, self._key),
            f"{query} --expression-attribute-values '{json.dumps(meant)}'",
        ]
        status, again = self.system.ask("POST", "/tasks", self.token, {"prompt": PROMPT}, self._key)
        found = self.system.client("dynamodb").query(
            TableName=tasks,
            KeyConditionExpression="tenant = :t and id = :i",
            ExpressionAttributeValues=meant,
        )
        step.checks = [
            same("status", 202, status, FIX),
            same("id", self.task["id"], again.get("id"), FIX),
            same("rows", 1, found["Count"], FIX),
        ]

    def _scale_out(self, step: Step) -> None:
        before = self.system.desired()
        step.asked = [f'curl -X POST "{self.system.endpoint}/_sandbox/tasks?{AGENTS}"']
        self.system.control("POST", f"tasks?{AGENTS}")
        minutes = self._clock(step, lambda: self.system.desired() > 0)
        after = self.system.desired()
        found = f"{before}, then {after} after {minutes} minutes of the embedded AWS's clock"
        step.checks = [holds("agents wanted", "1 or more", found, FIX, ok=after > 0)]

    def _clock(self, step: Step, done: Callable[[], bool]) -> int:
        """Put the clock forward by minutes until something has come about; returns how many it took."""
        minutes = 0
        while not done() and minutes < MOST_MINUTES:
            self.system.emulator.advance(60)
            minutes += 1
        step.asked += [
            f'curl -X POST "{self.system.endpoint}/_sandbox/advance?seconds={60 * minutes}"',
            f"aws ecs describe-services --cluster {self.system.cluster} --services {self.system.service}",
        ]
        return minutes

    def _states(self, step: Step) -> None:
        step.asked = [f"nothing: {self.system.names['live']} pushes what changes in the table"]
        heard: list[str] = []
        while not heard or heard[-1] in ("queued", "running"):
            said = self.live.next()
            if said.get("id") == self.task["id"]:
                heard.append(said["state"])
                self.note(f"  heard: {json.dumps(said)}")
        once = list(dict.fromkeys(heard))  # a change may come twice
        step.checks = [same("states", ["queued", "running", "done"], once, FIX)]

    def _item(self, step: Step) -> None:
        key = {"tenant": {"S": TENANT}, "id": {"S": self.task["id"]}}
        step.asked = [f"aws dynamodb get-item --table-name {self.system.tasks} --key '{json.dumps(key)}'"]
        item = self.system.client("dynamodb").get_item(TableName=self.system.tasks, Key=key)["Item"]
        shown = {name: next(iter(value.values())) for name, value in sorted(item.items())}
        step.checks = [holds("row", "state done", json.dumps(shown), FIX, ok=shown.get("state") == "done")]

    def _artifact(self, step: Step) -> None:
        name = f"tasks/{TENANT}/{self.task['id']}.json"
        path = f"/tasks/{self.task['id']}"
        step.asked = [
            self._curl("GET", path, '-H "Authorization: Bearer $TOKEN"'),
            f"aws s3 cp s3://{self.system.artifacts}/{name} -",
        ]
        status, task = self.system.ask("GET", path, self.token)
        body = self.system.client("s3").get_object(Bucket=self.system.artifacts, Key=name)["Body"].read()
        link = str(task.get("artifact") or "")
        with urlopen(link, timeout=LISTEN_SECONDS) as answer:  # noqa: S310 - the system's own link
            linked = answer.read()
        step.checks = [
            same("status", 200, status, FIX),
            same("state", "done", task.get("state"), FIX),
            holds("artifact", "an answer", body.decode(), FIX, ok=bool(json.loads(body).get("text"))),
            holds("link", "the artifact", link.partition("?")[0], FIX, ok=linked == body),
        ]

    def _other_tenant(self, step: Step) -> None:
        path = f"/tasks/{self.task['id']}"
        step.asked = [self._curl("GET", path, f'-H "Authorization: Bearer $TOKEN_OF_{OTHER.upper()}"')]
        status, _ = self.system.ask("GET", path, self.system.issuer.token(OTHER))
        step.checks = [same("status", 404, status, FIX)]

    def _guardrail(self, step: Step) -> None:
        named = {
            "guardrailIdentifier": self.system.outputs["guardrail_id"],
            "guardrailVersion": self.system.outputs["guardrail_version"],
        }
        identifier, version = named.values()
        step.asked = [
            f"aws bedrock get-guardrail --guardrail-identifier {identifier} --guardrail-version {version}",
        ]
        guardrail = self.system.client("bedrock").get_guardrail(**named)
        prompt = refused.prompt(guardrail)
        if prompt is None:
            fix = "name words, or blocked_personal, in inference.guardrail"
            step.checks = [holds("guardrail", "words or personal data that it refuses", "neither", fix, ok=False)]
            return
        step.asked.append(self._posted(prompt, f"{self._key}-refused"))
        status, task = self.system.ask("POST", "/tasks", self.token, {"prompt": prompt}, f"{self._key}-refused")
        said: dict[str, Any] = {}
        while said.get("id") != task.get("id") or said.get("state") in ("queued", "running"):
            said = self.live.next()
        step.checks = [
            same("status", 202, status, FIX),
            same(f"state of {prompt!r}", "refused", said["state"], FIX),
            same("reason", guardrail["blockedInputMessaging"], said["reason"], FIX),
        ]

    def _scale_in(self, step: Step) -> None:
        system = self.system
        step.asked = [
            f"aws sqs get-queue-attributes --queue-url {url} --attribute-names All"
            for url in (system.queue, system.dead)
        ]
        deadline = time.monotonic() + LISTEN_SECONDS
        while system.left(system.queue) and time.monotonic() < deadline:
            time.sleep(0.2)
        minutes = self._clock(step, lambda: self.system.desired() == 0)
        found = f"{self.system.desired()} after {minutes} minutes of the embedded AWS's clock"
        step.checks = [
            same("messages that wait", 0, system.left(system.queue), FIX),
            holds("agents wanted", "0", found, FIX, ok=self.system.desired() == 0),
        ]
