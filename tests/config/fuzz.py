"""`python -m tests.config.fuzz [--mutations N] [--seed S]`: stack files spoilt at random, each judged.

Whatever a file holds, the answer is settings or problems: no traceback, each problem on one line of text, with a line
of the file and a value that stands there, and none after more than two seconds of the processor.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.bases import FOLDER
from config.check import check
from config.files import ROOT, stack_files
from tests.config.flat import flat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from config import Problem

SLOWEST_SECONDS: Final = 2.0
FILES: Final = {name: path.read_bytes() for name, path in stack_files().items()}
BASES: Final = {path.name: path.read_bytes() for path in (ROOT / FOLDER).glob("*.yaml")}
WHOLE: Final = (*FILES.values(), *(flat(path).encode() for path in stack_files().values()))
"""Stack files as they are, and each with what its bases say as one that extends nothing."""
NASTY: Final = (
    b"", b"~", b"null", b"0x_", b"0b_", b"0o", b"0x", b"-", b"--5", b"+", b".", b"._", b"1_000", b"0777", b"1e3",
    b"1e999", b"-1e999", b"9" * 4300, b"0x" + b"f" * 5000, b"9" * 30, b"1." + b"0" * 400, b".nan", b".inf", b"-.INF",
    b"NaN", b"Infinity", b"yes", b"off", b"True", b"2026-11-21", b"2026-11-21T10:00:00Z", b"12:30:45", b"\xc3\xa9",
    b'"\\ud800"', b'"\\U00110000"', b'"\\x00"', b'"\\x85"', b'"\\x1b[31m"', b"\xff\xfe", b"\xed\xa0\x80", b"\x00",
    b"\x07", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xc2\x85", b"\xf4\x90\x80\x80", b"\xe2\x80\xae", b"\t", b"*nowhere",
    b"*a", b"&a", b"&a [*a]", b"!!int 5", b"!!binary aGk=", b"!!python/object:os.system x", b"!x", b"!", b"%YAML 1.1",
    b"--- 1", b"...", b"@x", b"`x`", b"{", b"[", b"}", b"]", b"{}", b"[]", b"[[]]", b"{a: {b: c}}", b"[1, 1]",
    b"[a, a]", b"? x", b"- x", b"|", b">-", b"'", b'"', b"''", b'""', b"a: b: c", b"<<: {a: 1}", b"{<<: 5}",
    b"# comment", b"[" * 2000, b"{a: " * 500, b"- " * 3000, b"x" * 100_000, b"a." * 3000, b"eyJ-" * 1000, b"password",
    b"{secure: v1:abc}", b"AKIAABCDEFGHIJKLMNOP", b"https://u:p@h/", b"-1", b"0", b"1", b"1.5", b"99999999",
    b"10.0.0.1/8", b"0.0.0.0/0", b"::/0", b"10.0.0.0/33", b"us-east-1", b"prod", b"dr", b"[key]", b"(hidden)",
    b"{" + b",".join(b"k%d: v" % n for n in range(4000)) + b"}", b"[" + b"x," * 5000 + b"]",
    b"[" + b",".join(b"10.%d.%d.0/24" % (n // 250, n % 250) for n in range(4000)) + b"]",
)  # fmt: skip
"""What is put in the place of values, keys and bytes."""
_LEAF: Final = re.compile(rb"(?<=[:\[,-] )[^\s,\[\]{}#&*][^,\]}#\n]{0,200}")
_KEY: Final = re.compile(rb"(?<![\w.:-])[A-Za-z_][\w.:-]*(?=:[ \n])")
_BLOCK: Final = re.compile(rb"^( *)[A-Za-z_][\w.:-]*:[^\n]*\n(?:\1 [^\n]*\n| *#[^\n]*\n|\n)*", re.MULTILINE)


def _bytes(text: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(text) + 1)
    return (
        text[:at]
        + chance.choice((bytes([chance.randrange(256)]), chance.choice(NASTY)))
        + text[at + chance.randrange(3) :]
    )


def _cut(text: bytes, chance: random.Random) -> bytes:
    begin, end = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
    return chance.choice((text[:begin], text[begin:], text[:begin] + text[end:]))


def _lines(text: bytes, chance: random.Random) -> bytes:
    lines = text.split(b"\n")
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    several = lines[at : at + chance.randrange(1, 9)]
    match chance.randrange(4):
        case 0:
            del lines[at : at + len(several)]
        case 1:
            lines[to:to] = several
        case 2:
            lines[at], lines[to] = lines[to], lines[at]
        case _:
            lines[at : at + 2] = [b" ".join(lines[at : at + 2])]
    return b"\n".join(lines)


def _comment(text: bytes, chance: random.Random) -> bytes:
    lines = text.split(b"\n")
    at = chance.randrange(len(lines))
    for number in range(at, min(len(lines), at + chance.randrange(1, 30))):
        lines[number] = b"#" + lines[number]
    return b"\n".join(lines)


def _indentation(text: bytes, chance: random.Random) -> bytes:
    lines = text.split(b"\n")
    at, by = chance.randrange(len(lines)), chance.choice((b" ", b"  ", b"    ", b"\t", b"- ", b""))
    for number in range(at, min(len(lines), at + chance.randrange(1, 12))):
        lines[number] = by + (lines[number] if by else lines[number][chance.randrange(1, 4) :])
    return b"\n".join(lines)


def _replaced(pattern: re.Pattern[bytes]) -> Callable[[bytes, random.Random], bytes]:
    def mutate(text: bytes, chance: random.Random) -> bytes:
        found = list(pattern.finditer(text))
        if not found:
            return text
        one, other = chance.choice(found), chance.choice(found)
        new = chance.choice((chance.choice(NASTY), other.group()))
        return text[: one.start()] + new + text[one.end() :]

    return mutate


def _section(text: bytes, chance: random.Random) -> bytes:
    """Leave out a section or an entry with all that stands below it."""
    found = list(_BLOCK.finditer(text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start()] + text[one.end() :]


def _line_ends(text: bytes, chance: random.Random) -> bytes:
    return chance.choice((b"", b"\xef\xbb\xbf", b"\xff\xfe")) + text.replace(
        b"\n", chance.choice((b"\r\n", b"\r", b"\n"))
    )


WAYS: Final = (
    _bytes, _bytes, _cut, _lines, _lines, _comment, _indentation, _replaced(_LEAF), _replaced(_LEAF), _replaced(_LEAF),
    _replaced(_KEY), _replaced(_KEY), _line_ends, _section, _section,
)  # fmt: skip


def mutation(seed: int, texts: Iterable[bytes] = WHOLE) -> bytes:
    """Return one of some texts, spoilt in one to three places, by a number that tells all of it."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    text = chance.choice(sorted(texts))
    for _ in range(chance.choice((1, 1, 2, 3))):
        text = chance.choice(WAYS)(text, chance)
    return text


def faults(raw: bytes, path: Path, stack: Path | None = None) -> Iterator[str]:
    """Yield what is wrong with the answer to a file, written to a path and judged beside what stands there.

    Args:
        raw: The file.
        path: Where it is written.
        stack: The stack file that is judged, where the file is a base of it.
    """
    path.write_bytes(raw)
    begin = time.process_time()
    try:
        problems = check(str(stack or path)).problems
    except Exception:  # noqa: BLE001 - what is looked for
        yield f"a traceback: {traceback.format_exc()}"
        problems = ()
    if (spent := time.process_time() - begin) > SLOWEST_SECONDS:
        yield f"{spent:.1f} s for {len(raw)} bytes"
    yield from (
        fault for problem in problems if problem.file.endswith(path.name) for fault in _ill_reported(problem, raw)
    )


def _ill_reported(problem: Problem, raw: bytes) -> Iterator[str]:
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    if problem.line is None or not 1 <= problem.line <= lines:
        yield f"on no line of the file: {problem}"
    if not all((problem.what, problem.allowed, problem.fix, problem.file)):
        yield f"says too little: {problem}"
    if not str(problem).replace(problem.file, "").isprintable():
        yield f"not to be printed: {problem!r}"
    if len(str(problem)) > 1000:
        yield f"{len(str(problem))} characters: {problem}"


def _one(seed: int, project: Path) -> Iterator[str]:
    """Yield what is wrong with the answer to a spoilt stack file, and of every third seed to a spoilt base."""
    stack, name = project / "Pulumi.prod.yaml", sorted(BASES)[seed % len(BASES)]
    if seed % 3:
        yield from faults(mutation(seed), stack)
        return
    stack.write_bytes(FILES["prod"])
    yield from faults(mutation(seed, [BASES[name]]), project / FOLDER / name, stack)
    (project / FOLDER / name).write_bytes(BASES[name])


def main(arguments: list[str]) -> int:
    """Judge so many mutations; print each fault with its seed; return 1 if there is one."""
    parser = argparse.ArgumentParser(prog="python -m tests.config.fuzz", description=__doc__)
    parser.add_argument("--mutations", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0, help="number of the first mutation")
    options = parser.parse_args(arguments)
    wrong, slowest, begin = 0, 0.0, time.process_time()
    with tempfile.TemporaryDirectory() as directory:
        project = Path(directory)
        shutil.copytree(ROOT / FOLDER, project / FOLDER)
        (project / "Pulumi.yaml").touch()
        (project / "Pulumi.dr.yaml").write_bytes(FILES["dr"])
        for seed in range(options.seed, options.seed + options.mutations):
            before = time.process_time()
            for fault in _one(seed, project):
                wrong += 1
                print(f"seed {seed}: {fault}", flush=True)  # noqa: T201 - a command
            slowest = max(slowest, time.process_time() - before)
    spent = time.process_time() - begin
    print(f"{options.mutations} mutations, {wrong} faults, {spent:.0f} s, slowest {slowest:.2f} s")  # noqa: T201
    return int(wrong > 0)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
