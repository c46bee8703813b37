"""`python -m review.fix STACK`: what the policy pack asks to change, as a diff of the stack file and its bases.

Where a setting gives an input its value, and the finding says what is allowed, the setting gets that value. Everything
else stands in the program: the line of the component is named. Nothing is written without `--write`, and nothing that
makes the stack file wrong.
"""

from __future__ import annotations

import argparse
import difflib
import re
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from config import ConfigError, stack_file
from config.explain import leaves
from config.files import ROOT
from config.pairs.files import file_beside_primary
from config.problems import dotted
from policy.evidence.place import input_of
from policy.remediation import REMEDIATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from config.files import StackFile
    from policy.evaluate import Finding
    from review.graph import Graph, Resource
    from review.places import Places

_ALLOWED: Final = re.compile(
    r"; allowed: (?:at (?:least|most) (\d+)(?: days)?|(\d+) to \d+(?: days)?|(true|false)|anything but (true|false))$"
)
"""How a problem ends whose fix is one number, the least of a range, or one boolean."""
_OPPOSITE: Final = {"true": "false", "false": "true"}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One setting that gets another value."""

    file: str
    line: int
    setting: str
    old: str
    """As it is written."""
    new: str


def proposed(file: StackFile, places: Places, findings: Sequence[Finding]) -> list[tuple[Finding, Change]]:
    """Return the findings that a setting mends, each with the change of it.

    Where two ask for different values of a setting, the first has its way, and the other is judged by the next run.
    """
    settings = {dotted(path): path for path, _ in leaves(file.settings)}
    found: list[tuple[Finding, Change]] = []
    made: dict[str, Change] = {}
    for finding in findings:
        place, new = places.of(finding), _allowed(finding)
        path = settings.get(place.setting)
        old = None if path is None or new is None else file.layers.written(path)
        if new is None or old is None or f" is {old};".lower() not in finding.problem.lower():
            continue
        change = Change(file=place.file, line=place.line, setting=place.setting, old=old, new=new)
        if made.setdefault(place.setting, change) == change:
            found.append((finding, change))
    return found


def _allowed(finding: Finding) -> str | None:
    """Return the value that a finding asks for, as YAML; None where it is not one value."""
    said = _ALLOWED.search(finding.problem)
    if said:
        return said[1] or said[2] or said[3] or _OPPOSITE[said[4]]
    value = REMEDIATIONS.get(finding.rule.name)
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def rewritten(changes: Sequence[Change], root: Path = ROOT) -> Mapping[Path, tuple[str, str]]:
    """Return the text of each file before and after.

    Raises:
        ValueError: a line does not hold its setting once, as `key: value`.
    """
    texts: dict[Path, tuple[str, str]] = {}
    for one in changes:
        path = root / one.file
        before, text = texts.get(path) or (path.read_text(encoding="utf-8"),) * 2
        lines = text.splitlines(keepends=True)
        key = re.escape(one.setting.rpartition(".")[2])
        asked = re.compile(rf"(\b{key}:\s+){re.escape(one.old)}(?=\s*(?:[,}}#]|$))")
        lines[one.line - 1], number = asked.subn(rf"\g<1>{one.new}", lines[one.line - 1])
        if number != 1:
            raise ValueError(f"{one.file}:{one.line}: {one.setting} does not stand there once; change it by hand")
        texts[path] = (before, "".join(lines))
    return texts


def diff(texts: Mapping[Path, tuple[str, str]], root: Path = ROOT) -> Iterator[str]:
    """Yield the lines of a unified diff."""
    for path, (before, after) in texts.items():
        name = path.relative_to(root).as_posix()
        lines = (before.splitlines(), after.splitlines())
        yield from difflib.unified_diff(*lines, f"a/{name}", f"b/{name}", lineterm="")


def component(graph: Graph, resource: Resource | None, root: Path = ROOT) -> str:
    """Return `file:line` of the component that makes a resource; empty where the program has no such line."""
    while resource is not None:
        literal = f'"{resource.type}"'
        if not resource.custom:
            for path in sorted((root / "components").rglob("*.py")):
                for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                    if literal in line:
                        return f"{path.relative_to(root).as_posix()}:{number}"
        resource = graph.by_urn.get(resource.parent)
    return ""


def write(texts: Mapping[Path, tuple[str, str]], stack: Path) -> None:
    """Write files, and put them back where the stack file is wrong then.

    Raises:
        ConfigError: what is wrong with it.
    """
    for path, (_, after) in texts.items():
        path.write_text(after, encoding="utf-8")
    try:
        file_beside_primary(stack)
    except ConfigError:
        for path, (before, _) in texts.items():
            path.write_text(before, encoding="utf-8")
        raise


def main(arguments: Sequence[str]) -> int:
    """Print the diff, and the lines of components; write it where that is asked for.

    Returns:
        0 where nothing is left to do by hand, 1 where something is, 2 where the stack cannot be read or written.
    """
    parser = argparse.ArgumentParser(prog="python -m review.fix", description="Propose what the policy pack asks for.")
    parser.add_argument("stack", help="name of the stack, as in Pulumi.<stack>.yaml")
    parser.add_argument("--write", action="store_true", help="write the proposed settings")
    options = parser.parse_args(arguments)
    try:
        path = stack_file(options.stack)
        file = file_beside_primary(path)
        graph, places, findings = _judged(options.stack, file)
        changes = proposed(file, places, findings)
        texts = rewritten(list(dict.fromkeys(change for _, change in changes)))
        sys.stdout.writelines(f"{line}\n" for line in diff(texts))
        if options.write:
            write(texts, path)
    except (ConfigError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    mended = [id(finding) for finding, _ in changes]
    left = [one for one in findings if id(one) not in mended]
    sys.stdout.writelines(f"{_by_hand(graph, places, one)}\n" for one in left)
    return int(bool(left))


def _judged(stack: str, file: StackFile) -> tuple[Graph, Places, Sequence[Finding]]:
    from review.places import Places  # noqa: PLC0415  a wrong stack file is answered before the program is loaded
    from review.recording import record_stack  # noqa: PLC0415
    from review.verdict import judge  # noqa: PLC0415

    graph = record_stack(stack, file.settings)
    verdict = judge(graph, environment=file.settings.identity.environment, today=datetime.now(tz=UTC).date())
    return graph, Places(file, graph), verdict.blocking


def _by_hand(graph: Graph, places: Places, finding: Finding) -> str:
    where = component(graph, graph.by_urn.get(finding.urn)) or str(places.of(finding))
    about = f" ({input_of(finding)})" if input_of(finding) else ""
    return f"{where}: by hand{about}: {finding.message}"


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    sys.exit(main(sys.argv[1:]))
