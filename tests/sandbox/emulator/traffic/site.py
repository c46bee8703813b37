"""A distribution with all that can stand behind one, and who signs for what it serves."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from botocore.signers import CloudFrontSigner

from tests.sandbox.emulator.traffic import rsa_keys
from tests.sandbox.emulator.traffic.behind import Front, Said, ask, traffic, trusting

if TYPE_CHECKING:
    from sandbox.emulator import client
    from tests.sandbox.emulator.conftest import Aws

DOMAIN = "video.example.com"
CACHED = "658327ea-f89d-4fab-a63d-7e88639e58f6"  # managed policies of CloudFront, by id
UNCACHED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
READ = {"Quantity": 2, "Items": ["GET", "HEAD"]}
EVERY = {"Quantity": 7, "Items": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]}


def _items(*found: object) -> dict[str, Any]:
    return {"Quantity": len(found), **({"Items": list(found)} if found else {})}


class Site:
    """A distribution with two buckets, a load balancer and a key group."""

    def __init__(
        self,
        emulator: client.Emulator,
        aws: Aws,
        name: str,
        front: Front | None = None,
        away: tuple[str, str] = ("origin.example.org", "https-only"),
    ) -> None:
        self.emulator, self.aws, self.front = emulator, aws, front
        self.away = away
        self.domain = f"{name}.{DOMAIN}"
        self.buckets = {"us-east-1": f"{name}-east", "eu-west-1": f"{name}-west"}
        for region, bucket in self.buckets.items():
            where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
            aws("s3", region).create_bucket(Bucket=bucket, **where)
            aws("s3", region).put_object(Bucket=bucket, Key="open/a b.txt", Body=region.encode())
            aws("s3", region).put_object(Bucket=bucket, Key="private/v.mp4", Body=b"0123456789")
            aws("s3", region).put_object(Bucket=bucket, Key="index.html", Body=b"home")
        self.cloudfront = aws("cloudfront")
        self.keys = [self._key(f"{name}-{number}", number) for number in (0, 1)]
        group = {"Name": f"{name}-group", "Items": [self.keys[0]]}
        self.group = self.cloudfront.create_key_group(KeyGroupConfig=group)["KeyGroup"]["Id"]
        control = {
            "Name": name,
            "OriginAccessControlOriginType": "s3",
            "SigningBehavior": "always",
            "SigningProtocol": "sigv4",
        }
        made = self.cloudfront.create_origin_access_control(OriginAccessControlConfig=control)
        self.control = made["OriginAccessControl"]["Id"]
        self.found = self.cloudfront.create_distribution(DistributionConfig=self._config())["Distribution"]
        for region in self.buckets:
            self.let_in(region, self.found["ARN"])

    def _key(self, name: str, number: int) -> str:
        config = {"CallerReference": name, "Name": name, "EncodedKey": rsa_keys.public(number)}
        return str(self.cloudfront.create_public_key(PublicKeyConfig=config)["PublicKey"]["Id"])

    def let_in(self, region: str, distribution: str) -> None:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{self.buckets[region]}/*",
            "Condition": {"StringEquals": {"AWS:SourceArn": distribution}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.aws("s3", region).put_bucket_policy(Bucket=self.buckets[region], Policy=policy)

    def _config(self) -> dict[str, Any]:
        cached = {"CachePolicyId": CACHED, "ViewerProtocolPolicy": "redirect-to-https", "AllowedMethods": READ}
        signed = {"TrustedKeyGroups": {"Enabled": True, **_items(self.group)}}
        passed = {"AllowedMethods": EVERY, "CachePolicyId": UNCACHED, "OriginRequestPolicyId": ALL_BUT_HOST}
        page = {"ErrorCode": 404, "ResponsePagePath": "/open/a%20b.txt", "ResponseCode": "200", "ErrorCachingMinTTL": 1}
        return {
            "CallerReference": self.domain,
            "Comment": "",
            "Enabled": True,
            "Aliases": _items(self.domain),
            "DefaultRootObject": "index.html",
            "Origins": _items(*(self._bucket(region) for region in self.buckets), *self._balancer()),
            "OriginGroups": _items(self._pair()),
            "DefaultCacheBehavior": cached | {"TargetOriginId": "us-east-1"},
            "CacheBehaviors": _items(
                cached | signed | {"TargetOriginId": "us-east-1", "PathPattern": "/private/*"},
                cached | {"TargetOriginId": "pair", "PathPattern": "/open/*"},
                passed | {"TargetOriginId": "balancer", "PathPattern": "/api/*", "ViewerProtocolPolicy": "https-only"},
                passed | {"TargetOriginId": "balancer", "PathPattern": "/ws", "ViewerProtocolPolicy": "allow-all"},
                passed | {"TargetOriginId": "away", "PathPattern": "/away*", "ViewerProtocolPolicy": "allow-all"},
            ),
            "CustomErrorResponses": _items(page),
        }

    def _bucket(self, region: str) -> dict[str, Any]:
        return {
            "Id": region,
            "DomainName": f"{self.buckets[region]}.s3.{region}.amazonaws.com",
            "OriginAccessControlId": self.control,
            "S3OriginConfig": {"OriginAccessIdentity": ""},
        }

    def _balancer(self) -> list[dict[str, Any]]:
        front = self.front
        header = {"HeaderName": "X-Origin-Verify", "HeaderValue": "secret"}
        ports = {"HTTPPort": front.port if front else 80, "HTTPSPort": 443}
        return [
            {
                "Id": name,
                "DomainName": domain,
                "CustomOriginConfig": ports | {"OriginProtocolPolicy": policy},
                "CustomHeaders": _items(header),
                "OriginPath": "",
            }
            for name, domain, policy in (
                ("balancer", f"origin.{self.domain}", "http-only"),
                ("away", *self.away),
            )
        ]

    @staticmethod
    def _pair() -> dict[str, Any]:
        codes = {"StatusCodes": _items(403, 500)}
        members = _items({"OriginId": "us-east-1"}, {"OriginId": "eu-west-1"})
        return {"Id": "pair", "FailoverCriteria": codes, "Members": members}

    def place(self, scheme: str = "https") -> tuple[str, int]:
        listed = next(one for one in traffic(self.emulator)["distributions"] if one["id"] == self.found["Id"])
        return "127.0.0.1", int(listed[scheme].rpartition(":")[2])

    def ask(self, target: str, method: str = "GET", *, scheme: str = "https", **headers: str) -> Said:
        tls = trusting(self.emulator) if scheme == "https" else None
        return ask(self.place(scheme), target, method, tls=tls, **({"Host": self.domain} | headers))

    def url(self, path: str = "/private/v.mp4") -> str:
        return f"https://{self.domain}{path}"

    def signer(self, key: int = 0, named: str | None = None) -> CloudFrontSigner:
        return CloudFrontSigner(named or self.keys[key], lambda message: rsa_keys.sign(message, key))

    def get(self, url: str, **headers: str) -> Said:
        return self.ask(url.removeprefix(f"https://{self.domain}"), **headers)

    def policy(self, resource: str, **condition: dict[str, object]) -> str:
        given: dict[str, object] = {"DateLessThan": {"AWS:EpochTime": int(time.time()) + 600}} | condition
        return json.dumps({"Statement": [{"Resource": resource, "Condition": given}]}, separators=(",", ":"))
