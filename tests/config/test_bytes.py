"""Every byte sequence is answered by settings or by problems with lines; what cannot be read hides nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from config import ConfigError, load_file
from config.check import Verdict, check
from config.document import Document
from tests.config import fuzz
from tests.config.layered import SYSTEM, divided, write
from tests.config.stackfile import PROD, changed, line_of

LINE = "        shards: 3\n"
ELSEWHERE = ("replicas_per_shard: 2", "replicas_per_shard: 9")
"""A mistake that must be reported whatever else is wrong."""


def problems(raw: bytes, path: Path) -> list[str]:
    file = path / "f.yaml"
    file.write_bytes(raw)
    with pytest.raises(ConfigError) as caught:
        load_file(file)
    return [str(problem).replace(f"{path}/", "") for problem in caught.value.problems]


def mutations() -> range:
    """Return the seeds to try: as many as hypothesis tries examples, which are fewer in `make quick`."""
    return range(settings().max_examples)


def test_spoilt_files_end_in_settings_or_problems_with_lines(tmp_path: Path) -> None:
    """A few of what `python -m tests.config.fuzz` tries by the thousand; the seed makes each of them again."""
    found = [fault for seed in mutations() for fault in fuzz.faults(fuzz.mutation(seed), tmp_path / "f.yaml")]
    assert found == []


def test_spoilt_bases_end_in_settings_or_problems_with_lines(tmp_path: Path) -> None:
    files = divided()
    stack = write(tmp_path, files)
    texts = [files[SYSTEM].encode()]
    told = []
    for seed in mutations()[::2]:
        raw = fuzz.mutation(seed, texts)
        assert list(fuzz.faults(raw, tmp_path / SYSTEM, stack)) == []
        told += [one for one in check(str(stack)).problems if one.file.endswith(SYSTEM)]
    assert len(told) > len(mutations()) / 2, "most are noticed, and where they stand"


def test_most_ways_to_spoil_a_file_are_noticed(tmp_path: Path) -> None:
    """Else the mutations would prove nothing."""
    refused = 0
    for seed in mutations():
        (tmp_path / "f.yaml").write_bytes(fuzz.mutation(seed))
        try:
            load_file(tmp_path / "f.yaml")
        except ConfigError:
            refused += 1
    assert refused > len(mutations()) / 2


@pytest.mark.parametrize(
    ("raised", "fault"),
    [
        (ValueError("boom"), "a traceback"),
        (ConfigError(Document("a: 1\na: 2\n", "f.yaml").problems), ""),
        (ConfigError([]), ""),
    ],
)
def test_a_traceback_is_a_fault_and_a_problem_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: Exception, fault: str
) -> None:
    def load(path: str) -> Verdict:
        assert Path(path).read_bytes()
        if isinstance(raised, ConfigError):
            return Verdict(problems=raised.problems)
        raise raised

    monkeypatch.setattr(fuzz, "check", load)
    assert [one.partition(":")[0] for one in fuzz.faults(b"a: 1\na: 2\n", tmp_path / "f.yaml")] == [fault] * bool(fault)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("value", "reported"),
    [
        (b"0x_", 'data.redis.shards: not a whole number; got: "0x_"'),
        (b"0b_", 'data.redis.shards: not a whole number; got: "0b_"'),
        (b"9" * 4300, "data.redis.shards: text of 4300 characters"),
        (b"9" * 30, "data.redis.shards: above the maximum; got: 999999999999999999999999999999 (read as 1"),
        (b"0x" + b"f" * 5000, "data.redis.shards: text of 5002 characters"),
        (b".nan", "data.redis.shards: not a whole number; got: .nan (read as nan)"),
        (b"-.inf", "data.redis.shards: not a whole number; got: -.inf (read as -inf)"),
        (b"1e999", 'data.redis.shards: not a whole number; got: "1e999"'),
        (b"0x10_00", "data.redis.shards: above the maximum; got: 0x10_00 (read as 4096)"),
        (b"2026-11-21", 'data.redis.shards: not a whole number; got: 2026-11-21 (read as "2026-11-21 00:00:00'),
        (b'"\\ud800"', "not valid YAML: a backslash in double quotes that begins no escape"),
        (b'"\\U00110000"', "not valid YAML: a backslash in double quotes that begins no escape"),
        (b'"\\d+"', "not valid YAML: a backslash in double quotes that begins no escape"),
        (b'"\\x00"', "data.redis.shards: holds U+0000"),
        (b'"\\x9b"', "data.redis.shards: holds U+009B"),
        (b"\x00", "U+0000 cannot be read"),
        (b"\x1b[31m3", "U+001B cannot be read"),
        (b"3 \xff", "byte 0xff cannot be read"),
        (b"\xed\xa0\x80", "byte 0xed cannot be read"),
        (b"3 \xe2\x80\xa8", "U+2028 cannot be read"),
        (b"3 \xef\xbb\xbf", "U+FEFF cannot be read"),
        (b"*three", "an alias without its anchor"),
        (b"&a [*a]", "data.redis.shards[0]: refers to itself"),
        (b"!!int 3", "a tag, which says of what type a value is"),
        (b"!!python/object:os.system 3", "a tag, which says of what type a value is"),
        (b"", "data.redis.shards: empty; got: null"),
        (b"~", "data.redis.shards: empty; got: ~ (read as null)"),
        (b"{<<: 5}", "data.redis.shards: a merge of what is no mapping"),
        (b"{? [a] : 1}", "data.redis.shards: a key is not plain text"),
        (b"3\n        shards: 4", "data.redis.shards: key given twice; got: first on line"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_reported_on_its_line_and_hides_no_other_mistake(
    tmp_path: Path, value: bytes, reported: str
) -> None:
    text = changed(ELSEWHERE)
    lines = problems(text.replace("shards: 3", "shards: \0", 1).encode().replace(b"\0", value, 1), tmp_path)
    line = line_of(text, LINE.strip()) + value.count(b"\n")
    assert any(
        one.startswith(f"f.yaml:{line}: {reported}") or (f": {reported}" in one and f":{line}:" in one) for one in lines
    ), lines
    assert any(": data.redis.replicas_per_shard: above the maximum; got: 9" in one for one in lines), lines
    more = value in (b"&a [*a]", b"{<<: 5}", b"{? [a] : 1}")  # still is no whole number
    assert len(lines) == 2 + more, lines


@pytest.mark.parametrize(
    ("raw", "reported"),
    [
        (b"", ":1: empty file"),
        (b"\xef\xbb\xbf", ":1: empty file"),
        (b"\0", ":1: U+0000 cannot be read"),
        ("config: {}\n".encode("utf-16"), ":1: in UTF-16"),
        (b"[" * 100_000, ":1: nested too deeply"),
        (b"{a: " * 10_000, ":1: nested too deeply"),
        (b"- " * 100_000, ":1: nested too deeply"),
        (b"a: [" + b"x," * 100_000 + b"]", ":1: has more than 20000 values"),
        (b"#" * 1_000_001, ":1: larger than 1000000 bytes"),
        (b"config: [", ":1: not valid YAML: a comma, a bracket or the end"),
        (b"a: 1\n--- \nb: 2\n", ":2: a second document"),
        (b"%YAML 3.0\n---\na: 1\n", ":1: "),
        (b"a: &x 1\nb: &x 2\n", ":2: an anchor given twice"),
    ],
)
def test_a_file_of_no_use_is_refused_on_a_line(tmp_path: Path, raw: bytes, reported: str) -> None:
    assert any(line.startswith(f"f.yaml{reported}") for line in problems(raw, tmp_path)), problems(raw, tmp_path)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path, end: str) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + PROD.replace("\n", end).encode())
    assert load_file(path).data.redis.shards == 3
    reported = problems(changed(ELSEWHERE).replace("\n", end).encode(), tmp_path)
    assert [line.partition(": ")[0] for line in reported] == [f"f.yaml:{line_of(PROD, ELSEWHERE[0])}"]


def test_thousands_of_mistakes_are_reported_in_part_and_soon(tmp_path: Path) -> None:
    groups = "".join(f"        g{number}: {{}}\n" for number in range(4000))
    reported = problems(changed(("        gpu:\n", f"{groups}        gpu:\n")).encode(), tmp_path)
    assert len(reported) == 201
    assert "problems more, from here on" in reported[-1]


@pytest.mark.parametrize(
    ("swap", "reported"),
    [
        (("nat: per_zone", 'nat: "per_zone'), "a quote that opens here and closes on line {}"),
        (("zones: [a, b, c]", "zones: [a, b, c"), "a list in brackets without a comma or its `]`"),
        (("cidr: 10.0.0.0/16\n      zones", "\tcidr: 10.0.0.0/16\n      zones"), "a tab where YAML takes spaces only"),
        (("nat: per_zone", "nat:per_zone"), "a line that is neither `key: value` nor an entry of a list"),
        (("      nat: per_zone", "     nat: per_zone"), "indentation that fits no mapping above"),
        (("nat: per_zone", "nat: per_zone: x"), "a second `key: value` on one line, or wrong indentation"),
        (("nat: per_zone", "nat: @per_zone"), "text that begins with `@`"),
    ],
)  # fmt: skip
def test_a_slip_of_syntax_is_reported_in_words_on_the_line_where_it_is(
    tmp_path: Path, swap: tuple[str, str], reported: str
) -> None:
    text = changed(swap)
    line = line_of(text, swap[1].splitlines()[0])
    (only,) = problems(text.encode(), tmp_path)
    closes = text[: text.index('"', text.index('nat: "') + 6)].count("\n") + 1 if 'nat: "' in text else 0
    assert only.startswith(f"f.yaml:{line}: not valid YAML: {reported.format(closes)}"), only
