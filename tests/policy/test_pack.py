"""The pack as a whole: what every rule must say about itself, and what the package must not do."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from policy import tokens
from policy.catalog import frameworks, rules
from policy.rule import FSBP_PAGES, Level, Rule, Severity, WhenUnknown
from policy.taggable import LIST, scan

PACKAGE = Path(__file__).resolve().parents[2] / "policy"
PROGRAM = {"config", "components", "review", "sandbox", "tests"}
RULES = rules()
EACH_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def test_names_are_unique() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names)), "a waiver could not tell two rules of one name apart"


def test_there_are_at_least_25_mandatory_rules() -> None:
    assert sum(rule.level is Level.MANDATORY for rule in RULES) >= 25


@EACH_RULE
def test_a_rule_says_all_that_a_reader_of_its_violation_needs(rule: Rule) -> None:
    assert isinstance(rule.severity, Severity)
    assert rule.url.startswith("https://"), "a page that explains the control"
    assert rule.controls, "ids in public catalogues"
    assert len(set(rule.controls)) == len(rule.controls)
    for text in (rule.title, rule.remediation):
        assert text, "title and remediation"
        assert not text.endswith("."), "messages put their own full stop"
    assert rule.title[0].isupper(), "the title is a sentence that is true of a good stack"
    assert rule.remediation[0].islower(), "the remediation follows a colon, in the imperative"


@EACH_RULE
def test_a_rule_judges_either_a_resource_or_a_stack(rule: Rule) -> None:
    assert (rule.judge is None) != (rule.judge_stack is None)


@EACH_RULE
def test_a_rule_that_judges_values_names_the_inputs_it_guards(rule: Rule) -> None:
    without_values = {"stateful-protected", "guarded-inputs-not-ignored"}
    forbids = "stays out" in rule.title or "not standalone" in rule.title or "not as IAM users" in rule.title
    if rule.judge is None or rule.name in without_values or forbids or rule.name == "vpc-no-default-vpc":
        return
    assert rule.guards, "without them ignoreChanges could hide what the rule guards"


@EACH_RULE
def test_a_rule_that_waits_for_the_update_says_why(rule: Rule) -> None:
    if rule.when_unknown is WhenUnknown.DEFER:
        assert rule.judge is not None, "a stack rule runs after the resources are made: it must not wait"


@EACH_RULE
def test_the_page_of_an_fsbp_control_is_its_own(rule: Rule) -> None:
    if rule.url.startswith(FSBP_PAGES):
        anchor = rule.url.rpartition("#")[2]
        assert anchor in {control.lower().replace(".", "-") for control in rule.controls}


def test_every_type_token_is_one_that_the_provider_registers() -> None:
    spec = find_spec("pulumi_aws")
    assert spec is not None
    assert spec.origin is not None
    sources = (path.read_text() for path in Path(spec.origin).parent.glob("*/*.py"))
    registered = {token for text in sources for token in re.findall(r"'(aws:[^']+)'", text)}
    named = [token for key, group in vars(tokens).items() if key.isupper() for token in group]
    wrong = [token for token in named if token.startswith("aws:") and token[-1] != "*" and token not in registered]
    assert not wrong, "a rule on a misspelt token guards nothing"


def test_framework_ids_belong_to_rules_that_exist() -> None:
    assert set(frameworks()) <= {rule.name for rule in RULES}


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
