"""Users who make one request again and again, as locust runs them: `make load URL=...` does, in a process of its own.

LOAD_METHOD, LOAD_PATH (`$` in it is a number that is another each time) and LOAD_PAUSE_SECONDS are needed.
"""

from __future__ import annotations

import os
import random
from typing import Final

from locust import HttpUser, between, task

PAUSE: Final = float(os.environ["LOAD_PAUSE_SECONDS"])
METHOD: Final = os.environ["LOAD_METHOD"]
PATH: Final = os.environ["LOAD_PATH"]
MOST: Final = 10**9
"""Numbers that stand for `$`; billions of records have as many."""


class Client(HttpUser):  # type: ignore[misc] # locust is installed beside the checkout, and has no types here
    """Somebody who makes the request of a claim."""

    wait_time = between(PAUSE, 2 * PAUSE)

    @task  # type: ignore[untyped-decorator] # of locust, see above
    def ask(self) -> None:
        """Make the request; redirects lead to other hosts, and are not followed."""
        path = PATH.replace("$", str(random.randrange(MOST)))  # noqa: S311 no secret
        self.client.request(METHOD, path, name=f"{METHOD} {PATH}", allow_redirects=False)
