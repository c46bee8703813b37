"""The pack as a whole: what every rule must say about itself, and what the package must not do."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from policy import tokens
from policy.catalog import rules
from policy.rule import FSBP_PAGES, Level, Rule, Severity, WhenUnknown
from policy.taggable import LIST, scan

PACKAGE = Path(__file__).resolve().parents[2] / "policy"
PROGRAM = {"config", "components", "review", "sandbox", "tests"}
RULES = rules()


def test_names_are_unique() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names)), "a waiver could not tell two rules of one name apart"


def test_there_are_at_least_25_mandatory_rules() -> None:
    assert sum(rule.level is Level.MANDATORY for rule in RULES) >= 25


def flaws(rule: Rule) -> list[str]:
    """Return what a reader of a rule's violation would miss."""
    checks = {
        "no severity": isinstance(rule.severity, Severity),
        "no page that explains the control": rule.url.startswith("https://"),
        "no ids in public catalogues": bool(rule.controls),
        "an id twice": len(set(rule.controls)) == len(rule.controls),
        "no title": bool(rule.title),
        "no remediation": bool(rule.remediation),
        "messages put their own full stop": not (rule.title.endswith(".") or rule.remediation.endswith(".")),
        "the title is a sentence that is true of a good stack": rule.title[:1].isupper(),
        "the remediation follows a colon, in the imperative": rule.remediation[:1].islower(),
    }
    return [flaw for flaw, good in checks.items() if not good]


def test_a_rule_says_all_that_a_reader_of_its_violation_needs() -> None:
    assert {rule.name: flaws(rule) for rule in RULES if flaws(rule)} == {}


def test_what_a_rule_does_not_say_is_noticed() -> None:
    wrong = replace(RULES[0], title="no full stop.", remediation="", controls=())
    assert flaws(wrong) == [
        "no ids in public catalogues",
        "no remediation",
        "messages put their own full stop",
        "the title is a sentence that is true of a good stack",
        "the remediation follows a colon, in the imperative",
    ]


def test_a_rule_judges_either_a_resource_or_a_stack() -> None:
    assert [rule.name for rule in RULES if (rule.judge is None) == (rule.judge_stack is None)] == []


def test_a_rule_that_judges_values_names_the_inputs_it_guards() -> None:
    without_values = {"stateful-protected", "guarded-inputs-not-ignored", "vpc-no-default-vpc"}
    without_values |= {"no-doors", "holding-type-judged", "waf-not-classic", "iam-no-user-policies"}
    without_values |= {"redis-auto-minor-upgrade"}  # its input is a global datastore's, where there is one
    without_values |= {"no-secret-in-text"}  # any text, of which many are rightly ignored
    without_values |= {"encryption-not-off", "public-access-not-on", "logs-not-off", "protection-not-off"}
    forbidding = ("stays out", "not standalone", "not as IAM users")
    judging = [rule for rule in RULES if rule.judge is not None and rule.name not in without_values]
    judging = [rule for rule in judging if not any(words in rule.title for words in forbidding)]
    assert len(judging) > 50
    assert [rule.name for rule in judging if not rule.guards] == [], "ignoreChanges could hide what the rule guards"


def test_a_rule_that_waits_for_the_update_says_why() -> None:
    waiting = [rule for rule in RULES if rule.when_unknown is WhenUnknown.DEFER]
    assert waiting, "else nothing is judged here"
    assert [rule.name for rule in waiting if rule.judge is None] == [], (
        "a stack rule runs after the resources are made: it must not wait"
    )


def test_the_page_of_an_fsbp_control_is_its_own() -> None:
    paged = [rule for rule in RULES if rule.url.startswith(FSBP_PAGES)]
    assert len(paged) > 20
    anchors = {rule.name: rule.url.rpartition("#")[2] for rule in paged}
    assert [
        rule.name
        for rule in paged
        if anchors[rule.name] not in {control.lower().replace(".", "-") for control in rule.controls}
    ] == []


def test_every_type_token_is_one_that_the_provider_registers() -> None:
    spec = find_spec("pulumi_aws")
    assert spec is not None
    assert spec.origin is not None
    sources = (path.read_text() for path in Path(spec.origin).parent.glob("*/*.py"))
    registered = {token for text in sources for token in re.findall(r"'(aws:[^']+)'", text)}
    named = [token for key, group in vars(tokens).items() if key.isupper() for token in group]
    wrong = [token for token in named if token.startswith("aws:") and token[-1] != "*" and token not in registered]
    assert not wrong, "a rule on a misspelt token guards nothing"


def test_the_list_of_taggable_types_is_that_of_the_installed_provider() -> None:
    assert LIST.read_text().split() == scan(), "run python -m policy.taggable"


def test_the_package_imports_nothing_of_the_program() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            imported = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            roots = {name.partition(".")[0] for name in imported}
            assert not roots & PROGRAM, f"{path.name}: the pack can judge any program, so it may know none"


def test_no_module_shadows_the_standard_library() -> None:
    names = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert not names & sys.stdlib_module_names, "the engine puts the pack's directory on the module path"


def test_judging_offline_needs_neither_the_sdk_nor_the_provider() -> None:
    code = "import sys, policy.evaluate; print([m for m in ('pulumi', 'pulumi_aws', 'grpc') if m in sys.modules])"
    done = subprocess.run(  # noqa: S603 our own interpreter on a fixed text
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_no_module_keeps_state_that_its_threads_would_share() -> None:
    mutable = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
    for path in PACKAGE.rglob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, mutable):
                pytest.fail(f"{path.name}:{node.lineno}: four threads of the server share this; make it Final")
