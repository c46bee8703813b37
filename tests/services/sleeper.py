"""A worker for tests: a message says how long it takes, and what is written once it is done."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from services.worker import Message, Settings, Worker, log

if TYPE_CHECKING:
    from collections.abc import Callable


def work(done: Path) -> Callable[[Message], None]:
    """Return a work that sleeps, then appends a line to a file."""

    def sleep(message: Message) -> None:
        asked = json.loads(message.body)
        time.sleep(asked["seconds"])
        with done.open("a", encoding="utf-8") as file:
            file.write(f"{asked['name']} {os.getpid()}\n")

    return sleep


def main() -> int:
    """Run the worker."""
    parser = argparse.ArgumentParser()
    parser.add_argument("done", type=Path)
    for name in ("longest", "stop", "visibility", "poll", "retry"):
        parser.add_argument(f"--{name}-seconds", type=int, required=True)
    given = vars(parser.parse_args())
    done = given.pop("done")
    log.configure()
    return Worker(Settings(queue_url=os.environ["QUEUE"], **given), work(done)).run()


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)
