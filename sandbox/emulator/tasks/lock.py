"""The lock of ECS's records. Nothing is called back into the emulator while it is held."""

from __future__ import annotations

import threading
from typing import Final

LOCK: Final = threading.RLock()
"""Held by whoever reads and changes the records: for a request, for a look at all services and tasks."""
