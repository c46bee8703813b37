"""What of a standby's services and queues is held against its primary's, and what is not."""

from __future__ import annotations

from typing import Final

from config.pairs.measures import equal_sets, same_image
from config.pairs.row import at_least, same, there

_QUEUE: Final = "messaging.queues.*"
MESSAGING: Final = (
    *there("who sends or works finds no queue", _QUEUE),
    *same("messages would be tried otherwise", f"{_QUEUE}.visibility_timeout_seconds", f"{_QUEUE}.max_receives"),
    *at_least(
        "messages would be lost sooner", f"{_QUEUE}.retention_seconds", f"{_QUEUE}.dead_letter_retention_seconds"
    ),
)
_SERVICE: Final = "containers.services.*"
CONTAINERS: Final = (
    *there("what it does for others would be done by nobody", _SERVICE),
    *same("services would be found by other names", "containers.namespace", f"{_SERVICE}.discoverable"),
    *same("the failover would change the version", f"{_SERVICE}.task.image", holds=same_image),
    *same(
        "tasks would be other tasks",
        f"{_SERVICE}.task.command",
        f"{_SERVICE}.task.user",
        f"{_SERVICE}.task.size.architecture",
        f"{_SERVICE}.task.volumes",
        f"{_SERVICE}.task.stop_timeout_seconds",
    ),
    *same(
        "tasks would lack their rights",
        f"{_SERVICE}.task.role.buckets.*.actions",
        f"{_SERVICE}.task.role.queues.*.actions",
        f"{_SERVICE}.task.role.tables.*.actions",
        f"{_SERVICE}.task.role.sockets.calls",
        holds=equal_sets,
    ),
    *same(
        "tasks would lack their rights",
        f"{_SERVICE}.task.role.buckets.*.prefix",
        f"{_SERVICE}.task.role.database.user",
        f"{_SERVICE}.task.role.inference.models",
    ),
    *at_least(
        "tasks would have less to work with",
        f"{_SERVICE}.task.size.cpu_units",
        f"{_SERVICE}.task.size.memory_mib",
        f"{_SERVICE}.task.size.storage_gib",
    ),
    *at_least("fewer tasks would do the same work", f"{_SERVICE}.scaling.max"),
    *at_least("what is promised of it would not hold", f"{_SERVICE}.always_running", f"{_SERVICE}.capacity.base"),
    *same("nobody would be let in, or others", f"{_SERVICE}.port", f"{_SERVICE}.protocol"),
    *same("nobody would be let in, or others", f"{_SERVICE}.clients", f"{_SERVICE}.reaches", holds=equal_sets),
    *same(
        "requests would be sent otherwise",
        f"{_SERVICE}.target.paths",
        f"{_SERVICE}.target.priority",
        f"{_SERVICE}.target.health_path",
        f"{_SERVICE}.target.deregistration_delay_seconds",
    ),
    *same(
        "requests would be sent otherwise",
        f"{_SERVICE}.api_target.health_path",
        f"{_SERVICE}.api_target.deregistration_delay_seconds",
    ),
    *same("requests would be sent otherwise", f"{_SERVICE}.target.hosts", holds=equal_sets),
    *same("work would be cut off", f"{_SERVICE}.task_protection"),
)
_FUNCTION: Final = "functions.*"
FUNCTIONS: Final = (
    *there("what it does for others would be done by nobody", _FUNCTION),
    *same(
        "the failover would change the code, or what it runs on",
        f"{_FUNCTION}.handler",
        f"{_FUNCTION}.runtime",
        f"{_FUNCTION}.architecture",
    ),
    *same("the failover would change the code, or what it runs on", f"{_FUNCTION}.distributions", holds=equal_sets),
    *same(
        "it would lack its rights",
        f"{_FUNCTION}.role.buckets.*.actions",
        f"{_FUNCTION}.role.queues.*.actions",
        f"{_FUNCTION}.role.tables.*.actions",
        f"{_FUNCTION}.role.sockets.calls",
        holds=equal_sets,
    ),
    *same(
        "it would lack its rights",
        f"{_FUNCTION}.role.buckets.*.prefix",
        f"{_FUNCTION}.role.database.user",
        f"{_FUNCTION}.role.inference.models",
    ),
    *same("it would not be let in", f"{_FUNCTION}.reaches", holds=equal_sets),
    *at_least(
        "it would have less to work with",
        f"{_FUNCTION}.memory_mib",
        f"{_FUNCTION}.timeout_seconds",
        f"{_FUNCTION}.storage_mib",
        f"{_FUNCTION}.failures.retries",
        f"{_FUNCTION}.failures.max_age_seconds",
        f"{_FUNCTION}.failures.retention_seconds",
    ),
    *at_least(
        "fewer executions would do the same work",
        f"{_FUNCTION}.reserved_concurrency",
        f"{_FUNCTION}.queue.max_concurrency",
    ),
    *same("nobody would work on the queue", f"{_FUNCTION}.queue.name"),
)
_GUARDRAIL: Final = "inference.guardrail"
INFERENCE: Final = (
    *there("who calls it would find no model", "inference.models.*"),
    *same(
        "the failover would let through, or refuse, what the primary's guardrail does not",
        f"{_GUARDRAIL}.filters",
        f"{_GUARDRAIL}.topics",
        f"{_GUARDRAIL}.profanity",
        f"{_GUARDRAIL}.patterns",
        f"{_GUARDRAIL}.grounding",
        f"{_GUARDRAIL}.relevance",
    ),
    *same(
        "the failover would let through, or refuse, what the primary's guardrail does not",
        f"{_GUARDRAIL}.words",
        f"{_GUARDRAIL}.blocked_personal",
        f"{_GUARDRAIL}.masked_personal",
        holds=equal_sets,
    ),
)
_SOCKET: Final = "sockets.routes.*"
SOCKETS: Final = (
    *there("clients would find no route", _SOCKET),
    *same("both serve one name", "sockets.host", bound="always"),
    *same("clients would be answered otherwise", f"{_SOCKET}.route_key", f"{_SOCKET}.function", f"{_SOCKET}.replies"),
    *same("others may connect, or nobody", "sockets.authorizer.function", "sockets.iam"),
    *same(
        "others may connect, or nobody", "sockets.authorizer.headers", "sockets.authorizer.queries", holds=equal_sets
    ),
    *at_least(
        "messages would be refused, or given up, that the primary answers",
        "sockets.throttling.rate",
        "sockets.throttling.burst",
        f"{_SOCKET}.throttling.rate",
        f"{_SOCKET}.throttling.burst",
        f"{_SOCKET}.timeout_milliseconds",
    ),
)
_ROUTE: Final = "api.routes.*"
API: Final = (
    *there("callers would find no route", _ROUTE),
    *same("both serve one name", "api.host", bound="always"),
    *same("callers would be taken otherwise", f"{_ROUTE}.route_key", f"{_ROUTE}.service", f"{_ROUTE}.function"),
    *same("others may call, or nobody", f"{_ROUTE}.authorization", "api.jwt.issuer"),
    *same("others may call, or nobody", f"{_ROUTE}.scopes", "api.jwt.audience", holds=equal_sets),
    *same(
        "pages of other origins would be refused, or let in",
        "api.cors.origins",
        "api.cors.methods",
        "api.cors.headers",
        "api.cors.exposed_headers",
        holds=equal_sets,
    ),
    *same(
        "pages of other origins would be refused, or let in",
        "api.cors.credentials",
        "api.cors.max_age_seconds",
    ),
    *at_least(
        "requests would be refused, or given up, that the primary answers",
        "api.throttling.rate",
        "api.throttling.burst",
        f"{_ROUTE}.throttling.rate",
        f"{_ROUTE}.throttling.burst",
        f"{_ROUTE}.timeout_milliseconds",
    ),
)

FREE_SERVICES: Final = {
    "messaging.queues.*.purpose": "words",
    "functions.*.purpose": "words",
    "functions.*.provisioned_concurrency": "thrift: a waiting standby starts none ahead",
    "functions.*.tracing": "measurements",
    "functions.*.environment": "places and names of each region",
    "functions.*.secrets.*.*": "each region has its own secrets",
    "functions.*.role.*.*.reason": "words",
    "functions.*.role.database.reason": "words",
    "functions.*.role.sockets.reason": "words",
    "functions.*.role.inference.reason": "words",
    "functions.*.tier": "each region has a plan of its own",
    "functions.*.queue.batch_size": "pace, not capacity",
    "functions.*.queue.window_seconds": "pace, not capacity",
    "functions.*.stream.*": "a primary's alone: a standby's copy of a table is made by its primary",
    "functions.*.schedules.*.*": "what is planned may run in one region only",
    "functions.*.release.*": "how versions are released, in each region by itself",
    "functions.*.code_signing_arn": "each region has a configuration of its own",
    "functions.*.log_retention_days": "records",
    "containers.insights": "measurements",
    "containers.sessions.*": "records",
    "containers.services.*.purpose": "words",
    "containers.services.*.tier": "each region has a plan of its own",
    "containers.services.*.log_retention_days": "records",
    "containers.services.*.desired": "a count at creation only, or thrift while it waits; the most are held",
    "containers.services.*.capacity.fargate_weight": "thrift, not capacity; what must not be interrupted is held",
    "containers.services.*.capacity.spot_weight": "thrift, not capacity; what must not be interrupted is held",
    "containers.services.*.scaling.min": "a waiting standby has little to do; what is promised is held",
    "containers.services.*.scaling.cpu_percent": "a waiting standby answers load otherwise; its most are held",
    "containers.services.*.scaling.memory_percent": "a waiting standby answers load otherwise; its most are held",
    "containers.services.*.scaling.requests_per_target": "a waiting standby answers load otherwise",
    "containers.services.*.scaling.backlog.*": "a waiting standby answers load otherwise; its own rules bind them",
    "containers.services.*.scaling.scale_out_seconds": "pace, not capacity",
    "containers.services.*.scaling.scale_in_seconds": "pace, not capacity",
    "containers.services.*.scaling.scheduled.*.*": "bounds by the clock, which only who serves needs",
    "containers.services.*.target.ping_seconds": "held to the time-outs of its own region",
    "containers.services.*.target.interval_seconds": "patience, not capacity",
    "containers.services.*.target.timeout_seconds": "patience, not capacity",
    "containers.services.*.target.healthy_threshold": "patience, not capacity",
    "containers.services.*.target.unhealthy_threshold": "patience, not capacity",
    "containers.services.*.target.grace_seconds": "patience, not capacity",
    "containers.services.*.api_target.interval_seconds": "patience, not capacity",
    "containers.services.*.api_target.timeout_seconds": "patience, not capacity",
    "containers.services.*.api_target.healthy_threshold": "patience, not capacity",
    "containers.services.*.api_target.unhealthy_threshold": "patience, not capacity",
    "containers.services.*.api_target.grace_seconds": "patience, not capacity",
    "api.tier": "each region has a plan of its own",
    "api.log_retention_days": "records",
    "api.routes.*.public": "words",
    "sockets.log_retention_days": "records",
    "inference.models.*.*": "each region offers models of its own, or its own profiles; the name is held",
    "inference.guardrail.blocked_prompt": "words",
    "inference.guardrail.blocked_answer": "words",
    "inference.provider_keys": "each region has its own secrets; who names one is refused where it is missing",
    "inference.account_logging": "each region of an account has one setting of its own",
    "inference.log_retention_days": "records",
    "inference.logs_text": "records",
    "sockets.public": "words",
    "sockets.account_logging": "each region of an account has one role of its own",
    "containers.services.*.tracing.*": "measurements",
    "containers.services.*.deployment.*": "how tasks are replaced, in each region by itself",
    "containers.services.*.task.health.*": "patience, not capacity",
    "containers.services.*.task.environment": "places and names of each region",
    "containers.services.*.task.secrets.*.*": "each region has its own secrets",
    "containers.services.*.task.role.*.*.reason": "words",
    "containers.services.*.task.role.database.reason": "words",
    "containers.services.*.task.role.sockets.reason": "words",
    "containers.services.*.task.role.inference.reason": "words",
    "containers.services.*.task.ecs_exec": "who operates from where",
}
"""What may differ without a reason, and why."""
