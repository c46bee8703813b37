"""One conversion per message: whatever the engine sends, the answers are those of the SDK's own servicer."""

from __future__ import annotations

import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Barrier
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pulumi_policy as sdk
import pytest
from google.protobuf import struct_pb2
from google.protobuf.json_format import MessageToDict
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import policy as internals
from pulumi_policy.deserialize import deserialize_properties, serialize_properties
from pulumi_policy.policy import _PolicyAnalyzerServicer
from pulumi_policy.proxy import unknown_checking_proxy

from policy import crossguard, messages, servicer
from policy.pack import PACK
from policy.rule import Severity, resource_rule, stack_rule
from policy.servicer import Sharing, shared
from tests.components.recording import recorded
from tests.policy.cases.database import DATABASE
from tests.policy.harness import TODAY, UNKNOWN, Made, answers, diagnostics
from tests.policy.mutants import VALUES, as_sent, in_order, mutants, secret
from tests.policy.test_rules import CASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from policy.resources import Stack
    from policy.rule import Breach, Rule, Settings
    from review.graph import Resource

ROOT = Path(__file__).resolve().parents[2]
PASSWORDS = "no-plaintext-password"
"""End of the names of rules that the SDK's own servicer judges otherwise: it does not say what is a secret."""
SMALL_STACKS = [
    stack
    for case in CASES.values()
    if not case.rule.endswith(PASSWORDS)
    for stack in (case.passing, case.failing)
    if stack and len({made.urn for made in stack}) == len(stack)  # as every URN of a stack is its own
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(VALUES[1:]),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
    max_leaves=10,
)


def own_and_sharing(stack: Sequence[Any], **more: Any) -> tuple[list[Any], list[Any]]:  # noqa: ANN401 as `answers`
    return answers(_PolicyAnalyzerServicer, stack, **more), answers(shared(_PolicyAnalyzerServicer), stack, **more)


def configured(**levels: int) -> analyzer_pb2.ConfigureAnalyzerRequest:
    given = {
        name.replace("_", "-"): analyzer_pb2.PolicyConfig(enforcementLevel=level)  # type: ignore[arg-type]
        for name, level in levels.items()
    }
    return analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=given)


@given(st.sampled_from(SMALL_STACKS), st.randoms(use_true_random=False))
def test_a_broken_small_stack_is_judged_alike(stack: Sequence[Made], random: Random) -> None:
    own, sharing = own_and_sharing(mutants(random, stack))
    assert sharing == own


@pytest.fixture
def converted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK converts a message for each of hundreds of policies: here the same message is converted once by it."""
    made: dict[bytes, dict[str, Any]] = {}

    def convert(message: struct_pb2.Struct) -> dict[str, Any]:
        sent = message.SerializeToString()
        if sent not in made:
            made[sent] = MessageToDict(message)
        return made[sent]

    monkeypatch.setattr(internals, "json_format", SimpleNamespace(MessageToDict=convert))


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.usefixtures("converted_once")
@pytest.mark.parametrize("name", ["prod", "dr"])
def test_a_whole_stack_is_judged_alike_as_it_is_and_broken(name: str) -> None:
    stack = list(a_few_of_each_type(map(as_sent, in_order(recorded(name).resources))))
    for broken in (stack, mutants(Random(name), stack)):  # noqa: S311 the same mutants every time
        own, sharing = map(but_of_passwords, own_and_sharing(broken))
        assert sharing == own
    assert sum(len(answer.diagnostics) for answer in sharing) > 20, "half of its resources are broken"


def but_of_passwords(answers: list[Any]) -> list[Any]:
    """Return answers without what they say of passwords."""
    for answer in answers:
        kept = [one for one in answer.diagnostics if not one.policyName.endswith(PASSWORDS)]
        del answer.diagnostics[:]
        answer.diagnostics.extend(kept)
    return answers


def a_few_of_each_type(stack: Iterable[Resource]) -> Iterator[Resource]:
    """Leave out the hundredth alarm: the SDK's own servicer takes ten milliseconds over each."""
    seen: Counter[str] = Counter()
    for each in stack:
        seen[each.type] += 1
        if seen[each.type] <= 4:
            yield each


@given(st.dictionaries(st.text(), JSON))
def test_a_message_is_read_as_the_sdk_reads_it(inputs: dict[str, Any]) -> None:
    sent = struct_pb2.Struct()
    sent.update(inputs)
    by_sdk = serialize_properties(unknown_checking_proxy(deserialize_properties(MessageToDict(sent))))
    assert repr(messages.plain(sent)) == repr(by_sdk), "repr tells 1 from 1.0 and from True"


@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_a_number_that_is_none_is_refused_as_the_sdk_refuses_it(number: float) -> None:
    sent = struct_pb2.Struct()
    sent.update({"size": number})
    with pytest.raises(ValueError, match="Fail to serialize"):
        messages.plain(sent)


@resource_rule("test-raises", on=("test:*",), severity=Severity.HIGH, controls=(), url="https://x", remediation="none")
def raises(_resource: Resource, _settings: Settings) -> Iterator[str]:
    """Rules raise."""
    yield "something is wrong before"
    raise LookupError("lost")


@stack_rule(
    "test-stack-raises", on=("test:*",), severity=Severity.HIGH, controls=(), url="https://x", remediation="none"
)
def stack_raises(_stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Rules on stacks raise."""
    raise LookupError("lost")
    yield  # makes it a generator, as rules are


@pytest.mark.parametrize(("rule", "messages"), [(raises, 2), (stack_raises, 1)], ids=["resource", "stack"])
def test_a_rule_that_raises_is_a_violation(rule: Rule, messages: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossguard, "all_rules", lambda _waivers, _today: (rule,))
    said = diagnostics([Made(type="test:a:A"), Made(type="other:a:A")])
    assert len(said) == messages
    assert "the rule itself failed with LookupError" in said[-1].message
    assert {each.enforcementLevel for each in said} == {analyzer_pb2.MANDATORY}


def test_an_unknown_and_a_secret_are_judged_alike() -> None:
    for value in (UNKNOWN, secret(UNKNOWN), secret(True)):
        said = diagnostics([Made(type=DATABASE.type, inputs={**DATABASE.inputs, "publiclyAccessible": value})])
        assert "rds-not-public" in {each.policyName for each in said}


@pytest.mark.parametrize("level", ["ADVISORY", "MANDATORY", "REMEDIATE", "DISABLED"])
@pytest.mark.parametrize("rule", ["rds_not_public", "s3_versioning", "s3_versioning_configured"])
def test_a_level_of_the_config_is_heeded_alike(rule: str, level: str) -> None:
    broken = Made(type=DATABASE.type, inputs={**DATABASE.inputs, "publiclyAccessible": True})
    config = configured(**{rule: analyzer_pb2.EnforcementLevel.Value(level)})
    own, sharing = own_and_sharing([broken, Made(type="aws:s3/bucket:Bucket")], config=config)
    assert sharing == own


def both() -> Iterator[Any]:
    for make in (_PolicyAnalyzerServicer, shared(_PolicyAnalyzerServicer)):
        yield make(PACK, "0.1.0", crossguard.policies((), TODAY), sdk.EnforcementLevel.MANDATORY)


@pytest.mark.parametrize("level", [analyzer_pb2.MANDATORY, analyzer_pb2.REMEDIATE])
def test_remediation_is_answered_alike(level: int) -> None:
    reported = []
    for each in both():
        each.Configure(configured(rds_not_public=level), None)
        reported.append(each.Remediate(analyzer_pb2.AnalyzeRequest(type=DATABASE.type), None))
    assert reported[0] == reported[1]


def test_a_new_config_counts_for_types_seen_before() -> None:
    *_, sharing = both()
    request = analyzer_pb2.AnalyzeRequest(type=DATABASE.type)
    before = {each.policyName for each in sharing.Analyze(request, None).diagnostics}
    sharing.Configure(configured(rds_storage_encrypted=analyzer_pb2.DISABLED), None)
    after = {each.policyName for each in sharing.Analyze(request, None).diagnostics}
    assert before - after == {"rds-storage-encrypted"}


def test_facts_about_the_pack_and_tags_of_the_stack_pass_through() -> None:
    own, sharing = both()
    assert sharing.GetAnalyzerInfo(None, None) == own.GetAnalyzerInfo(None, None)
    assert sharing.GetPluginInfo(None, None) == own.GetPluginInfo(None, None)
    request = analyzer_pb2.AnalyzerStackConfigureRequest(tags={"a": "b"})
    assert sharing.ConfigureStack(request, None) == own.ConfigureStack(request, None)


def test_a_message_is_converted_once_however_many_rules_judge_it(monkeypatch: pytest.MonkeyPatch) -> None:
    converted: list[object] = []
    by_sdk: list[object] = []
    plain = messages.plain
    monkeypatch.setattr(messages, "plain", lambda properties: converted.append(properties) or plain(properties))
    monkeypatch.setattr(internals, "deserialize_properties", lambda given: by_sdk.extend(given) or given)
    flat = Made(type=DATABASE.type, inputs={"publiclyAccessible": True})
    said = answers(shared(_PolicyAnalyzerServicer), [flat])
    assert len({each.policyName for answer in said for each in answer.diagnostics}) > 5, "rules that judged it"
    assert len(converted) == 2, "once as a resource, once with its stack"
    assert not by_sdk, "the SDK had nothing left to convert"


def test_threads_of_one_server_each_judge_their_own_resource(monkeypatch: pytest.MonkeyPatch) -> None:
    together = Barrier(4, timeout=30)

    @resource_rule(
        "test-waits", on=("test:*",), severity=Severity.HIGH, controls=(), url="https://x", remediation="none"
    )
    def waits(resource: Resource, _settings: Settings) -> Iterator[str]:
        """Rules judge at the same time."""
        together.wait()
        yield f"it is {resource.origin.name}"

    monkeypatch.setattr(crossguard, "all_rules", lambda _waivers, _today: (waits,))
    *_, sharing = both()
    requests = [analyzer_pb2.AnalyzeRequest(type="test:a:A", name=name) for name in "abcd"]
    with ThreadPoolExecutor(max_workers=4) as pool:
        reported = [answer.diagnostics[0].message for answer in pool.map(sharing.Analyze, requests, [None] * 4)]
    assert [text.partition("it is ")[2][0] for text in reported] == ["a", "b", "c", "d"]


def test_nothing_is_held_out_after_the_judgement() -> None:
    diagnostics([DATABASE])
    assert servicer.judged.get() is None


def test_the_sdk_is_pinned_to_the_version_that_was_read() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"pulumi-policy=={servicer.WRITTEN_FOR}" in project["dependencies"]
    assert servicer.unlike() == ""


@pytest.fixture(name="started")
def _started(monkeypatch: pytest.MonkeyPatch) -> list[type]:
    """Kinds of servicer that packs start with; instead of serving, a pack notes its own."""
    kinds: list[type] = []

    class Pack:
        def __init__(self, name: str, policies: list[sdk.Policy], enforcement_level: sdk.EnforcementLevel) -> None:
            kinds.append(type(internals._PolicyAnalyzerServicer(name, "0.0.1", policies, enforcement_level)))

    monkeypatch.setattr(internals, "_PolicyAnalyzerServicer", _PolicyAnalyzerServicer)
    monkeypatch.setattr(sdk, "PolicyPack", Pack)
    return kinds


def test_the_pack_serves_sharing(started: list[type], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crossguard.serve(tmp_path / "none.yaml", TODAY)
    assert started == [Sharing]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("part", ["VERSION", "_SERVICER"])
def test_another_sdk_serves_its_own_way_and_one_line_says_so(
    part: str,
    started: list[type],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(servicer, part, "another")
    crossguard.serve(tmp_path / "none.yaml", TODAY)
    assert started == [_PolicyAnalyzerServicer]
    [line] = capsys.readouterr().err.splitlines()
    assert "another" in line
