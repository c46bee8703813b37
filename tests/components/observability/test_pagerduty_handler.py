"""The function that tells PagerDuty: what it makes of a message, and how it hands it over to a listening server."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from components.observability.pagerduty import handler as forwarding
from components.observability.pagerduty.forwarder import ENDPOINTS, RETRIES, TIMEOUT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

TOPIC = "arn:aws:sns:us-east-1:100000000004:critical"
ALARM_ARN = "arn:aws:cloudwatch:us-east-1:100000000004:alarm:phoenix-prod-service-outage"
ALARM = {
    "AlarmName": "phoenix-prod-service-outage",
    "AlarmDescription": "people are not served",
    "AlarmArn": ALARM_ARN,
    "NewStateValue": "ALARM",
    "NewStateReason": "errors went to ALARM",
    "StateChangeTime": "2026-11-21T10:00:00.000+0000",
    "Region": "US East (N. Virginia)",
}
FINDING = {
    "id": "11111111-2222-3333-4444-555555555555",
    "detail-type": "GuardDuty Finding",
    "source": "aws.guardduty",
    "time": "2026-11-21T10:00:00Z",
    "detail": {"severity": 8},
}


def message(content: object) -> dict[str, str]:
    text = content if isinstance(content, str) else json.dumps(content)
    return {"TopicArn": TOPIC, "MessageId": "m-1", "Message": text, "Timestamp": "2026-11-21T10:00:01.000Z"}


class PagerDuty:
    """A server on the loopback that answers as set, and keeps what it was sent."""

    def __init__(self, answers: list[int]) -> None:
        self.events: list[dict[str, Any]] = []
        self.answers = answers
        outer = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.events.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(outer.answers.pop(0))
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v2/enqueue"


@contextmanager
def listening(*answers: int) -> Iterator[PagerDuty]:
    there = PagerDuty(list(answers))
    thread = threading.Thread(target=there.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield there
    there.server.shutdown()
    there.server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.observability.pagerduty.handler.time.sleep", lambda _: None)


def test_an_alarm_opens_an_incident_under_its_own_arn() -> None:
    event = forwarding.translate(message(ALARM), "critical")
    assert event is not None
    assert (event["event_action"], event["dedup_key"]) == ("trigger", ALARM_ARN), "a repeated message changes nothing"
    assert event["payload"]["severity"] == "critical", "PagerDuty's word is ours"
    assert event["payload"]["summary"] == "phoenix-prod-service-outage: people are not served"
    assert event["payload"]["custom_details"]["reason"] == "errors went to ALARM", "which alarm it was"


def test_an_alarm_that_is_over_resolves_its_incident() -> None:
    event = forwarding.translate(message(ALARM | {"NewStateValue": "OK"}), "critical")
    assert event == {"event_action": "resolve", "dedup_key": ALARM_ARN}, "PagerDuty wants no payload to resolve"


def test_an_alarm_without_data_is_not_reported() -> None:
    assert forwarding.translate(message(ALARM | {"NewStateValue": "INSUFFICIENT_DATA"}), "critical") is None


def test_an_event_opens_an_incident_under_its_id() -> None:
    event = forwarding.translate(message(FINDING), "critical")
    assert event is not None
    assert event["dedup_key"] == FINDING["id"], "a second delivery is the same incident"
    assert (event["payload"]["summary"], event["payload"]["source"]) == ("GuardDuty Finding", "aws.guardduty")


@pytest.mark.parametrize("text", ["plain words", "[1, 2]", '"quoted"'])
def test_a_message_that_is_no_event_is_reported_as_it_is(text: str) -> None:
    event = forwarding.translate(message(text), "warning")
    assert event is not None
    assert (event["payload"]["summary"], event["dedup_key"]) == (text, "m-1"), "nothing is swallowed"


def test_a_summary_is_cut_to_what_pagerduty_takes() -> None:
    event = forwarding.translate(message("x" * 5000), "warning")
    assert event is not None
    assert len(event["payload"]["summary"]) == 1024, "longer ones are refused"


def test_what_pagerduty_takes_is_handed_over_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(202) as there:
        monkeypatch.setenv("ENDPOINT", there.url)
        forwarding.deliver({"dedup_key": "one"})
    assert there.events == [{"dedup_key": "one"}]


@pytest.mark.parametrize("answers", [(429, 202), (500, 503, 202)])
def test_a_busy_pagerduty_is_asked_again(answers: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(*answers) as there:
        monkeypatch.setenv("ENDPOINT", there.url)
        forwarding.deliver({"dedup_key": "one"})
    assert len(there.events) == len(answers), "until it takes the event"


def test_a_pagerduty_that_stays_busy_fails_the_run_so_that_lambda_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(500, 500, 500) as there:
        monkeypatch.setenv("ENDPOINT", there.url)
        with pytest.raises(RuntimeError, match="did not take one in 3 attempts"):
            forwarding.deliver({"dedup_key": "one"})


def test_a_refused_event_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(400) as there:
        monkeypatch.setenv("ENDPOINT", there.url)
        with pytest.raises(RuntimeError, match="PagerDuty refuses the event: 400"):
            forwarding.deliver({"dedup_key": "one"})
    assert len(there.events) == 1, "it would be refused again"


def test_a_pagerduty_that_cannot_be_had_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as gone:
        pass
    monkeypatch.setenv("ENDPOINT", gone.url)
    with pytest.raises(RuntimeError, match="did not take"):
        forwarding.deliver({"dedup_key": "one"})


def test_the_key_travels_by_tls_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDPOINT", "http://events.pagerduty.com/v2/enqueue")
    with pytest.raises(RuntimeError, match="https"):
        forwarding.deliver({"dedup_key": "one", "routing_key": "secret"})
    assert all(url.startswith("https://") for url in ENDPOINTS.values()), "both service regions"


def test_a_run_has_time_for_all_its_attempts() -> None:
    longest = forwarding.ATTEMPTS * forwarding.TIMEOUT_SECONDS + sum(range(forwarding.ATTEMPTS))
    assert longest < TIMEOUT_SECONDS / 2, "Lambda must not end it, with the secret's reading and a cold start besides"
    assert RETRIES == 2, "Lambda's most"
