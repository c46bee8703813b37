"""`python -m review.difference --base main`: what a change does to each stack, offline; or what a preview would do."""

from __future__ import annotations

import argparse
import gc
import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config import ConfigError, stack_file, stack_files
from config.pairs.files import file_beside_primary
from review.difference.revision import RevisionError
from review.engine_json import EngineJsonError, from_preview, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.difference.compare import Difference


class _NothingToCompareError(Exception):
    """There are no two sides; the text says why."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print what differs.

    Returns:
        0; 1 where a stack cannot be recorded on one of the sides, 2 where nothing can be compared.
    """
    options = _parser().parse_args(argv)
    try:
        stacks = [stack_file(stack).name.split(".")[1] for stack in options.stacks] or list(stack_files())
        found = [_previewed(options.preview, stacks)] if options.preview else list(_against(options.base, stacks))
    except (ConfigError, EngineJsonError, OSError, RevisionError, _NothingToCompareError) as error:
        sys.stderr.write(f"{error}\n")
        if options.json:
            print(json.dumps({"error": str(error)}, indent=2))
        return 2
    _show(found, as_json=options.json)
    return int(any(isinstance(one, str) for _, one in found))


def _previewed(path: Path, stacks: Sequence[str]) -> tuple[str, Difference | str]:
    """Return a stack with what its preview would do.

    Raises:
        _NothingToCompareError: It is not said whose preview it is.
    """
    from review.difference.compare import of_preview  # noqa: PLC0415  a wrong file is answered before

    if len(stacks) != 1:
        raise _NothingToCompareError("--preview: a preview is one stack's; name it")
    return stacks[0], of_preview(from_preview(read_json(path), stacks[0]))


def _against(revision: str, stacks: Sequence[str]) -> Iterator[tuple[str, Difference | str]]:
    """Yield each stack with what differs from the commit; with a sentence where one side cannot be recorded."""
    from review.difference.against import NotRecorded, against  # noqa: PLC0415  imports the SDKs, which takes a second

    for one in against(revision, stacks):
        yield one.stack, f"{one.stack}: {one.why}" if isinstance(one, NotRecorded) else one.difference


def _show(compared: Sequence[tuple[str, Difference | str]], *, as_json: bool) -> None:
    from review.difference import report  # noqa: PLC0415  same as above
    from review.places import Places  # noqa: PLC0415  same as above

    documents: list[dict[str, Any]] = []
    for stack, found in compared:
        if isinstance(found, str):
            documents.append({"stack": stack, "error": found})
            continue
        at = Places(file_beside_primary(stack_file(stack)), found.after).at
        if as_json:
            documents.append(report.as_json(found, at))
        else:
            print("\n".join(report.as_text(found, at)))
    if as_json:
        print(json.dumps({"stacks": documents}, indent=2))
    for one in documents:
        if "error" in one:
            sys.stderr.write(f"{one['error']}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m review.difference", description=__doc__)
    parser.add_argument("stacks", nargs="*", help="names of stacks, as in Pulumi.<stack>.yaml; none = all")
    parser.add_argument("--base", default="main", metavar="REV", help="commit to compare the working tree with")
    parser.add_argument(
        "--preview", type=Path, metavar="FILE", help="report the output of `pulumi preview --json --show-sames` instead"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    gc.disable()  # as of a review
    status = main()
    gc.freeze()
    sys.exit(status)
