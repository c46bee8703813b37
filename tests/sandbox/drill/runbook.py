"""The commands of a runbook: its blocks marked `sh`, which are typed as they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.paths import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = CHECKOUT / "docs" / "runbooks"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
AWS = re.compile(r"\baws (?!:)[a-z0-9-]+ [a-z0-9-]+")
NAMES = ("failover", "failback", "region-loss", "degradation", "scaling", "restore")


def text(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def blocks(name: str) -> list[str]:
    """Return the blocks of a runbook in their order."""
    return BLOCK.findall(text(name))


def spoken_of(name: str) -> set[str]:
    """Return the AWS commands a runbook names anywhere, such as `aws rds describe-db-instances`."""
    return set(AWS.findall(" ".join(text(name).split())))


def links(name: str) -> list[Path]:
    """Return the files a runbook points to."""
    found = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text(name))
    return [(FOLDER / target).resolve() for target in found if not target.startswith("http")]
