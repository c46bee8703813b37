"""The SDK's policy server with every message of the engine converted once.

`pulumi_policy` converts the whole message anew for each policy, so a pack of 150 spends a second on rules and ten on
conversion (`docs/upstream/pulumi-policy-conversion.md`). Here the message becomes a resource or a stack once, which the
policies take from `judged`; the SDK's own servicer still asks each policy and writes every answer, but gets an empty
message, and only the policies that cover the resource's type.
"""

from __future__ import annotations

import faulthandler
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import grpc
import pulumi_policy as sdk
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy import policy as internals
from pulumi_policy.version import VERSION

from policy import messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from policy.messages import Message
    from policy.resources import Resource, Stack

    Make = Callable[[Sequence[sdk.Policy]], Any]
    Guard = Callable[[Message], Message]

WRITTEN_FOR: Final = "1.21.0"
"""Version of the SDK whose servicer was read; another may hand a policy something else."""
_SERVICER: Final = "_PolicyAnalyzerServicer"

judged: ContextVar[Resource | Stack | None] = ContextVar("judged", default=None)
"""The resource or the stack under judgement in this thread; None where the SDK has converted it itself."""


class ResourcePolicy(sdk.ResourceValidationPolicy):
    """A policy on single resources with the types that it covers."""

    def __init__(self, covers: Callable[[str], bool], **facts: Any) -> None:  # noqa: ANN401 handed on to the SDK
        """Args: whether it covers a type token, and what the SDK wants to know of a policy."""
        super().__init__(**facts)
        self.covers = covers


class Sharing(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers every call as the SDK's servicer does, from one conversion of the message."""

    def __init__(self, make: Make, policies: Sequence[sdk.Policy], guard: Guard | None, bound_seconds: float) -> None:
        """Args: how a servicer of the SDK is made, the policies, what `shared` says of the others."""
        self._guard = guard
        self._bound_seconds = bound_seconds
        self._make = make
        self._policies = policies
        self._whole = make(policies)
        self._config: Message = analyzer_pb2.ConfigureAnalyzerRequest()
        self._remediates = False
        self._by_type: dict[str, _Asked] = {}
        self._given: dict[str, Resource] = {}
        self._passes = {each.name: analyzer_pb2.PolicyNotApplicable(policy_name=each.name) for each in policies}

    def GetAnalyzerInfo(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Describe the pack."""
        return self._whole.GetAnalyzerInfo(request, context)

    def GetPluginInfo(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Tell the version of the SDK."""
        return self._whole.GetPluginInfo(request, context)

    def ConfigureStack(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Learn the stack's tags, which no rule reads."""
        return self._whole.ConfigureStack(request, context)

    def Configure(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Learn levels and settings; what the guard refuses ends the engine's run."""
        if self._guard is not None:
            try:
                request = self._guard(request)
            except ValueError as error:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"the pack config is refused:\n{error}")
        self._config, self._by_type = request, {}
        levels = {given.enforcementLevel for given in request.policyConfig.values()}
        self._remediates = analyzer_pb2.REMEDIATE in levels
        return self._whole.Configure(request, context)

    def Analyze(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Judge a resource."""
        asked = self._by_type.get(request.type)
        if asked is None:
            asked = self._by_type[request.type] = self._ask(request.type)
        answer = analyzer_pb2.AnalyzeResponse()
        resource = self._given[request.urn] = messages.resource(request)
        if asked.servicer is not None:
            with self._bounded(), _judging(resource):
                answer = asked.servicer.Analyze(analyzer_pb2.AnalyzeRequest(type=request.type), context)
        answer.not_applicable.extend(asked.not_applicable)
        return answer

    def AnalyzeStack(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Judge the whole stack."""
        with self._bounded(), _judging(messages.stack(request, self._given)):
            return self._whole.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(), context)

    def Remediate(self, request: Message, context: Message) -> Message:  # noqa: N802 shape set by gRPC
        """Change what a config has remediated; the SDK is asked only where it sets a rule to `remediate`."""
        if not self._remediates:
            return analyzer_pb2.RemediateResponse()
        with self._bounded():
            return self._whole.Remediate(request, context)

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        """End the process, with the place in every rule on standard error, where a message takes too long.

        A timer in C does it: a regular expression that never ends holds the interpreter, and with it every thread. The
        engine fails once the process is gone, and the gate reads the rule's name from the traceback.
        """
        if not self._bound_seconds:
            yield
            return
        faulthandler.dump_traceback_later(self._bound_seconds, exit=True)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()

    def _ask(self, type_: str) -> _Asked:
        """Return who is asked about resources of a type, and the answers of those who are not."""
        passing = {each.name for each in self._policies if isinstance(each, ResourcePolicy) and not each.covers(type_)}
        covering = [
            each
            for each in self._policies
            if isinstance(each, sdk.ResourceValidationPolicy) and each.name not in passing
        ]
        servicer = self._make(covering) if covering else None
        if servicer is not None:
            servicer.Configure(self._config, None)
        said = [self._passes[each.name] for each in self._policies if each.name in passing and not self._disabled(each)]
        return _Asked(servicer, said)

    def _disabled(self, policy: sdk.Policy) -> bool:
        """Tell whether the config switches the policy off, or its own level where the config says nothing."""
        given = self._config.policyConfig
        if policy.name in given:
            return bool(given[policy.name].enforcementLevel == analyzer_pb2.DISABLED)
        return bool(policy.enforcement_level is sdk.EnforcementLevel.DISABLED)


@dataclass(frozen=True)
class _Asked:
    """Who judges resources of one type."""

    servicer: Any
    """The SDK's servicer of the policies that cover the type; None where there are none."""
    not_applicable: Sequence[Message]
    """What the others would say."""


@contextmanager
def _judging(subject: Resource | Stack) -> Iterator[None]:
    """Hold out the resource or the stack to every policy that this thread asks."""
    before = judged.set(subject)
    try:
        yield
    finally:
        judged.reset(before)


def unlike() -> str:
    """Say what of the SDK is not what this module was written for; nothing where all is."""
    if VERSION != WRITTEN_FOR:
        return f"its version is {VERSION}, read was {WRITTEN_FOR}"
    if _SERVICER not in sdk.PolicyPack.__init__.__code__.co_names or not hasattr(internals, _SERVICER):
        return f"it makes no {_SERVICER}"
    return ""


def shared(
    servicer: Callable[..., Any], guard: Guard | None = None, bound_seconds: float = 0
) -> Callable[..., Sharing]:
    """Return what takes the place of the SDK's servicer.

    Args:
        servicer: the SDK's.
        guard: returns the engine's config as it counts, or raises ValueError; none takes every config as it is.
        bound_seconds: longest time for one message, after which the process ends; 0 waits for ever.
    """

    def make(name: str, version: str, policies: list[sdk.Policy], *facts: object) -> Sharing:
        return Sharing(lambda some: servicer(name, version, some, *facts), policies, guard, bound_seconds)

    return make


def install(guard: Guard, bound_seconds: float) -> None:
    """Have the next `PolicyPack` serve through `Sharing`; where the SDK is another, say so and leave it as it is."""
    if reason := unlike():
        sys.stderr.write(
            f"policy: pulumi_policy is not the one known, {reason}; it converts a message per policy, "
            "takes any config and has no time bound\n"
        )
    else:
        setattr(internals, _SERVICER, shared(getattr(internals, _SERVICER), guard, bound_seconds))
