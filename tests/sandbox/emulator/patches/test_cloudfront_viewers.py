"""CloudFront serves buckets and load balancers on loopback, and private content to who has signed for it only."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from botocore.signers import CloudFrontSigner

from sandbox.emulator import client, outage
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.apis import Gateway
from tests.sandbox.emulator.traffic import rsa_keys
from tests.sandbox.emulator.traffic.behind import Front, Said, Server, ask, said, until, websocket
from tests.sandbox.emulator.traffic.site import DOMAIN, Site

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


@pytest.fixture(scope="module")
def site(emulator: client.Emulator) -> Site:
    aws = session(emulator, "222233334444")
    return Site(emulator, aws, "site")


def _refused(answer: Said) -> str:
    assert (answer.status, answer.header("content-type")) == (403, "text/xml")
    return answer.body.decode().partition("<Code>")[2].partition("</Code>")[0]


def test_a_distribution_answers_under_each_of_its_names(site: Site) -> None:
    for name in (site.domain, site.found["DomainName"]):
        answer = site.ask("/index.html", Host=name)
        assert (answer.status, answer.body) == (200, b"home")
    assert site.ask("/", Host="other.example.com").status == 403, "and under no other"


def test_the_root_is_the_default_object_and_http_is_redirected(site: Site) -> None:
    assert site.ask("/").body == b"home"
    answer = site.ask("/index.html?a=1", scheme="http")
    assert (answer.status, answer.header("location")) == (301, f"https://{site.domain}/index.html?a=1")
    assert site.ask("/api/x", scheme="http").status == 403, "https-only"
    assert site.ask("/index.html", "POST").status == 403, "not among the allowed methods"


def test_a_bucket_is_read_only_as_its_policy_lets_the_distribution(emulator: client.Emulator, aws: Aws) -> None:
    site = Site(emulator, aws, "policy")
    assert site.ask("/index.html").status == 200
    site.let_in("us-east-1", site.found["ARN"] + "X")
    assert site.ask("/index.html").status == 403, "another distribution's name"
    site.aws("s3").delete_bucket_policy(Bucket=site.buckets["us-east-1"])
    assert site.ask("/index.html").status == 403
    assert site.ask("/open/a%20b.txt").body == b"eu-west-1", "the other bucket of the pair still lets it in"


def test_a_bucket_that_refuses_what_comes_without_tls_is_read_over_tls(emulator: client.Emulator, aws: Aws) -> None:
    site = Site(emulator, aws, "tls")
    name = site.buckets["us-east-1"]
    policy = json.loads(site.aws("s3").get_bucket_policy(Bucket=name)["Policy"])
    conditions = {"Bool": {"aws:SecureTransport": "false"}}
    refused = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{name}/*"}
    policy["Statement"].append(refused | {"Condition": conditions})
    site.aws("s3").put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
    assert site.ask("/index.html").status == 200


def test_an_origin_group_answers_from_its_second_member_when_the_first_region_is_lost(
    running: client.Emulator, request: pytest.FixtureRequest
) -> None:
    site = Site(running, session(running, account_of(request)), "pair")
    assert site.ask("/open/a%20b.txt").body == b"us-east-1"
    outage.cut(running.url, "us-east-1", strict=False)
    found = [site.ask("/open/a%20b.txt"), site.ask("/index.html")]
    outage.heal(running.url, "us-east-1")
    assert [(one.status, one.body[:9]) for one in found[:1]] == [(200, b"eu-west-1")]
    assert found[1].status == 502, "a bucket without a second one is lost"


def test_private_content_needs_a_signature(site: Site) -> None:
    assert _refused(site.ask("/private/v.mp4")) == "MissingKey"
    url = site.signer().generate_presigned_url(site.url(), date_less_than=_in(600))
    answer = site.get(url)
    assert (answer.status, answer.body) == (200, b"0123456789")
    assert site.get(url, Range="bytes=2-4").body == b"234", "a player asks for parts"
    assert site.get(url, method="HEAD").status == 200
    assert site.ask("/open/a%20b.txt").status == 200, "and the rest does not"


def _in(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def _later(url: str) -> str:
    before, _, rest = url.partition("Expires=")
    number, _, after = rest.partition("&")
    return f"{before}Expires={int(number) + 1}&{after}"


def _custom(site: Site, resource: str | None = None, **condition: dict[str, object]) -> str:
    policy = site.policy(resource or site.url("/private/*"), **condition)
    return str(site.signer().generate_presigned_url(site.url(), policy=policy))


def _tampered(site: Site) -> str:
    url = _custom(site, site.url("/private/series/*"))
    before, _, rest = url.partition("Policy=")
    after = rest.partition("&")[2]
    policy = base64.b64encode(site.policy(site.url()).encode()).translate(bytes.maketrans(b"+=/", b"-_~")).decode()
    return f"{before}Policy={policy}&{after}"


SIGNED: dict[str, tuple[Callable[[Site], str], str]] = {
    "expired": (lambda site: site.signer().generate_presigned_url(site.url(), date_less_than=_in(-5)), "AccessDenied"),
    "of another key": (
        lambda site: site.signer(1, site.keys[0]).generate_presigned_url(site.url(), date_less_than=_in(600)),
        "AccessDenied",
    ),
    "of a key outside of the group": (
        lambda site: site.signer(1).generate_presigned_url(site.url(), date_less_than=_in(600)),
        "InvalidKey",
    ),
    "for another object": (
        lambda site: (
            site.signer()
            .generate_presigned_url(site.url("/private/w"), date_less_than=_in(600))
            .replace("/w?", "/v.mp4?")
        ),
        "AccessDenied",
    ),
    "with a later end": (
        lambda site: _later(site.signer().generate_presigned_url(site.url(), date_less_than=_in(600))),
        "AccessDenied",
    ),
    "without its signature": (
        lambda site: site.url() + f"?Expires=4102444800&Key-Pair-Id={site.keys[0]}",
        "MissingSignature",
    ),
    "without its end": (lambda site: site.url() + f"?Signature=YQ__&Key-Pair-Id={site.keys[0]}", "MissingPolicy"),
    "with what is no base64": (
        lambda site: site.url() + f"?Expires=4102444800&Signature=!&Key-Pair-Id={site.keys[0]}",
        "MalformedSignature",
    ),
    "not yet valid": (
        lambda site: _custom(site, DateGreaterThan={"AWS:EpochTime": int(time.time()) + 300}),
        "AccessDenied",
    ),
    "of another address": (lambda site: _custom(site, IpAddress={"AWS:SourceIp": "203.0.113.0/24"}), "AccessDenied"),
    "for another path": (lambda site: _custom(site, site.url("/private/series/*")), "AccessDenied"),
    "for another domain": (lambda site: _custom(site, "https://other.example.com/private/*"), "AccessDenied"),
    "a tampered policy": (_tampered, "AccessDenied"),
    "a policy that is none": (
        lambda site: site.signer().generate_presigned_url(site.url(), policy="{}"),
        "MalformedPolicy",
    ),
}


@pytest.mark.parametrize("kind", SIGNED)
def test_a_signature_is_refused(site: Site, kind: str) -> None:
    make, code = SIGNED[kind]
    assert _refused(site.get(make(site))) == code


@pytest.mark.parametrize(
    "make",
    [
        _custom,
        lambda site: _custom(site, f"http*://{site.domain}/private/v.mp?"),
        lambda site: _custom(site, "https://*"),
        lambda site: _custom(site, DateGreaterThan={"AWS:EpochTime": 1}, IpAddress={"AWS:SourceIp": "127.0.0.0/8"}),
        lambda site: site.signer().generate_presigned_url(site.url() + "?a=1&b", date_less_than=_in(600)),
    ],
    ids=["path", "scheme and one character", "anything", "from now on, from here", "with a query of its own"],
)
def test_a_signature_lets_in(site: Site, make: Callable[[Site], str]) -> None:
    assert site.get(make(site)).status == 200


def test_the_hash_is_the_one_that_the_address_names(site: Site) -> None:
    def by(name: str) -> str:
        signer = CloudFrontSigner(site.keys[0], lambda message: rsa_keys.sign(message, 0, name))
        return str(signer.generate_presigned_url(site.url(), date_less_than=_in(600)))

    assert site.get(by("sha256") + "&Hash-Algorithm=SHA256").status == 200
    assert site.get(by("sha1") + "&Hash-Algorithm=SHA1").status == 200
    assert _refused(site.get(by("sha1") + "&Hash-Algorithm=SHA256")) == "AccessDenied"
    assert _refused(site.get(by("sha256"))) == "AccessDenied", "SHA-1 where none is named"
    assert _refused(site.get(by("sha1") + "&Hash-Algorithm=MD5")) == "MalformedHashAlgorithm"


def test_cookies_let_in_as_addresses_do(site: Site) -> None:
    policy = site.policy(site.url("/private/*"))
    url = site.signer().generate_presigned_url(site.url(), policy=policy)
    said_ = dict(part.split("=", 1) for part in url.partition("?")[2].split("&"))
    cookie = "; ".join(f"CloudFront-{name}={value}" for name, value in said_.items())
    assert site.ask("/private/v.mp4", Cookie=f"mine=1; {cookie}").status == 200
    assert _refused(site.ask("/private/v.mp4", Cookie=cookie.replace(said_["Signature"], "YQ__"))) == "AccessDenied"
    assert _refused(site.ask("/private/v.mp4", Cookie="mine=1")) == "MissingKey"


def test_a_signed_address_ages_by_the_clock(timed: client.Emulator, request: pytest.FixtureRequest) -> None:
    site = Site(timed, session(timed, account_of(request)), "aged")
    now = float(str(client.control(timed.port, "POST", "advance?seconds=0")["now"]))
    policy = site.policy(site.url(), DateLessThan={"AWS:EpochTime": int(now) + 90})
    url = site.signer().generate_presigned_url(site.url(), policy=policy)
    assert site.get(url).status == 200
    timed.advance(120)
    assert _refused(site.get(url)) == "AccessDenied"


def test_a_balancer_is_asked_as_the_origin_says(emulator: client.Emulator, aws: Aws) -> None:
    front = Front(emulator, aws, "origin", port=8080)
    verify = {"HttpHeaderName": "X-Origin-Verify", "Values": ["secret"]}
    condition = {"Field": "http-header", "HttpHeaderConfig": verify}
    front.rule(1, [condition], front.forward())
    refuse = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403", "MessageBody": "fence"}}
    front.elb.modify_listener(ListenerArn=front.arns["listener"], DefaultActions=[refuse])
    site = Site(emulator, aws, "fenced", front)
    zone = aws("route53").create_hosted_zone(Name=DOMAIN, CallerReference=site.domain)["HostedZone"]["Id"]
    record = {"Name": f"origin.{site.domain}", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": front.dns}]}
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    assert site.ask("/api/x").status == 502, "a name that leads nowhere"
    aws("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    with Server() as server:
        front.behind("10.9.10.1", server)
        answer = site.ask("/api/x?a=1", "PUT", X_Mine="1", X_Origin_Verify="forged")
        assert (answer.status, answer.seen["method"], answer.seen["path"]) == (200, "PUT", "/api/x?a=1")
        assert answer.seen["headers"]["x-mine"] == "1"
        assert answer.seen["headers"]["x-forwarded-for"] == "127.0.0.1, 127.0.0.1", "the viewer, and CloudFront"
        assert front.ask("/api/x").body == b"fence", "who comes past CloudFront lacks its header"
        with websocket(site.place("http"), "/ws", site.domain) as sock:
            assert said(sock, b"hello") == b"HELLO"


def test_a_failover_record_leads_to_the_region_that_can_be_reached(
    running: client.Emulator, request: pytest.FixtureRequest
) -> None:
    aws = session(running, account_of(request))
    fronts = [Front(running, aws, "pair", region=region) for region in ("us-east-1", "eu-west-1")]
    for front in fronts:
        fixed = {"StatusCode": "200", "MessageBody": front.region}
        front.rule(
            1, [{"Field": "path-pattern", "Values": ["*"]}], {"Type": "fixed-response", "FixedResponseConfig": fixed}
        )
    site = Site(running, aws, "failover")
    zone = aws("route53").create_hosted_zone(Name=DOMAIN, CallerReference=site.domain)["HostedZone"]["Id"]
    changes = [
        {
            "Name": f"origin.{site.domain}",
            "Type": "A",
            "SetIdentifier": front.region,
            "Failover": role,
            "AliasTarget": {"DNSName": f"dualstack.{front.dns}.", "HostedZoneId": "Z1", "EvaluateTargetHealth": False},
        }
        for role, front in zip(("SECONDARY", "PRIMARY"), reversed(fronts), strict=True)
    ]
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": change} for change in changes]}
    aws("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    seen = [site.ask("/api/x").body]
    outage.cut(running.url, "us-east-1", strict=False)
    seen.append(site.ask("/api/x").body)
    outage.cut(running.url, "eu-west-1", strict=False)
    assert (seen, site.ask("/api/x").status) == ([b"us-east-1", b"eu-west-1"], 502)


@pytest.mark.parametrize(("policy", "status"), [("https-only", 200), ("http-only", 502)])
def test_an_api_is_asked_by_its_name_and_by_tls_only(
    emulator: client.Emulator, aws: Aws, front: Front, policy: str, status: int
) -> None:
    domain = f"api-{status}.{DOMAIN}"
    gateway = Gateway(emulator, aws, front, domain=domain)
    change = {"RequestParameters": {"append:header.x-api": "yes"}}
    gateway.api.update_integration(ApiId=gateway.id, IntegrationId=gateway.integration, **change)
    gateway.api.create_route(
        ApiId=gateway.id, RouteKey="ANY /away/{proxy+}", Target=f"integrations/{gateway.integration}"
    )
    site = Site(emulator, aws, f"api-{status}", away=(domain, policy))
    with Server() as server:
        front.behind("10.9.10.2", server)
        answer = site.ask("/away/x?a=1", "POST")
    assert answer.status == status
    if status == 200:
        assert (answer.seen["path"], answer.seen["headers"]["x-api"]) == ("/away/x?a=1", "yes")
        assert answer.seen["headers"]["x-origin-verify"] == "secret"


def test_an_origin_outside_of_this_machine_is_never_asked(site: Site) -> None:
    began = time.monotonic()
    assert (site.ask("/away").status, time.monotonic() - began < 2) == (502, True)


def test_ports_close_with_the_last_distribution() -> None:
    emulator = client.start(None)
    try:
        site = Site(emulator, session(emulator), "gone")
        place = site.place("http")
        kept = site.cloudfront.get_distribution_config(Id=site.found["Id"])
        off = kept["DistributionConfig"] | {"Enabled": False}
        site.cloudfront.update_distribution(Id=site.found["Id"], IfMatch=kept["ETag"], DistributionConfig=off)
        assert ask(place, "/", Host=site.domain).status == 403, "a disabled distribution answers nobody"
        tag = site.cloudfront.get_distribution_config(Id=site.found["Id"])["ETag"]
        site.cloudfront.delete_distribution(Id=site.found["Id"], IfMatch=tag)
        until(True, lambda: _closed(place))
    finally:
        emulator.stop()


def _closed(place: tuple[str, int]) -> bool:
    try:
        return ask(place, "/", Host="x").status == 0
    except OSError:
        return True
