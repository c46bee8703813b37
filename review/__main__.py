"""`python -m review STACK`: inventory and policy verdict of a stack, without engine, network or credentials."""

from __future__ import annotations

import argparse
import gc
import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from config import ConfigError, stack_file
from config.notes import notes
from config.pairs.files import file_beside_primary
from config.problems import dotted
from review.engine_json import EngineJsonError, from_preview, from_state, read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from config.stack import StackConfig
    from policy.compliance.matrix import Judged
    from policy.evaluate import Finding
    from policy.evidence.place import Place
    from review.changes import Changes
    from review.cost.rest import Rest
    from review.graph import Graph
    from review.verdict import Verdict


class _NothingToReviewError(Exception):
    """There is no graph to judge or to draw; the text says why."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print the review of one stack.

    Returns:
        0 where nothing stops a deployment, 1 where the policy pack does or a preview would lose data, 2 where the stack
        or a file cannot be read.
    """
    parser = _parser()
    options = parser.parse_args(argv)
    if options.accept_loss and not options.preview:
        parser.error("--accept-loss: only a preview loses anything; give it by --preview FILE")
    try:
        file = file_beside_primary(stack_file(options.stack))
        settings = file.settings
        graph = _graph(options, settings)
        if options.diagram:
            options.diagram.write_text(_picture(graph), encoding="utf-8")
    except (ConfigError, EngineJsonError, _NothingToReviewError, OSError) as error:
        print(error, file=sys.stderr)
        if options.json:
            print(json.dumps({"stack": options.stack, "error": str(error)}, indent=2))
        return 2
    from review.changes import changes_of  # noqa: PLC0415  same as below
    from review.cost.rest import at_rest  # noqa: PLC0415  same as below
    from review.places import Places  # noqa: PLC0415  same as below
    from review.verdict import judge  # noqa: PLC0415  a wrong stack file is answered before the pack is loaded

    today = datetime.now(tz=UTC).date()
    verdict = judge(graph, environment=settings.identity.environment, today=today)
    changes = changes_of(graph, options.accept_loss) if graph.source == "preview" else None
    place = Places(file, graph).of
    if options.sarif and not _written(options.sarif, graph, verdict, place):
        return 2
    matrix = _matrix(graph, verdict, settings) if options.matrix else ()
    rest = at_rest(graph, today)
    _show(graph, verdict, settings, changes, place, matrix, rest, as_json=options.json, every_cost=options.costs)
    return 0 if verdict.passed and (changes is None or changes.passed) else 1


def _picture(graph: Graph) -> str:
    from review.diagram import draw  # noqa: PLC0415
    from review.plan_view import view  # noqa: PLC0415

    try:
        return draw(view(graph))
    except LookupError as error:
        raise _NothingToReviewError(str(error)) from error


def _matrix(graph: Graph, verdict: Verdict, settings: StackConfig) -> Sequence[Judged]:
    from policy.compliance.matrix import judged  # noqa: PLC0415  as everything that loads the pack
    from review.verdict import profile_of  # noqa: PLC0415

    types = (resource.type for resource in graph.resources)
    return tuple(judged(types, verdict.findings, profile_of(settings.identity.environment)))


def _written(path: Path, graph: Graph, verdict: Verdict, place: Callable[[Finding], Place]) -> bool:
    """Write the verdict as SARIF; say why where that cannot be done."""
    from policy.catalog import rules  # noqa: PLC0415  as everything that loads the pack
    from policy.evidence.sarif import Run, sarif  # noqa: PLC0415

    run = Run(stack=graph.stack, rules=rules(), findings=verdict.findings, place=place)
    try:
        path.write_text(json.dumps(sarif([run]), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        print(error, file=sys.stderr)
        return False
    return True


def _show(  # noqa: PLR0913, PLR0917  everything there is to show
    graph: Graph,
    verdict: Verdict,
    settings: StackConfig,
    changes: Changes | None,
    place: Callable[[Finding], Place],
    matrix: Sequence[Judged],
    rest: Rest,
    *,
    as_json: bool,
    every_cost: bool,
) -> None:
    from policy.compliance import matrix as compliance  # noqa: PLC0415
    from policy.compliance.page import lines  # noqa: PLC0415
    from review import left_out, recovery, report  # noqa: PLC0415  rich is not needed to refuse a stack file
    from review.cost import report as cost  # noqa: PLC0415  same as above

    if as_json:
        document = report.as_json(graph, verdict, changes, place) | {
            "recovery": recovery.as_json(settings),
            "cost": cost.as_json(rest),
            "leftOut": left_out.left_out(settings),
            "notes": [{"path": dotted(one.path), "what": one.what, "ask": one.ask} for one in notes(settings)],
            **({"compliance": compliance.document(matrix)} if matrix else {}),
        }
        json.dump(document, sys.stdout, indent=2)
        print()
        return
    from rich.console import Console  # noqa: PLC0415

    console = Console(highlight=False, soft_wrap=True)
    costs = cost.as_text(rest, every_line=every_cost)
    more = (*recovery.as_text(settings), *costs, *left_out.as_text(settings), *map(str, notes(settings)))
    for part in report.as_text(graph, verdict, changes, more, place):
        console.print(part, markup=False)
    for line in lines(matrix):
        console.print(line, markup=False)


def _graph(options: argparse.Namespace, settings: StackConfig) -> Graph:
    if not (options.preview or options.state):
        return _recording(options.stack, settings)
    if options.preview:
        graph = from_preview(read_json(options.preview), options.stack)
    else:
        graph = from_state(read_json(options.state), options.stack)
    if not graph.custom():
        raise _NothingToReviewError(f"{options.stack}: no resource in the {graph.source}; there is nothing to judge")
    return graph


def _recording(stack: str, settings: StackConfig) -> Graph:
    from pulumi import RunError  # noqa: PLC0415  imports the SDKs, which takes a second

    from review.recording import record_stack  # noqa: PLC0415

    try:
        return record_stack(stack, settings)
    except (RunError, ValueError) as error:
        raise _NothingToReviewError(f"{stack}: {error}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m review", description=__doc__)
    parser.add_argument("stack", help="name of the stack, as in Pulumi.<stack>.yaml")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--matrix", action="store_true", help="also print what the stack says of each requirement of the frameworks"
    )
    parser.add_argument("--costs", action="store_true", help="also print every line of what the stack costs at rest")
    parser.add_argument("--sarif", type=Path, metavar="FILE", help="also write the verdict as SARIF 2.1.0")
    parser.add_argument("--diagram", type=Path, metavar="FILE", help="also draw what stands where, as SVG")
    parser.add_argument(
        "--accept-loss",
        action="append",
        default=[],
        metavar="NAME",
        help="let the preview replace or delete this resource, though it holds data (logical name or URN; repeatable)",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--preview", type=Path, metavar="FILE", help="judge the output of `pulumi preview --json --show-sames`"
    )
    source.add_argument("--state", type=Path, metavar="FILE", help="judge the output of `pulumi stack export`")
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    gc.disable()  # garbage does not matter to a process of seconds; looking for it takes a third of them
    status = main()
    gc.freeze()  # nor does the interpreter look once more at its end
    sys.exit(status)
