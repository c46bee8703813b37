"""A toy area, added to a copy of the project from outside: four places, and whatever looks at a stack finds it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.slow  # the program is imported anew, and four stacks are recorded

ROOT: Final = Path(__file__).parents[2]
COPIED: Final = ("config", "components", "policy", "review", "Pulumi.yaml", "Pulumi.small.yaml")
SECTION: Final = '''"""A broker of messages: a toy."""

from __future__ import annotations

from typing import ClassVar

from config.base import Section
from config.network import TierName
from config.serving import Member, Port


class Broker(Section):
    """Queues, and a relay that pods reach."""

    serves: ClassVar[Member] = Member(
        group="broker",
        purpose="Relays of the broker",
        called="the broker",
        kind="private",
        ports=(Port(key="mqtts", called="MQTT by TLS", number=8883),),
        clients="private",
    )
    queues: tuple[str, ...]
    """Names of the queues."""
    encrypted: bool = True
    """Whether what they hold is encrypted."""
    tier: TierName | None = None
    """Tier of the relay; none = the only private one."""
'''
PACKAGE: Final = {
    "__init__.py": '''"""A broker of messages: a toy."""

from components.broker.area import build
from components.broker.outputs import BrokerOutputs

__all__ = ["BrokerOutputs", "build"]
''',
    "outputs.py": '''"""What later areas may know of the broker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from components.outputs import Outputs, gathered

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi


@dataclass(frozen=True, kw_only=True)
class BrokerOutputs(Outputs):
    """The broker as other areas see it."""

    queue_names: Mapping[str, pulumi.Output[str]]

    def exports(self) -> Mapping[str, pulumi.Output[Any]]:
        return {"broker_queues": gathered(self.queue_names)}
''',
    "area.py": '''"""The broker of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import sqs

from components.base import child, named
from components.broker.outputs import BrokerOutputs
from components.keys import KeysOutputs
from components.network import NetworkOutputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    settings = platform.settings.broker
    if settings is None:
        return
    platform.needed(NetworkOutputs).group_of(settings.serves)
    key = platform.needed(KeysOutputs).arn("data") if settings.encrypted else None
    broker = pulumi.ComponentResource("platform:broker:Broker", "broker", None, platform.options)
    queues = {
        name: sqs.Queue(named("broker", name), kms_master_key_id=key, opts=child(broker)) for name in settings.queues
    }
    yield BrokerOutputs(queue_names={name: queue.name for name, queue in queues.items()})
''',
}
LINES: Final = {
    "config/stack.py": {
        "from config.cluster import Cluster\n": "from config.broker import Broker\n",
        "    registry: Registry | None = None\n": "    broker: Broker | None = None\n",
    },
    "components/stack.py": {
        "from components import (\n": "    broker,\n",
        "    registry.build,\n": "    broker.build,\n",
    },
}
"""File of the project -> line that is there -> line that the area adds: its import, and itself."""
BROKER: Final = "    broker: {queues: [orders, refunds]}\n"
PROGRAM: Final = """
import json
from datetime import date
from config.load import load_file, stack_file
from review import recovery, report
from review.diagram import draw
from review.graph import ROOT_TYPE
from review.plan_view import view
from review.recording import record_stack
from review.verdict import judge

found = {}
for stack in ("small", "toy", "open"):
    settings = load_file(stack_file(stack))
    graph = record_stack(stack, settings)
    verdict = judge(graph, environment="prod", today=date(2026, 11, 30))
    found[stack] = report.as_json(graph, verdict) | {
        "recovery": recovery.as_json(settings),
        "picture": draw(view(graph)),
        "outputs": graph.of_type(ROOT_TYPE)[0].outputs,
        "groups": [one.name for one in graph.of_type("aws:ec2/securityGroup:SecurityGroup")],
        "urns": [one.urn.partition("::")[2] for one in graph.resources],
        "rules": [
            [one.name, one.inputs["fromPort"]]
            for one in graph.any_of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        ],
    }
print(json.dumps(found))
"""


def _with_toy(project: Path) -> None:
    """Add the area to a copy of the project, and two stacks that have it."""
    (project / "config" / "broker.py").write_text(SECTION, encoding="utf-8")
    (project / "components" / "broker").mkdir()
    for name, text in PACKAGE.items():
        (project / "components" / "broker" / name).write_text(text, encoding="utf-8")
    for name, lines in LINES.items():
        text = (project / name).read_text(encoding="utf-8")
        for there, added in lines.items():
            assert text.count(there) == 1, f"{name} has no line {there!r} any more"
            text = text.replace(there, there + added)
        (project / name).write_text(text, encoding="utf-8")
    small = (ROOT / "Pulumi.small.yaml").read_text(encoding="utf-8")
    (project / "Pulumi.toy.yaml").write_text(small + BROKER, encoding="utf-8")
    spoilt = BROKER.replace("}", ", encrypted: false}")
    (project / "Pulumi.open.yaml").write_text(small + spoilt, encoding="utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, with the area."""
    project = tmp_path_factory.mktemp("toy")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / name, project / name)
    _with_toy(project)
    return project


@pytest.fixture(scope="module")
def found(project: Path) -> Mapping[str, Any]:
    """What review, pack, picture and objectives say of small, of small with the toy, and with a toy that is open."""
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", PROGRAM], cwd=project, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_an_area_is_a_section_a_package_and_its_import_and_its_line_in_two_files(project: Path) -> None:
    added: dict[str, list[str]] = {}
    for file in (one for part in COPIED for one in [project / part, *(project / part).rglob("*")] if one.is_file()):
        name = str(file.relative_to(project))
        there = (ROOT / name).read_bytes().splitlines() if (ROOT / name).is_file() else []
        more = [line.decode() for line in file.read_bytes().splitlines() if line not in there]
        if more and "__pycache__" not in name:
            added[name] = more
    package = {f"components/broker/{name}" for name in PACKAGE}
    assert set(added) == {"config/broker.py", *package, *LINES}
    assert {len(added[name]) for name in LINES} == {2}


def test_it_is_recorded_and_published_where_the_stack_file_has_it(found: Mapping[str, Any]) -> None:
    assert set(found["toy"]["outputs"]) - set(found["small"]["outputs"]) == {"broker_queues"}
    assert set(found["toy"]["outputs"]["broker_queues"]) == {"orders", "refunds"}
    more = set(found["toy"]["urns"]) - set(found["small"]["urns"])
    assert {one.rpartition("::")[2] for one in more if "broker:Broker" in one} == {
        "broker",
        "broker-orders",
        "broker-refunds",
    }
    assert set(found["small"]["urns"]) - set(found["toy"]["urns"]) <= {
        f"platform::pulumi:pulumi:Stack::{PROJECT}-small"
    }


PROJECT: Final = "platform"


def test_its_security_group_follows_from_what_it_serves(found: Mapping[str, Any]) -> None:
    assert set(found["toy"]["groups"]) - set(found["small"]["groups"]) == {"network-broker-group"}
    ports = {name: port for name, port in found["toy"]["rules"] if name.startswith("network-broker-")}
    assert set(ports.values()) == {8883}, "and so do the rules"


def test_the_review_counts_it_by_name(found: Mapping[str, Any]) -> None:
    assert found["toy"]["inventory"]["broker"] == {"aws:sqs/queue:Queue": 2}
    assert "broker" not in found["small"]["inventory"]


def test_the_pack_judges_it_by_the_rules_on_its_types(found: Mapping[str, Any]) -> None:
    assert found["toy"]["policy"]["passed"]
    assert found["toy"]["policy"]["rules"] > found["small"]["policy"]["rules"], (
        "rules on queues have something to judge"
    )
    refused = {(one["rule"], one["urn"].rpartition("::")[2]) for one in found["open"]["policy"]["findings"]}
    assert ("sqs-encrypted", "broker-orders") in refused
    assert not found["open"]["policy"]["passed"]
    assert "aws:sqs/queue:Queue" not in found["toy"]["policy"]["unread"], "a rule names the type"


def test_the_picture_names_it_although_it_has_no_words_for_it(found: Mapping[str, Any]) -> None:
    assert "broker · 2" in found["toy"]["picture"]
    assert "broker" not in found["small"]["picture"]


def test_the_objectives_name_it_as_unknown(found: Mapping[str, Any]) -> None:
    assert found["toy"]["recovery"]["unreckoned"] == ["broker"]
    assert found["small"]["recovery"]["unreckoned"] == []
