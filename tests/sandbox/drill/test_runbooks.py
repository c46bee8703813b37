"""What stands in a runbook can be typed: it is shell, its AWS commands exist, and its links lead somewhere."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import botocore.session
import pytest
from botocore import xform_name

from sandbox.paths import CHECKOUT
from standins.ekscomponent.cluster import OFFICIAL_KUBERNETES
from tests.sandbox.drill import runbook

if TYPE_CHECKING:
    from pathlib import Path

SERVICES = {"s3api": "s3"}
GNU_ONLY = {
    "sed -i 's/a/b/' file": r"\bsed\b[^|;]* (?:-[nE]*i\b|--in-place)",
    "sed '/a/a\\ b' file": r"\bsed\b[^|;]*/[aci]\\",
    "date -u -d yesterday": r"\bdate\b[^)|;]* (?:-d|--date)\b",
    "grep -oP 'a'": r"\bgrep\b[^|;]* -[a-zA-Z]*P",
    "readlink -f file": r"\breadlink\b[^|;]* -[a-z]*f",
    "stat -c %s file": r"\bstat -(?:c|-format)",
    "xargs -r ls": r"\bxargs\b[^|;]* (?:-[a-z0-9]*r\b|--no-run)",
    "base64 -w0": r"\bbase64\b[^|;]* (?:-w|--wrap)",
    "head -n -1 file": r"\bhead\b[^|;]* -n ?-\d",
    "timeout 5 ls": r"(?:^|[|;(&] *)(?:timeout|tac|nproc|shuf|setsid|watch) ",
}
"""What macOS's tools do not know: an example -> how it is found."""
PAGES = [*sorted(runbook.FOLDER.glob("*.md")), CHECKOUT / "README.md"]


@pytest.mark.parametrize("name", runbook.NAMES)
def test_every_block_is_shell(name: str) -> None:
    assert runbook.blocks(name), "a runbook without a command is an essay"
    for block in runbook.blocks(name):
        ended = subprocess.run(["/bin/sh", "-n"], input=block, text=True, capture_output=True, check=False)
        assert ended.returncode == 0, f"{ended.stderr}\n{block}"


@cache
def operations(service: str) -> frozenset[str]:
    """Return a service's commands, as the AWS command line spells them."""
    model = botocore.session.get_session().get_service_model(service)
    return frozenset(xform_name(one, "-") for one in model.operation_names)


@pytest.mark.parametrize("name", runbook.NAMES)
def test_every_aws_command_exists(name: str) -> None:
    for command in runbook.spoken_of(name):
        _, service, operation = command.split()
        assert operation in operations(SERVICES.get(service, service)), f"{command}: no such command"


@pytest.mark.parametrize("name", runbook.NAMES)
def test_every_link_leads_to_a_file(name: str) -> None:
    missing = [str(path) for path in runbook.links(name) if not path.exists()]
    assert missing == [], "nobody looks for a moved page at night"


@pytest.mark.parametrize("name", runbook.NAMES)
def test_every_runbook_is_on_the_list(name: str) -> None:
    assert f"({name}.md)" in (runbook.FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("example", "found"), GNU_ONLY.items())
def test_what_only_gnu_tools_know_is_found(example: str, found: str) -> None:
    assert re.search(found, example, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_page_types_what_only_gnu_tools_know(page: Path) -> None:
    lines = "\n".join(
        re.findall(r"^```(?:sh|console)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    )
    for example, found in GNU_ONLY.items():
        typed = re.search(f".*{found}.*", lines, re.MULTILINE)
        assert typed is None, (
            f"{page.name}: {typed and typed[0]}: on call may have a Mac, where there is no `{example}`"
        )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_who_reads_of_exports_reads_that_the_sandbox_s_stay_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    if "pulumi stack export" in text:
        assert re.search(r"export of the sandbox (?:never goes to|into) a real back ?end", text)


def test_the_plugins_to_install_are_those_that_a_deployment_asks_for() -> None:
    text = (runbook.FOLDER / "first-account.md").read_text(encoding="utf-8")
    typed = re.findall(r"^\$ pulumi plugin install resource (\S+) (\S+)$", text, re.MULTILINE)
    own = [(name, version(f"pulumi-{name}")) for name in ("aws", "eks", "kubernetes")]
    assert typed == [*own, ("kubernetes", OFFICIAL_KUBERNETES)], "the EKS component's own provider is another version"


@pytest.mark.parametrize(
    ("typed", "reads"),
    [
        ("aws rds describe-events --region us-east-1", True),
        ("pulumi stack output primary -s dr --json", True),
        ("a=\"$(aws elbv2 describe-rules --query 'Rules[?Port==`443`]|[0]' --output text)\"", True),
        ('aws eks list-nodegroups --cluster-name "$(pulumi stack output cluster_name -s dr)"', True),
        ('for one in $(aws eks list-nodegroups); do\n  aws eks describe-nodegroup --name "$one"\ndone', True),
        ("aws s3api put-object --bucket b --key k --body f", False),
        ("pulumi up -s dr --yes", False),
        ("pulumi stack export -s dr --file dr.json", False),
        ('for one in $(aws eks list-nodegroups); do\n  aws eks delete-nodegroup --name "$one"\ndone', False),
        ("aws rds describe-events > events.txt", False),
        ("sed 's/a/b/' Pulumi.dr.yaml", False),
    ],
)
def test_what_only_reads_is_told_from_what_changes(typed: str, *, reads: bool) -> None:
    assert runbook.only_reads(typed) is reads


def test_pages_are_searched_for_every_command_that_reads() -> None:
    by_page = {name: runbook.reads(name) for name in runbook.NAMES}
    assert all(by_page.values()), "each page looks at something"
    typed = [read.text for reads in by_page.values() for read in reads]
    asked = {operation for text in typed for operation in re.findall(r"\baws [a-z0-9-]+ ([a-z-]+)", text)}
    assert {"describe-events", "get-health-check-status", "get-metric-statistics", "describe-nodegroup"} <= asked
    assert all(re.match("describe|get|list|head", operation) for operation in asked)


def test_what_a_page_expects_stands_behind_its_command() -> None:
    (read,) = [one for one in runbook.reads("failover") if "ReplicaLag" in one.text]
    assert (read.expected, read.standing) == ("", True), "words are no pattern"
    later = [one for one in runbook.reads("failover") if one.expected and not one.standing]
    assert later, "after the update the world is another"
