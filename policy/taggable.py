"""Writes `taggable.txt`: the resource types that take default tags, read from the source of the provider's SDK.

    python -m policy.taggable

The list stands in the repository so that judging a stack does not import the whole SDK.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Final

LIST: Final = Path(__file__).resolve().parent / "taggable.txt"
_TOKEN: Final = re.compile(r"super\((\w+), __self__\)\.__init__\(\s*'(aws:[^']+)'")
_TAGS: Final = '__props__.__dict__["tags_all"]'


def scan() -> list[str]:
    """Return the tokens of every class of pulumi-aws that has `tags_all`.

    Raises:
        ModuleNotFoundError: pulumi-aws is not installed.
    """
    spec = find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pulumi_aws")
    sources = (path.read_text(encoding="utf-8") for path in Path(spec.origin).parent.glob("*/*.py"))
    found = {match[2] for source in sources if _TAGS in source for match in _TOKEN.finditer(source)}
    return sorted(found)


if __name__ == "__main__":
    LIST.write_text("\n".join(scan()) + "\n", encoding="utf-8")
