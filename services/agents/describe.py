"""`python -m services.agents.describe DIRECTORY`: write what describes the two APIs, openapi.json and asyncapi.json."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from services.agents import http, sockets_description

if TYPE_CHECKING:
    from collections.abc import Sequence


def descriptions() -> dict[str, str]:
    """Return name of a file -> what it says."""
    return {"openapi.json": http.description(), "asyncapi.json": sockets_description.description()}


def main(given: Sequence[str] | None = None) -> None:
    """Write them."""
    parser = argparse.ArgumentParser(prog="services.agents.describe", description="writes what describes the APIs")
    parser.add_argument("directory", type=Path)
    directory = parser.parse_args(given).directory
    for name, said in descriptions().items():
        (directory / name).write_text(said, encoding="utf-8")


if __name__ == "__main__":
    main()
