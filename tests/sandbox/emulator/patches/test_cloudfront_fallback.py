"""A single-page application behind CloudFront: its paths answer with its page, what is missing is missing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ministack.core import cloudfront_js

from components.edge.bucket_origins import FALLBACK
from sandbox.emulator.patches.cloudfront_fallback import answering, page, rewritten
from tests.sandbox.emulator.traffic.site import Site

if TYPE_CHECKING:
    from sandbox.emulator import client
    from tests.sandbox.emulator.conftest import Aws

CODE = FALLBACK.read_text(encoding="utf-8").replace("@PAGE@", "/index.html")
NODE = pytest.mark.skipif(shutil.which("node") is None, reason="asks the model against Node, which is not here")


def _asked(uri: str) -> Any:  # noqa: ANN401 - what a function returns
    request = {"method": "GET", "uri": uri, "querystring": {}, "headers": {}, "cookies": {}}
    return cloudfront_js.evaluate(CODE.encode(), {"version": "1.0", "context": {}, "viewer": {}, "request": request})


@pytest.mark.emulator
def test_paths_of_the_application_are_its_page_and_others_are_their_own(emulator: client.Emulator, aws: Aws) -> None:
    site = Site(emulator, aws, "pages")
    cloudfront = aws("cloudfront")
    made = cloudfront.create_function(
        Name="fallback-pages",
        FunctionConfig={"Comment": "", "Runtime": "cloudfront-js-2.0"},
        FunctionCode=CODE.encode(),
    )
    published = cloudfront.publish_function(Name="fallback-pages", IfMatch=made["ETag"])
    arn = published["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    held = cloudfront.get_distribution_config(Id=site.found["Id"])
    config = held["DistributionConfig"]
    functions = {"Quantity": 1, "Items": [{"FunctionARN": arn, "EventType": "viewer-request"}]}
    config["DefaultCacheBehavior"]["FunctionAssociations"] = functions
    config["CustomErrorResponses"] = {"Quantity": 0}
    cloudfront.update_distribution(Id=site.found["Id"], IfMatch=held["ETag"], DistributionConfig=config)
    for path in ("/", "/tasks", "/tasks/42", "/tasks/", "/a.b/c", "/index.html"):
        answer = site.ask(path)
        assert (answer.status, answer.body) == (200, b"home"), path
    for path in ("/assets/app.0123.js", "/favicon.ico", "/.well-known/security"):
        assert site.ask(path).status in {403, 404}, f"{path}: a script that is gone is no page"
    assert site.ask("/private/v.mp4").status == 403, "another behavior's paths are its own"


@NODE
@settings(max_examples=30)
@given(st.text("/.a-", max_size=12).map(lambda text: f"/{text}") | st.just("/.well-known/x"))
def test_the_model_says_what_node_says(uri: str) -> None:
    assert _asked(uri)["uri"] == rewritten(uri, "/index.html")


def test_no_node_is_asked_for_the_programs_own_function() -> None:
    def without_node(*_: object) -> object:
        raise cloudfront_js.CloudFrontFunctionError("CloudFront Functions need Node, which was not found")

    patched = answering(without_node)
    event = {"request": {"uri": "/tasks/42", "headers": {}}}
    assert patched(CODE.encode(), event) == {"uri": "/index.html", "headers": {}}
    with pytest.raises(cloudfront_js.CloudFrontFunctionError):
        patched(b"function handler(event) { return event.request; }", event)


def test_other_code_is_not_taken_for_it() -> None:
    assert page(CODE) == "/index.html"
    assert page(CODE.replace("-1", "-2")) is None
