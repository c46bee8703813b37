"""Says which rule judges each input that decides, and why none judges the others.

python -m policy.coverage          each input of `deciding.txt` with its rules, or with the reason why there is none
python -m policy.coverage --count  how many of each kind
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections import Counter
from typing import TYPE_CHECKING

from policy.deciding import listed
from policy.pack import RULES
from policy.rules.switches import bad_word
from policy.unguarded import excused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy.deciding import Input


def rules_on(one: Input) -> list[str]:
    """Return the rules that judge an input: those that read it, else the one on switches of its kind."""
    own = [rule.name for rule in RULES if one.token in rule.on and rule.reads_input(one.path)]
    return own or ([f"a switch of {one.kind}"] if bad_word(one) else [])


def uncovered(inputs: Sequence[Input]) -> list[Input]:
    """Return the inputs that no rule judges and nothing excuses."""
    return [one for one in inputs if not rules_on(one) and not excused(one)]


def main(arguments: Sequence[str]) -> None:
    """Print what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m policy.coverage", description="Which rule judges which input.")
    parser.add_argument("--count", action="store_true", help="how many inputs of each kind")
    count = parser.parse_args(arguments).count
    found: Counter[str] = Counter()
    for one in (one for alike in listed().values() for one in alike):
        names = rules_on(one)
        standing = "judged" if names else "excused" if excused(one) else "NEITHER"
        found[f"{one.kind} {standing}"] += 1
        if not count:
            sys.stdout.write(f"{one.kind} {one.token} {one.path}: {', '.join(names) or excused(one) or standing}\n")
    if count:
        sys.stdout.writelines(f"{what}: {number}\n" for what, number in sorted(found.items()))


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    main(sys.argv[1:])
