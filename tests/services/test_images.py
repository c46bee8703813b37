"""The images: a stage for each row of the table, packages with hashes, a user that is not root."""

from __future__ import annotations

import ast
import importlib
import re
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ROOT / "services"
DOCKERFILE = (SERVICES / "Dockerfile").read_text(encoding="utf-8")
TABLE: dict[str, str] = yaml.safe_load((SERVICES / "images.yaml").read_text(encoding="utf-8"))
FILES = sorted(SERVICES.rglob("*.py"))
INSTALLED = {
    "aws_lambda_powertools": "aws-lambda-powertools",
    "boto3": "boto3",
    "botocore": "botocore",
    "hypercorn": "hypercorn",
    "jwt": "pyjwt",
    "pg8000": "pg8000",
    "pydantic": "pydantic",
}
"""Module -> package of what services import."""


def test_each_row_of_the_table_is_a_stage_that_runs_its_module() -> None:
    stages = re.findall(r'^FROM base AS (\S+)\nENTRYPOINT \["python", "-m", "(\S+)"\]$', DOCKERFILE, re.MULTILINE)
    assert dict(stages) == TABLE


@pytest.mark.parametrize("module", sorted(TABLE.values()))
def test_a_module_of_the_table_can_be_run(module: str) -> None:
    assert callable(importlib.import_module(module).main)


def test_an_image_is_run_by_a_user_that_is_not_root_and_takes_locked_packages() -> None:
    user = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)
    assert user == [("10001", "10001")]
    assert "--require-hashes --no-deps -r services/requirements.lock" in DOCKERFILE


def _blocks(file: Path) -> dict[str, set[str]]:
    """Requirement -> its hashes."""
    found: dict[str, set[str]] = {}
    name = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line[:1].isalpha():
            name = line.split(" ")[0]
        found.setdefault(name, set()).update(re.findall(r"sha256:\w+", line))
    return found


def test_the_images_install_what_the_tests_run_with() -> None:
    images, tests = _blocks(SERVICES / "requirements.lock"), _blocks(ROOT / "requirements.lock")
    assert images, "there are packages"
    assert {name: hashes for name, hashes in images.items() if tests.get(name) != hashes} == {}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SERVICES)))
def test_services_import_what_the_images_have(file: Path) -> None:
    names = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    foreign = names - set(sys.stdlib_module_names) - {"services", "__future__"}
    packages = {line.split("==")[0] for line in _blocks(SERVICES / "requirements.lock")}
    assert {name for name in foreign if INSTALLED.get(name) not in packages} == set()
