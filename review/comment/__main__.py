"""`python -m review.comment --base main`: the comment for a pull request; `post` puts it there, or edits it."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from config import ConfigError, stack_file, stack_files
from review.comment.post import API, Place, PostError, post
from review.difference.revision import RevisionError

if TYPE_CHECKING:
    from collections.abc import Sequence

TOKEN = "GITHUB_TOKEN"  # noqa: S105  the name of a variable
"""Variable that holds the token; a token among the arguments would be seen by everybody on the machine."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print or post the comment.

    Returns:
        0; 1 where what the comment says stops the change, or it was not posted; 2 where nothing can be compared.
    """
    options = _parser().parse_args(argv)
    try:
        if options.command == "post":
            sys.stderr.write(f"{_posted(options)}\n")
            return 0
        return _printed(options)
    except PostError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (ConfigError, OSError, RevisionError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _printed(options: argparse.Namespace) -> int:
    from review.comment.fit import fit  # noqa: PLC0415  a wrong name is answered before the pack is loaded
    from review.comment.gather import Side, gathered  # noqa: PLC0415  same as above
    from review.comment.page import sections, stops  # noqa: PLC0415  same as above
    from review.difference.against import NotRecorded, against  # noqa: PLC0415  same as above
    from review.places import Places  # noqa: PLC0415  same as above
    from review.recovery import as_json  # noqa: PLC0415  same as above

    stacks = [stack_file(stack).name.split(".")[1] for stack in options.stacks] or list(stack_files())
    today = datetime.now(tz=UTC).date()
    reviews, errors = [], {}
    for one in against(options.base, stacks):
        if isinstance(one, NotRecorded):
            errors[one.stack] = one.why
            continue
        settings, after = one.file.settings, one.difference.after
        before = Side(graph=one.before.graph, environment=one.before.environment, services=one.before.services)
        now = Side(graph=after, environment=settings.identity.environment, services=as_json(settings)["services"])
        reviews.append(gathered(one.difference, before, now, today=today, at=Places(one.file, after).at))
    sys.stdout.write(fit(sections(reviews, errors)))
    return int(any(True for _ in stops(reviews, errors)))


def _posted(options: argparse.Namespace) -> str:
    text = Path(options.file).read_text(encoding="utf-8") if options.file != "-" else sys.stdin.read()
    token = os.environ.get(TOKEN, "")
    if not token:
        raise PostError(f"{TOKEN} is not set: give the token of a job that may write pull requests there")
    place = Place(api=options.api, repository=options.repository, pull=options.pull, token=token)
    return post(place, text, commit=options.commit, run=options.run)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m review.comment", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("show", help="print the comment")
    show.add_argument("stacks", nargs="*", help="names of stacks, as in Pulumi.<stack>.yaml; none = all")
    show.add_argument("--base", default="main", metavar="REV", help="commit to compare the working tree with")
    put = commands.add_parser("post", help="put the comment of a file under a pull request, or edit the one there")
    put.add_argument("file", help="what `show` has printed; - = standard input")
    put.add_argument("--repository", required=True, metavar="OWNER/NAME", help="repository of the pull request")
    put.add_argument("--pull", required=True, type=int, metavar="NUMBER", help="its number")
    put.add_argument("--commit", required=True, metavar="SHA", help="commit that was reviewed")
    put.add_argument(
        "--run", required=True, type=int, metavar="NUMBER", help="number of the run; an older one edits none"
    )
    put.add_argument("--api", default=API, metavar="URL", help=f"API of GitHub, or of one that is like it; {API}")
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    gc.disable()  # as of a review
    status = main()
    gc.freeze()
    sys.exit(status)
