"""Segments become traces that are found by time and filter; what is no segment is handed back with its code."""

from __future__ import annotations

import json
import secrets
import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


@pytest.fixture
def xray(aws: Aws) -> Client:
    return aws("xray")


def trace_id(age_seconds: float = 0) -> str:
    return f"1-{int(time.time() - age_seconds):08x}-{secrets.token_hex(12)}"


def segment(trace: str, name: str = "web", **more: object) -> dict[str, Any]:
    now = time.time()
    return {
        "trace_id": trace,
        "id": secrets.token_hex(8),
        "name": name,
        "start_time": now - 3,
        "end_time": now - 1,
        **more,
    }


def put(xray: Client, *segments: dict[str, Any] | str) -> list[dict[str, str]]:
    documents = [one if isinstance(one, str) else json.dumps(one) for one in segments]
    found: list[dict[str, str]] = xray.put_trace_segments(TraceSegmentDocuments=documents)["UnprocessedTraceSegments"]
    return found


def found(xray: Client, text: str | None = None, **more: object) -> list[str]:
    """Return the ids of the traces of the last hour that a filter means."""
    asked = {"StartTime": time.time() - 3600, "EndTime": time.time() + 60, **more}
    asked |= {} if text is None else {"FilterExpression": text}
    return [one["Id"] for one in xray.get_trace_summaries(**asked)["TraceSummaries"]]


@pytest.fixture
def shop(xray: Client) -> str:
    """A trace of a request that went through the shop: web called bids, whose table was throttled."""
    trace = trace_id()
    asked = {"id": secrets.token_hex(8), "name": "bids", "start_time": 1.0, "end_time": 2.0}
    web = segment(
        trace,
        origin="AWS::ECS::Fargate",
        user="alice",
        http={"request": {"method": "POST", "url": "https://a.example/bids"}, "response": {"status": 201}},
        annotations={"lot": "l-7", "bid": 30, "first": False},
        subsegments=[asked],
    )
    table = {
        "id": secrets.token_hex(8),
        "name": "lots",
        "namespace": "aws",
        "origin": "AWS::DynamoDB",
        "throttle": True,
    }
    bids = segment(trace, "bids", parent_id=asked["id"], fault=True, subsegments=[table])
    assert put(xray, web, bids) == []
    return trace


def test_a_trace_is_read_back_segment_by_segment(xray: Client, shop: str) -> None:
    (trace,) = xray.batch_get_traces(TraceIds=[shop])["Traces"]
    assert trace["Id"] == shop
    assert [json.loads(one["Document"])["name"] for one in trace["Segments"]] == ["web", "bids"]


def test_a_summary_says_what_its_beginning_says(xray: Client, shop: str) -> None:
    answer = xray.get_trace_summaries(StartTime=time.time() - 60, EndTime=time.time() + 60)
    (summary,) = answer["TraceSummaries"]
    assert (summary["Id"], summary["HasFault"], summary["IsPartial"]) == (shop, False, False)
    assert summary["Http"] == {"HttpURL": "https://a.example/bids", "HttpMethod": "POST", "HttpStatus": 201}
    assert summary["EntryPoint"]["Type"] == "AWS::ECS::Fargate"
    assert [one["Name"] for one in summary["ServiceIds"]] == ["web", "bids"]
    assert summary["Annotations"]["bid"][0]["AnnotationValue"] == {"NumberValue": 30.0}
    assert summary["Users"][0]["UserName"] == "alice"
    assert round(summary["ResponseTime"]) == 2


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ok", True),
        ("fault", False),
        ("service() { fault }", True),
        ('service("bids") { fault }', True),
        ('service("web") { fault }', False),
        ('service("other")', False),
        ('!service("other")', True),
        ('service(id(name: "web", type: "AWS::ECS::Fargate"))', True),
        ('service(id(name: "web", type: "AWS::Lambda"))', False),
        ('service(id(name: "web", account.id: "1"))', False),
        ('service("lots") { throttle }', True),
        ('edge("web", "bids") { fault }', True),
        ('edge("bids", "lots")', True),
        ('edge("web", "lots")', False),
        ("responsetime > 1.5 AND responsetime < 2.5", True),
        ("http.status = 201", True),
        ("http.status >= 500", False),
        ('http.url CONTAINS "/bids" http.method = "POST"', True),
        ('http.url ENDSWITH "/lots" OR user = "alice"', True),
        ('user CONTAINS ""', True),
        ("http.useragent", False),
        ('annotation.lot = "l-7"', True),
        ("annotation.bid > 29", True),
        ("annotation.bid > 30", False),
        ("annotation.first = false", True),
        ("annotation.none", False),
        ("!annotation.none", True),
        ("partial", False),
        ("inferred", True),
    ],
)
def test_a_filter_finds_what_it_means(xray: Client, shop: str, text: str, *, meant: bool) -> None:
    assert found(xray, text) == ([shop] if meant else [])


def test_a_group_is_a_filter_by_its_name(xray: Client, shop: str) -> None:
    xray.create_group(GroupName="faults", FilterExpression="service() { fault }")
    xray.create_group(GroupName="itself", FilterExpression='group.name = "itself"')
    assert found(xray, 'group.name = "faults"') == [shop]
    assert found(xray, 'group.name = "none"') == found(xray, 'group.name = "itself"') == []


def test_a_subsegment_that_comes_by_itself_is_a_part_of_its_segment(xray: Client) -> None:
    whole = segment(trace_id())
    call = segment(whole["trace_id"], "lots", type="subsegment", parent_id=whole["id"], namespace="aws", fault=True)
    assert put(xray, call, whole) == []
    assert found(xray, 'edge("web", "lots") { fault }') == [whole["trace_id"]]
    (summary,) = xray.get_trace_summaries(StartTime=0, EndTime=time.time() + 60)["TraceSummaries"]
    assert [one["Name"] for one in summary["ServiceIds"]] == ["web"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("no JSON", "ParseError"),
        ("[1]", "ParseError"),
        ({"id": None}, "MissingId"),
        ({"trace_id": ""}, "MissingTraceId"),
        ({"name": None}, "MissingName"),
        ({"id": "xyz"}, "InvalidId"),
        ({"name": "a<b>"}, "InvalidName"),
        ({"name": "n" * 201}, "InvalidName"),
        ({"trace_id": "1-2-3"}, "InvalidTraceId"),
        ({"trace_id": trace_id(31 * 86_400)}, "InvalidTraceId"),
        ({"trace_id": trace_id(-2 * 86_400)}, "InvalidTraceId"),
        ({"start_time": "now"}, "MissingStartTime"),
        ({"end_time": None}, "MissingEndTime"),
        ({"type": "subsegment"}, "MissingParentId"),
        ({"metadata": {"text": "x" * 65_536}}, "SegmentTooLarge"),
    ],
)
def test_what_is_no_segment_is_handed_back(xray: Client, wrong: str | dict[str, Any], code: str) -> None:
    good = segment(trace_id())
    bad = wrong if isinstance(wrong, str) else segment(trace_id()) | wrong
    (refused,) = put(xray, bad, good)
    assert refused["ErrorCode"] == code
    assert refused["Message"].endswith(f"ErrorCode: {code}")
    assert found(xray) == [good["trace_id"]], "and the others are taken"


def test_a_segment_in_progress_has_no_end_yet(xray: Client) -> None:
    begun = segment(trace_id(), end_time=None, in_progress=True)
    assert put(xray, {key: value for key, value in begun.items() if value is not None}) == []
    assert found(xray, "partial") == [begun["trace_id"]]
    assert put(xray, {**begun, "end_time": time.time(), "in_progress": False}) == []
    assert found(xray, "!partial") == [begun["trace_id"]], "the same segment, whole"


def test_traces_are_found_by_their_time(xray: Client) -> None:
    old = segment(trace_id(7200))
    assert put(xray, old) == []
    assert found(xray) == []
    assert found(xray, TimeRangeType="Event") == [old["trace_id"]], "when its segments are of"
    assert found(xray, StartTime=time.time() - 8000) == [old["trace_id"]]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"StartTime": 2, "EndTime": 1}, "before EndTime"),
        ({"FilterExpression": "faults"}, "Invalid filter expression: character 1"),
        ({"FilterExpression": 'rootcause.fault.service { name = "a" }'}, "does not know root causes"),
        ({"TimeRangeType": "Never"}, "enum value set"),
    ],
)
def test_a_search_that_cannot_be_is_refused(xray: Client, shop: str, more: dict[str, Any], message: str) -> None:
    assert shop
    with pytest.raises(ClientError, match=message):
        xray.get_trace_summaries(**{"StartTime": 0, "EndTime": time.time(), **more})


def test_five_traces_are_read_at_once(xray: Client, shop: str) -> None:
    answer = xray.batch_get_traces(TraceIds=[shop, trace_id(), "none"])
    assert [one["Id"] for one in answer["Traces"]] == [shop], "one that is not there is left out"
    assert answer["UnprocessedTraceIds"] == ["none"]
    with pytest.raises(ClientError, match="1 to 5 ids"):
        xray.batch_get_traces(TraceIds=[trace_id() for _ in range(6)])


def test_traces_are_an_accounts_own_in_a_region(aws: Aws, xray: Client, shop: str) -> None:
    assert found(xray) == [shop]
    assert found(aws("xray", "eu-west-1")) == []
    xray.put_telemetry_records(TelemetryRecords=[{"Timestamp": time.time(), "SegmentsSentCount": 2}])
