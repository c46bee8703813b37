"""What API Gateway takes of a WebSocket API, and how long it keeps a connection.

Source, read 2026-11-30: API Gateway Developer Guide, "Quotas for configuring and running a WebSocket in API Gateway".
What counts for all APIs of an account together is in `config.facts.http_api`.
"""

from __future__ import annotations

from typing import Final

TIMEOUT_MILLISECONDS: Final = (50, 29_000)
"""Shortest and longest time-out of an integration; no request may ask for more."""
CONNECTIONS_PER_SECOND: Final = 500
"""New connections a second of an account in a region, by default (L-9ED1E49A)."""
LIFE_SECONDS: Final = 7_200
"""Seconds after which API Gateway ends a connection, whatever it does; no request may ask for more."""
IDLE_SECONDS: Final = 600
"""Seconds of silence after which it ends a connection."""
MESSAGE_BYTES: Final = 128 * 1024
"""Most bytes of a message, either way; in frames of 32 KB at most."""
