from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.edge.cdn import proof_of
from tests.components.edge.conftest import record_cdn
from tests.components.recording import SHOP, recorded
from tests.config.containersfile import GONE, refused

if TYPE_CHECKING:
    from config.edge import Edge
    from config.stack import StackConfig
    from review.graph import Graph

DISTRIBUTION = "front-cdn-distribution"


def _origins(graph: Graph) -> dict[str, dict[str, Any]]:
    return {origin["originId"]: origin for origin in graph.named(DISTRIBUTION).inputs["origins"]}


def _without_spare(edge: Edge) -> Edge:
    assert edge.cdn is not None
    buckets = {short: one.model_copy(update={"standby": None}) for short, one in edge.cdn.buckets.items()}
    return edge.model_copy(update={"cdn": edge.cdn.model_copy(update={"buckets": buckets})})


def test_the_system_is_reached_under_its_name_over_both_protocols_of_the_internet(cdn: Graph) -> None:
    for kind in ("A", "AAAA"):
        record = cdn.named(f"front-domain-{kind.lower()}").inputs
        assert (record["name"], record["type"]) == ("phoenix.example", kind)
        (alias,) = record["aliases"]
        assert alias["zoneId"] == "Z2FDTNDATAQYW2", "the zone of CloudFront, which is the same for everybody"
        assert alias["name"] == cdn.named(DISTRIBUTION).outputs["domainName"], "and leads to the distribution"


def test_the_zone_is_not_replaced_in_passing(cdn: Graph) -> None:
    assert cdn.named("front-zone").protect, "another zone has other name servers, which the parent does not know"


def test_both_names_are_proven_to_acm_once_for_all_regions(cdn: Graph) -> None:
    certificate = cdn.named("front-certificate").inputs
    assert certificate["validationMethod"] == "DNS", "renewals ask nobody"
    domains = [certificate["domainName"], *certificate["subjectAlternativeNames"]]
    assert domains == ["phoenix.example", "origin.phoenix.example"], "the regions' certificates need no records"
    for short, domain in zip(("domain", "origin"), domains, strict=True):
        assert cdn.named(f"front-proof-of-{short}").inputs["name"] == f"_proof.{domain}.", "its own record"


def test_a_proof_is_found_whatever_the_order() -> None:
    class Option:
        def __init__(self, domain: str) -> None:
            self.domain_name = domain
            self.resource_record_name = f"name of {domain}"
            self.resource_record_type = "CNAME"
            self.resource_record_value = f"value of {domain}"

    options: Any = [Option("b.example"), Option("a.example")]
    assert proof_of(options, "a.example") == ("name of a.example", "CNAME", "value of a.example")
    with pytest.raises(ValueError, match=r"no record that proves c\.example"):
        proof_of(options, "c.example")


def test_the_certificate_is_used_once_the_proofs_are_there(cdn: Graph) -> None:
    behind = cdn.named("front-certificate-issued").property_dependencies["certificateArn"]
    for short in ("domain", "origin"):
        assert cdn.named(f"front-proof-of-{short}").urn in behind, "ACM would wait for a record nobody has written"


def test_viewers_are_answered_by_tls_with_our_certificate(cdn: Graph, edge: Edge) -> None:
    inputs = cdn.named(DISTRIBUTION).inputs
    assert edge.cdn is not None
    assert inputs["aliases"] == ["phoenix.example"]
    assert inputs["viewerCertificate"]["minimumProtocolVersion"] == edge.cdn.tls_minimum
    behaviors = [inputs["defaultCacheBehavior"], *inputs["orderedCacheBehaviors"]]
    assert {one["viewerProtocolPolicy"] for one in behaviors} == {"redirect-to-https"}, "of every path"
    assert {one["compress"] for one in behaviors} == {True}, "what can be compressed is"


def test_the_application_is_asked_by_tls_under_the_name_that_fails_over(cdn: Graph, edge: Edge) -> None:
    origin = _origins(cdn)["application"]
    assert edge.cdn is not None
    assert origin["domainName"] == "origin.phoenix.example", "Route 53 decides which region that is"
    server = origin["customOriginConfig"]
    assert (server["originProtocolPolicy"], server["originSslProtocols"]) == ("https-only", ["TLSv1.2"])
    assert server["originKeepaliveTimeout"] == edge.cdn.origin_keepalive_seconds


def test_what_the_application_answers_is_never_kept(cdn: Graph) -> None:
    behavior = cdn.named(DISTRIBUTION).inputs["defaultCacheBehavior"]
    assert behavior["targetOriginId"] == "application"
    assert behavior["cachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "CachingDisabled"
    assert behavior["originRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac", "AllViewerExceptHostHeader"
    assert "POST" in behavior["allowedMethods"], "it is an application"


def test_every_origin_is_asked_through_the_shield(cdn: Graph) -> None:
    shields = [origin["originShield"] for origin in _origins(cdn).values()]
    assert shields == [{"enabled": True, "originShieldRegion": "us-east-1"}] * 3, "reference 004 section 8.1"


def test_assets_are_asked_with_a_signature_and_survive_the_region(cdn: Graph) -> None:
    (pair,) = cdn.named(DISTRIBUTION).inputs["originGroups"]
    domains = [_origins(cdn)[member["originId"]]["domainName"] for member in pair["members"]]
    assert domains == [
        "phoenix-static-assets-100000000004.s3.us-east-1.amazonaws.com",
        "phoenix-static-assets-dr-100000000004.s3.us-west-2.amazonaws.com",
    ], "the bucket, then the standby's"
    assert pair["failoverCriteria"]["statusCodes"] == [500, 502, 503, 504]
    for member in pair["members"]:
        origin = _origins(cdn)[member["originId"]]
        assert origin["originAccessControlId"] == "front-cdn-bucket-access-id", "the bucket answers nobody else"
    control = cdn.named("front-cdn-bucket-access").inputs
    assert (control["signingBehavior"], control["signingProtocol"]) == ("always", "sigv4")


def test_without_a_spare_bucket_there_is_no_pair(settings: StackConfig, edge: Edge) -> None:
    graph = record_cdn(settings, _without_spare(edge))
    assert graph.named(DISTRIBUTION).inputs["originGroups"] == []
    targets = {one["targetOriginId"] for one in graph.named(DISTRIBUTION).inputs["orderedCacheBehaviors"]}
    assert targets <= set(_origins(graph)), "a behavior leads to an origin that is there"


def test_assets_are_kept_as_long_as_the_stack_file_says(cdn: Graph, edge: Edge) -> None:
    assert edge.cdn is not None
    behaviors = cdn.named(DISTRIBUTION).inputs["orderedCacheBehaviors"]
    paths = edge.cdn.buckets["static-assets"].paths
    assert [one["pathPattern"] for one in behaviors] == [cached.path for cached in paths.values()], "in its order"
    for short, cached in paths.items():
        policy = cdn.named(f"front-cdn-cache-{short}").inputs
        assert (policy["minTtl"], policy["defaultTtl"], policy["maxTtl"]) == (
            cached.min_seconds,
            cached.default_seconds,
            cached.max_seconds,
        )
        parameters = policy["parametersInCacheKeyAndForwardedToOrigin"]
        assert parameters["enableAcceptEncodingGzip"] is True
        assert parameters["enableAcceptEncodingBrotli"] is True


def test_pages_tell_browsers_to_come_by_tls(cdn: Graph, edge: Edge) -> None:
    assert edge.cdn is not None
    headers = cdn.named("front-cdn-headers").inputs["securityHeadersConfig"]
    assert headers["strictTransportSecurity"]["accessControlMaxAgeSec"] == edge.cdn.hsts_days * 86400
    assert headers["contentTypeOptions"] == {"override": True}
    assert headers["contentSecurityPolicy"]["override"] is False, "the application's own goes first"


def test_access_is_logged_into_the_bucket_for_it(cdn: Graph) -> None:
    source = cdn.named("front-cdn-access").inputs
    assert source["logType"] == "ACCESS_LOGS"
    assert source["resourceArn"] == cdn.named(DISTRIBUTION).outputs["arn"]
    destination = cdn.named("front-cdn-access-logs").inputs["deliveryDestinationConfiguration"]
    assert destination == {"destinationResourceArn": "arn:access-logs"}
    delivery = cdn.named("front-cdn-access-delivery")
    assert cdn.named("front-cdn-access-logs").urn in delivery.property_dependencies["deliveryDestinationArn"]


def test_cloudfront_stands_behind_a_firewall_of_its_own_scope(cdn: Graph) -> None:
    acl = cdn.named("front-firewall-acl")
    assert acl.inputs["scope"] == "CLOUDFRONT"
    assert cdn.named(DISTRIBUTION).inputs["webAclId"] == acl.outputs["arn"]
    logging = cdn.named("front-firewall-logging")
    assert logging.urn in cdn.named(DISTRIBUTION).property_dependencies["webAclId"], "from its first request on"


def test_paths_of_an_application_are_answered_by_its_page_before_the_bucket_is_asked() -> None:
    graph = recorded(SHOP)
    distribution = graph.named(DISTRIBUTION).inputs
    behaviors = {one["pathPattern"]: one for one in distribution["orderedCacheBehaviors"]}
    (association,) = behaviors["/app/*"]["functionAssociations"]
    assert association["eventType"] == "viewer-request", "an error page would answer for the API, too"
    function = graph.named("front-cdn-fallback-pages").inputs
    assert 'var PAGE = "/app/index.html";' in function["code"]
    assert (function["runtime"], function["publish"]) == ("cloudfront-js-2.0", True)
    assert not any(one.get("functionAssociations") for path, one in behaviors.items() if path != "/app/*")
    assert not distribution.get("customErrorResponses")
    assert behaviors["/app/*"]["responseHeadersPolicyId"] == behaviors["/static/*"]["responseHeadersPolicyId"]


@pytest.mark.parametrize(("policy", "words"), [("script-src 'self'", "no default-src"), ("default-src *", "anywhere")])
def test_a_content_security_policy_that_names_nothing_is_refused(policy: str, words: str) -> None:
    path = "edge.cdn.content_security_policy"
    assert words in refused({path: policy})[path].what


def test_a_page_that_is_kept_for_long_is_refused() -> None:
    path = "edge.cdn.buckets.static-assets.paths.pages"
    assert set(refused({f"{path}.default_seconds": 301})) == {f"{path}.default_seconds"}
    assert set(refused({f"{path}.default_seconds": 301, f"{path}.fallback": GONE})) == set()
