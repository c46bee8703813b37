"""What the archives of the functions need beside the runtime."""

from __future__ import annotations

from pathlib import Path

from components.functions.modules import needed

ROOT = Path(__file__).resolve().parents[3]


def test_a_function_needs_powertools_and_few_of_them_more() -> None:
    found = {
        name: set(needed(ROOT, f"services.agents.{name}.handler").others)
        for name in ("http", "sockets", "changes", "authorizer", "archive")
    }
    assert found == {
        "http": {"aws_lambda_powertools", "pydantic"},
        "sockets": {"aws_lambda_powertools"},
        "changes": {"aws_lambda_powertools", "pydantic"},
        "authorizer": {"aws_lambda_powertools", "jwt"},
        "archive": {"aws_lambda_powertools", "pg8000"},
    }
