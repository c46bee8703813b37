"""The page of `docs/`: the score, and every disagreement with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy.agreement.fixtures import Catalogue
    from policy.agreement.judged import Score

_HEAD: Final = """# Agreement with public checkers

Written by `.venv/bin/python -m policy.agreement --page > docs/agreement.md`. The fixtures are
`policy/agreement/*.yaml`: cases that public checkers label as right or wrong (checkov, and the same controls of trivy
and of Security Hub), each written anew as the resources that Pulumi registers. Each is judged through the SDK's own
servicer by the rules that claim its control. A test fails on a disagreement that is not explained, on an explained one
that agrees by now, and on a control of checkov that is claimed without fixtures.
"""


def total(counted: Sequence[Score]) -> str:
    """Return the score in words."""
    fixtures, agreed, explained = (
        sum(getattr(each, key) for each in counted) for key in ("fixtures", "agreed", "explained")
    )
    return (
        f"{fixtures} fixtures of {len(counted)} controls: {agreed} agree ({_share(agreed, fixtures)}), "
        f"{explained} are explained, {fixtures - agreed - explained} are neither"
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


def page(found: Catalogue, counted: Sequence[Score]) -> str:
    """Return the page."""
    rows = [
        f"| {each.control} | {', '.join(each.rules)} | {each.fixtures} | {each.agreed} | {'; '.join(each.why)} |"
        for each in counted
    ]
    left = [f"| {control} | {reason} |" for control, reason in found.open.items()]
    return "\n".join(
        [
            _HEAD,
            f"{total(counted)}.\n",
            "| Control | Rules | Fixtures | Agree | Why the others do not |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "\n## Held by no rule\n",
            "| Control | Why |",
            "| --- | --- |",
            *left,
            "",
        ]
    )
