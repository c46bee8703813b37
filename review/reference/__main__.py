"""`python -m review.reference [--check]`: write the pages of `docs/reference/`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Final

from review.reference import components, settings
from review.reference.components import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FOLDER: Final = ROOT / "docs" / "reference"
PAGES: Final[Mapping[str, Callable[[], str]]] = {"settings.md": settings.page, "components.md": components.page}
"""Name of a page -> what writes it."""


def main(arguments: Sequence[str]) -> int:
    """Write the pages; with `--check` only compare them, and return 1 where one is not up to date."""
    parser = argparse.ArgumentParser(prog="python -m review.reference", description="Write docs/reference/.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is not up to date")
    check = parser.parse_args(arguments).check
    stale = False
    for name, page in PAGES.items():
        path, text = FOLDER / name, page()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale = True
        if check:
            sys.stdout.write(f"docs/reference/{name} is not up to date; run `make reference`\n")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return int(check and stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
