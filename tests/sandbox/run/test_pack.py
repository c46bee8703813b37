"""A pack that does not judge lets nothing through, and what kept it from judging is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.paths import CHECKOUT

if TYPE_CHECKING:
    from tests.sandbox.run.trial import Trial

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

HEAD = f"""
import re
import sys
from datetime import date
from pathlib import Path
sys.path.insert(0, {str(CHECKOUT)!r})
from policy import crossguard
from policy.rule import Severity, resource_rule
"""
RULE = """
@resource_rule("trial-rule", on=("aws:s3/bucket:Bucket",), severity=Severity.HIGH, controls=(), url="https://x",
               remediation="none")
def rule(_resource, _settings):
    '''Buckets are judged.'''
    {body}
    yield from ()

crossguard.BOUND_SECONDS = 3.0
crossguard.all_rules = lambda *_: (rule,)
crossguard.serve(Path("none.yaml"), date.today())
"""
PACKS = {
    "a rule that never ends": (
        HEAD + RULE.format(body='re.match("(a+)+$", "a" * 64 + "b")'),
        ("trial-rule", "did not come to an end"),
    ),
    "a rule that raises": (
        HEAD + RULE.format(body='raise LookupError("lost")'),
        ("trial-rule", "the rule itself failed with LookupError: lost"),
    ),
    "a pack that cannot start": (HEAD + "import no_such_module", ("failed to start", "no_such_module")),
}


@pytest.mark.parametrize("kind", PACKS)
def test_a_pack_that_does_not_judge_refuses_and_is_named(kind: str, trial: Trial) -> None:
    source, words = PACKS[kind]
    (trial.project / "policy" / "__main__.py").write_text(source)
    ended = trial.sandbox("up")
    assert ended.returncode == 1, ended.stdout
    assert [word for word in words if word not in ended.stdout] == [], ended.stdout
    assert "up prod" not in ended.stdout, "nothing was made"
