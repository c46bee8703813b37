"""One function of the stack file: its log, role, code, alias, and what calls it by itself.

Not here: routes of an API that lead to it (api), its alarms (observability), how its traffic is moved (releases).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import lambda_

from components import function as base
from components.access import role_statements, secret_statements
from components.base import child, named
from components.data import open_tables
from components.functions import sources
from components.functions.archive import build
from components.functions.distributions import Target
from components.functions.outputs import ALIAS, FunctionOutputs
from components.functions.topics import TopicArgs, build_topic_source, topic_statements
from components.iam import send_traces

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pulumi_aws import cloudwatch, sqs

    from components.access import Reached
    from components.iam import Statement
    from components.network.outputs import NetworkOutputs
    from config.functions import Function as Settings


@dataclass(frozen=True, kw_only=True)
class FunctionArgs:
    """What a function is built from."""

    name: str
    """Its name in the stack file."""
    settings: Settings
    """Its section."""
    reached: Reached
    """The things of the stack that it may name."""
    network: NetworkOutputs | None
    """Subnets and security group of a function in the VPC."""
    root: Path
    """Directory of the project, which holds `services`."""
    waits: bool = False
    """Whether the stack is a standby that does not serve."""


class Function(pulumi.ComponentResource):
    """A function of the stack file."""

    outputs: FunctionOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:functions:Function", name, None, opts)
        self._name = name
        self._args = args
        settings = args.settings
        log = base.function_log(self, name, args.reached.keys.arn("logs"), settings.log_retention_days)
        failures = self._failures()
        made = base.function(self, name, self._function(log, failures))
        alias = self._alias(made)
        called = sources.Called(name=made.name, alias_arn=alias.arn)
        if settings.queue is not None:
            arn = args.reached.queues[settings.queue.name].arn
            sources.build_queue_source(self, name, settings.queue, arn, called)
        stream_arn = self._stream_arn()
        if settings.stream is not None and stream_arn is not None and failures is not None:
            sources.build_stream_source(self, name, settings.stream, (stream_arn, failures.arn), called)
        if settings.topic is not None and args.reached.streaming is not None and failures is not None:
            topic = TopicArgs(
                source=settings.topic,
                cluster_arn=args.reached.streaming.arn,
                failures_arn=failures.arn,
                waits=args.waits,
            )
            build_topic_source(self, name, topic, called)
        if settings.failures is not None and failures is not None:
            sources.build_failures(self, name, settings.failures, failures.arn, alias)
        sources.build_schedules(self, name, settings.schedules, args.reached.identity, called)
        self.outputs = FunctionOutputs(
            name=made.name,
            alias_arn=alias.arn,
            invoke_arn=alias.invoke_arn,
            failures=failures.name if failures else None,
        )
        self.register_outputs({"alias": alias.arn})

    def _stream_arn(self) -> pulumi.Output[str] | None:
        """Return the stream that the function works on; None = it works on none."""
        source, data = self._args.settings.stream, self._args.reached.data
        return data.tables[source.table].stream_arn if source is not None and data is not None else None

    def _failures(self) -> sqs.Queue | None:
        settings = self._args.settings
        if settings.failures is None:
            return None
        return sources.build_failures_queue(self, self._name, settings.failures, settings.purpose)

    def _function(self, log: cloudwatch.LogGroup, failures: sqs.Queue | None) -> base.FunctionArgs:
        args, settings = self._args, self._args.settings
        target = Target(settings.runtime, settings.architecture)
        archive = build(args.root, settings.handler, settings.distributions, target)
        return base.FunctionArgs(
            description=settings.purpose,
            role_description=f"Function {args.name}",
            handler=settings.handler,
            code=pulumi.FileArchive(archive.as_posix()),
            timeout_seconds=settings.timeout_seconds,
            memory_mib=settings.memory_mib,
            log_group=log,
            statements=[*self._statements(failures), base.writing(log)],
            environment=self._environment(),
            runtime=settings.runtime,
            architecture=settings.architecture,
            more=self._more(),
        )

    def _more(self) -> base.FunctionMore:
        args, settings = self._args, self._args.settings
        member, network = settings.member(args.name), args.network
        return base.FunctionMore(
            environment_key_arn=args.reached.keys.arn("secrets"),
            traced=settings.tracing,
            storage_mib=settings.storage_mib,
            reserved=settings.reserved_concurrency,
            signing_arn=settings.code_signing_arn,
            subnet_ids=network.subnets_of(member) if network and member else (),
            security_group_ids=[network.group_of(member)] if network and member else (),
            tags={"Purpose": settings.purpose},
        )

    def _environment(self) -> dict[str, pulumi.Input[str]]:
        reached, settings = self._args.reached, self._args.settings
        secrets = {name: reached.secret(one) for name, one in settings.secrets.items()}
        return {**settings.environment, **secrets, **reached.places(settings.places())}

    def _statements(self, failures: sqs.Queue | None) -> Iterator[Statement]:
        """Yield what the function may do, beside writing its log."""
        reached, settings = self._args.reached, self._args.settings
        yield from role_statements(settings.role, reached)
        arns = [reached.secret(one) for one in dict.fromkeys(settings.secrets.values())]
        yield from secret_statements(arns, reached, "the function reads the secrets whose ARNs its variables hold")
        yield base.opening(reached.keys.arn("secrets"), reached.identity.region)
        if settings.queue is not None:
            yield sources.queue_statement(reached.queues[settings.queue.name].arn)
        if (stream_arn := self._stream_arn()) is not None:
            yield from sources.stream_statements(stream_arn)
            if not settings.role.tables:
                yield open_tables(reached.keys, reached.identity)
        if settings.topic is not None and reached.streaming is not None:
            yield from topic_statements(settings.topic, reached.streaming.arn)
        if failures is not None:
            yield sources.failures_statement(failures.arn)
        if settings.tracing:
            yield send_traces("the function's traces")
        if settings.reaches:
            yield base.reaching()

    def _alias(self, made: lambda_.Function) -> lambda_.Alias:
        """Make the alias; where CodeDeploy releases, Pulumi leaves alone which versions it leads to."""
        settings = self._args.settings
        alias = lambda_.Alias(
            named(self._name, "alias"),
            name=ALIAS,
            description="What callers call",
            function_name=made.name,
            function_version=made.version,
            opts=child(
                self, ignore_changes=["functionVersion", "routingConfig"] if settings.release is not None else ()
            ),
        )
        if settings.provisioned_concurrency is not None:
            lambda_.ProvisionedConcurrencyConfig(
                named(self._name, "ready"),
                function_name=alias.function_name,
                qualifier=alias.name,
                provisioned_concurrent_executions=settings.provisioned_concurrency,
                opts=child(self),
            )
        return alias
