"""`python -m review` as a person runs it: in a process of its own, without network, credentials or a home."""

from __future__ import annotations

import json
import re
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from config.files import ROOT
from tests.config.stackfile import changed, line_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.slow  # most of them start the program anew

LIMIT_SECONDS = 10.0
"""What a review of prod may take, of the processor: the clock would judge whatever else the machine does."""

WATCHED = """
import runpy, socket, sys

def watch(event, arguments):
    if event == "socket.__new__" and arguments[1] in (socket.AF_INET, socket.AF_INET6):
        raise PermissionError(f"an internet socket is opened: {arguments[1:]}")
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect"):
        raise PermissionError(f"{event}: {arguments}")

sys.addaudithook(watch)
sys.argv[0] = "review"
runpy.run_module("review", run_name="__main__", alter_sys=True)
"""
"""Runs the command; an internet socket or a look-up of a name ends it with an error."""

ISOLATED = ["unshare", "--map-root-user", "--net"]
"""Begins a command that runs in a network without any interface that is up."""

FILES = ("config", "components", "policy", "review", "bases", "Pulumi.yaml", "Pulumi.prod.yaml")
"""What the command is made of."""

OPEN_BUCKET = {
    "urn": "urn:pulumi:prod::platform::aws:s3/bucket:Bucket::open",
    "type": "aws:s3/bucket:Bucket",
    "custom": True,
    "id": "open",
    "inputs": {"bucket": "open", "forceDestroy": True},
}

KEY = {"urn": "urn:pulumi:prod::platform::aws:kms/key:Key::main", "type": "aws:kms/key:Key", "custom": True, "id": "k"}


@dataclass(frozen=True)
class Ended:
    """A command that ended; `seconds` are the processor's."""

    status: int
    output: str
    errors: str
    seconds: float

    @property
    def document(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.output)
        return said


def run(home: Path, *words: str, checkout: Path = ROOT, prefix: Sequence[str] = ()) -> Ended:
    """Review something with an empty home and next to no environment."""
    before = processor_seconds()
    done = subprocess.run(  # noqa: S603 our own module
        [*prefix, sys.executable, "-c", WATCHED, *words],
        cwd=checkout,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr, processor_seconds() - before)


def copy(target: Path, stack_text: str) -> None:
    """Copy what the command is made of, with another text of prod's stack file."""
    for name in FILES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / name, target / name)
    (target / "Pulumi.prod.yaml").write_text(stack_text, encoding="utf-8")


def processor_seconds() -> float:
    """Seconds that the processor has spent on children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def isolation() -> Sequence[str]:
    """How to cut a command off from every network on this machine; nothing where that is not possible."""
    if shutil.which(ISOLATED[0]) is None:
        return ()
    tried = subprocess.run([*ISOLATED, "true"], capture_output=True, check=False)  # noqa: S603 the words above
    return ISOLATED if tried.returncode == 0 else ()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drawn") / "prod.svg"


@pytest.fixture(scope="module")
def prod(home: Path, drawn: Path) -> Ended:
    """The review of prod for programs, with a picture, cut off from every network."""
    return run(home, "prod", "--json", "--diagram", str(drawn), prefix=isolation())


def test_the_review_of_prod_passes_without_network_credentials_or_home(prod: Ended, home: Path) -> None:
    assert (prod.status, prod.errors) == (0, "")
    assert list(home.iterdir()) == [], "nor is anything written there"


def test_the_review_of_prod_takes_seconds(prod: Ended) -> None:
    assert prod.seconds < LIMIT_SECONDS


def test_the_document_says_what_the_stack_holds(prod: Ended) -> None:
    said = prod.document
    assert set(said) == {"stack", "source", "resources", "inventory", "policy", "recovery", "cost", "leftOut", "notes"}
    assert {"network.zones", "data.postgres.replicas"} <= {note["path"] for note in said["notes"]}, "what nobody judged"
    assert (said["stack"], said["source"]) == ("prod", "recording")
    assert {"keys", "network", "cluster", "data", "edge", "kubernetes", "observability"} <= set(said["inventory"])
    assert all(types and all(types.values()) for types in said["inventory"].values()), (
        "an area is named for what it holds"
    )
    assert said["inventory"]["network"]["aws:ec2/subnet:Subnet"] == 12
    assert said["resources"] == sum(sum(types.values()) for types in said["inventory"].values())


def test_the_document_says_what_the_pack_found(prod: Ended) -> None:
    policy = prod.document["policy"]
    assert set(policy) == {"passed", "rules", "of", "counts", "findings", "unread", "onlyByUpdate"}
    assert policy["passed"] is True
    assert policy["rules"] > 25
    for finding in policy["findings"]:
        assert set(finding) == {
            "rule", "severity", "level", "kind", "blocking", "urn", "input", "problem", "remediation", "waiver",
            "place",
        }  # fmt: skip
        assert finding["blocking"] is False, "a review that passes blocks nothing"


def test_the_document_says_what_the_stack_costs_at_rest(prod: Ended) -> None:
    cost = prod.document["cost"]
    assert set(cost) == {"currency", "hours", "monthly", "derived", "prices", "areas", "lines", "unknown"}
    assert Decimal(cost["monthly"]) == sum(Decimal(line["monthly"]) for line in cost["lines"]) > 1000
    assert {"data", "cluster", "network"} <= set(cost["areas"])
    assert all(one["why"] for one in cost["unknown"])


def test_the_picture_is_a_drawing_of_prod(prod: Ended, drawn: Path) -> None:
    assert prod.status == 0
    root = ET.fromstring(drawn.read_text(encoding="utf-8"))  # noqa: S314 we have just written it
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"us-east-1a", "us-east-1b", "us-east-1c", "10.0.21.0/24"} <= words


def test_a_person_reads_the_inventory_and_the_verdict(home: Path) -> None:
    ended = run(home, "prod", "--costs")
    assert ended.status == 0, ended.errors
    assert "12 Subnet" in ended.output
    assert "network: network-nat-a: $32.85: 1 x NAT gateway at $0.045 a hour" in ended.output
    assert re.search(r"\nat rest: about \$\d,\d{3} a month \(\d+ parts priced, ", ended.output)
    assert "2 x node g6.2xlarge" in ended.output, "what has no price is named"
    assert "note: network.zones: letters mean other zones in other accounts" in ended.output
    assert ended.output.rstrip().splitlines()[-1].startswith("policy: passed ")


def test_what_the_pack_refuses_ends_with_status_1(home: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"deployment": {"resources": [OPEN_BUCKET]}}), encoding="utf-8")
    ended = run(home, "prod", "--state", str(state))
    assert ended.status == 1, ended.errors
    assert "s3-no-force-destroy: open: forceDestroy is true" in ended.output
    assert "Remediation: leave force_destroy out" in ended.output
    assert ended.output.rstrip().splitlines()[-1].startswith("policy: BLOCKED by ")


def test_a_preview_that_would_lose_data_ends_with_status_1_and_names_it_first(home: Path, tmp_path: Path) -> None:
    bucket = OPEN_BUCKET | {"inputs": {"bucket": "open"}}
    steps = [{"op": "delete", "urn": "urn:pulumi:prod::platform::aws:kms/key:Key::main", "oldState": KEY},
             {"op": "same", "urn": bucket["urn"], "oldState": bucket, "newState": bucket}]  # fmt: skip
    preview = tmp_path / "preview.json"
    preview.write_text(json.dumps({"steps": steps}), encoding="utf-8")
    ended = run(home, "prod", "--preview", str(preview), "--json")
    assert (ended.status, ended.document["changes"]["passed"]) == (1, False), ended.errors
    assert run(home, "prod", "--preview", str(preview)).output.startswith("DATA delete Key main: what it holds is lost")
    accepted = run(home, "prod", "--preview", str(preview), "--accept-loss", "main", "--json")
    assert accepted.document["changes"]["passed"] is True


def test_a_loss_is_accepted_of_a_preview_only(home: Path) -> None:
    ended = run(home, "prod", "--accept-loss", "main")
    assert (ended.status, ended.output) == (2, "")
    assert "only a preview loses anything" in ended.errors


def test_a_stack_without_a_file_ends_with_status_2_and_its_name(home: Path) -> None:
    ended = run(home, "prd")
    assert (ended.status, ended.output) == (2, "")
    assert "Pulumi.prd.yaml: stack file is missing" in ended.errors
    assert "did you mean prod?" in ended.errors


def test_a_program_that_asked_for_a_document_gets_one_where_there_is_nothing_to_review(home: Path) -> None:
    ended = run(home, "prd", "--json")
    assert ended.status == 2
    assert ended.document["stack"] == "prd"
    assert ended.document["error"] in ended.errors


def test_a_wrong_stack_file_ends_with_status_2_and_all_its_errors(home: Path, tmp_path: Path) -> None:
    text = changed(("10.0.22.0/24", "10.0.12.128/25"), ('version: "1.35"', 'version: "1.28"'))
    copy(tmp_path, text)
    ended = run(home, "prod", checkout=tmp_path)
    assert (ended.status, ended.output) == (2, "")
    for part, path in (("10.0.12.128/25", "network.tiers.database.cidrs[1]"), ('version: "1.28"', "cluster.version")):
        assert f"Pulumi.prod.yaml:{line_of(text, part)}: {path}: " in ended.errors
    assert "Traceback" not in ended.errors


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("{", "state.json: not JSON: Expecting property name"),
        (b"\x80\xff", "state.json: not JSON: 'utf-8' codec"),
        ("[]", "an object is needed, got list"),
        ('{"steps": []}', "not a state: no object 'deployment'; got keys steps"),
        ('{"deployment": {"resources": [{"id": 1}]}}', "an entry without urn and type"),
        ('{"deployment": {"resources": []}}', "no resource in the state; there is nothing to judge"),
        (None, "No such file"),
    ],
)
def test_a_state_that_cannot_be_read_ends_with_status_2(
    home: Path, tmp_path: Path, text: str | bytes | None, reported: str
) -> None:
    state = tmp_path / "state.json"
    if text is not None:
        state.write_bytes(text if isinstance(text, bytes) else text.encode())
    ended = run(home, "prod", "--state", str(state))
    assert (ended.status, ended.output) == (2, "")
    assert reported in ended.errors
    assert "Traceback" not in ended.errors


def test_a_picture_that_cannot_be_written_ends_with_status_2(home: Path, tmp_path: Path) -> None:
    ended = run(home, "prod", "--diagram", str(tmp_path / "nowhere" / "prod.svg"))
    assert (ended.status, ended.output) == (2, "")
    assert "No such file" in ended.errors
    assert "Traceback" not in ended.errors


def test_a_program_that_refuses_its_stack_ends_with_status_2_and_its_words(home: Path, tmp_path: Path) -> None:
    copy(tmp_path, (ROOT / "Pulumi.prod.yaml").read_text(encoding="utf-8"))
    program = tmp_path / "components" / "stack.py"
    text, first = program.read_text(encoding="utf-8"), "    platform = Platform.of(settings)\n"
    assert text.count(first) == 1, "the program begins otherwise"
    stops = '    import pulumi\n\n    raise pulumi.RunError("network: no such VPC")\n'
    program.write_text(text.replace(first, stops), encoding="utf-8")
    ended = run(home, "prod", checkout=tmp_path)
    assert (ended.status, ended.output) == (2, "")
    assert "prod: network: no such VPC" in ended.errors
    assert "Traceback" not in ended.errors


def test_a_standby_that_contradicts_its_primary_is_refused_before_anything_is_recorded(
    home: Path, tmp_path: Path
) -> None:
    text = (ROOT / "Pulumi.dr.yaml").read_text(encoding="utf-8")
    (tmp_path / "Pulumi.dr.yaml").write_text(text.replace("region: us-west-2", "region: us-east-1"), encoding="utf-8")
    copy(tmp_path, (ROOT / "Pulumi.prod.yaml").read_text(encoding="utf-8"))
    ended = run(home, "dr", checkout=tmp_path)
    assert (ended.status, ended.output) == (2, "")
    assert "identity.region: lost together with the primary" in ended.errors
    assert "primary: Pulumi.prod.yaml:" in ended.errors


def test_a_standby_that_names_itself_is_refused_at_once(home: Path, tmp_path: Path) -> None:
    text = (ROOT / "Pulumi.dr.yaml").read_text(encoding="utf-8")
    (tmp_path / "Pulumi.dr.yaml").write_text(text.replace("primary: prod", "primary: dr"), encoding="utf-8")
    copy(tmp_path, (ROOT / "Pulumi.prod.yaml").read_text(encoding="utf-8"))
    ended = run(home, "dr", checkout=tmp_path)
    assert (ended.status, ended.output) == (2, "")
    assert "recovery.standby.primary: a standby follows another stack" in ended.errors
    assert len(ended.errors.splitlines()) == 1


def test_a_command_that_opened_a_socket_would_be_seen() -> None:
    words = WATCHED.replace('runpy.run_module("review", run_name="__main__", alter_sys=True)', "socket.socket()")
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=False)  # noqa: S603 ours
    assert "PermissionError: an internet socket is opened" in done.stderr
