"""Settings of functions, and of what leads to them, that need others beside them (`test_settings_count.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.config.containersfile import STACK as SHOP
from tests.config.leaves import GONE

if TYPE_CHECKING:
    from collections.abc import Mapping

_MORE: Final = {"purpose": "More pictures", "visibility_timeout_seconds": 600}
_WATCH: Final = "sockets.routes.watch"
_SECRET: Final = "functions.thumbnails.secrets.PAYMENTS_SECRET"
_SECRETS: Final = "arn:aws:secretsmanager:us-east-1:100000000004:secret:"
_CHANGES: Final[Mapping[str, Mapping[str, Any]]] = {
    "functions.*.distributions.*": {"functions.quote.distributions": ["h11"]},
    "functions.*.handler": {"functions.quote.handler": "services.worker.log.configure"},
    "functions.*.queue.name": {"functions.thumbnails.queue.name": "more", "messaging.queues.more": _MORE},
    "functions.*.reaches.*": {"functions.thumbnails.reaches": ["postgres", "redis", "streaming"]},
    "functions.*.release.alarms.*": {"functions.thumbnails.release.alarms": ["throttled-functions"]},
    "functions.*.schedules.*.time_zone": {"functions.tidy.schedules.nightly.time_zone": "Europe/Paris"},
    "functions.*.secrets.*.of": {f"{_SECRET}.of": "postgres", f"{_SECRET}.arn": GONE},
    "api.routes.*.function": {"api.routes.quotes.function": "tidy", "functions.tidy.timeout_seconds": 10},
    "sockets.authorizer.function": {"sockets.authorizer.function": "thumbnails"},
    "sockets.routes.*.route_key": {f"{_WATCH}.route_key": "look"},
    "sockets.iam": {"sockets.iam": True, "sockets.authorizer": GONE},
    "sockets.public": {"sockets.public": "Everybody may look on", "sockets.authorizer": GONE},
    "sockets.routes.*.function": {f"{_WATCH}.function": "tidy", "functions.tidy.timeout_seconds": 20},
    "inference.models.*.model_id": {"inference.models.small.model_id": "openai.gpt-oss-120b-1:0"},
    "inference.models.*.regions.*": {
        "inference.models.wise.regions": ["us-east-1", "us-west-2"],
        "containers.services.worker.task.role.inference.models": ["wise"],
    },
    "inference.account_logging": {"inference.account_logging": "there", "inference.log_retention_days": GONE},
    "inference.provider_keys.*": {"inference.provider_keys.anthropic": f"{_SECRETS}shop/other-AbCdEf"},
    "containers.services.*.task.role.inference.models.*": {
        "containers.services.worker.task.role.inference.models": ["wise"],
    },
    "functions.*.role.inference.models.*": {"functions.thumbnails.role.inference.models": ["wise"]},
    "functions.*.stream.table": {
        "functions.tidy.stream.table": "counters",
        "data.tables.counters.stream": "NEW_AND_OLD_IMAGES",
    },
    "functions.*.tier": {"functions.thumbnails.tier": "private"},
}
FUNCTIONS: Final = {kind: (SHOP, changes) for kind, changes in _CHANGES.items()}
"""Kind of setting -> the stack, and what is changed there, the setting first."""
