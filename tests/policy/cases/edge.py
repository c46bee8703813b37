from dataclasses import replace

from tests.policy.case import Case, forbidden_case, pair_case, value_case
from tests.policy.harness import UNKNOWN, Made, altered

REGION_OF_DOOR = Made(
    type="aws:globalaccelerator/endpointGroup:EndpointGroup",
    inputs={"endpointConfigurations": [{"endpointId": "arn:balancer", "clientIpPreservationEnabled": True}]},
)
BALANCER = Made(
    type="aws:lb/loadBalancer:LoadBalancer",
    id="balancer-id",
    inputs={
        "loadBalancerType": "application",
        "internal": False,
        "dropInvalidHeaderFields": True,
        "desyncMitigationMode": "defensive",
        "enableDeletionProtection": True,
        "accessLogs": {"enabled": True, "bucket": "logs"},
        "subnets": [UNKNOWN, UNKNOWN],
    },
)
NETWORK_BALANCER = Made(
    type=BALANCER.type,
    name="network",
    inputs={"loadBalancerType": "network", "subnets": ["a", "b"], "enableDeletionProtection": True},
)
HTTPS = Made(
    type="aws:lb/listener:Listener",
    inputs={"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09"},
)
HTTP = Made(
    type=HTTPS.type,
    name="http",
    inputs={"protocol": "HTTP", "defaultActions": [{"type": "redirect", "redirect": {"protocol": "HTTPS"}}]},
)
TARGETS = Made(type="aws:lb/targetGroup:TargetGroup", inputs={"protocol": "HTTPS", "healthCheck": {"path": "/healthz"}})
FUNCTIONS = Made(type=TARGETS.type, name="functions", inputs={"targetType": "lambda"})
ASSOCIATION = Made(type="aws:wafv2/webAclAssociation:WebAclAssociation")
BEHAVIOR = {"viewerProtocolPolicy": "redirect-to-https", "responseHeadersPolicyId": "headers"}
SERVER = {
    "originId": "application",
    "customOriginConfig": {"originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1.2"]},
}
DISTRIBUTION = Made(
    type="aws:cloudfront/distribution:Distribution",
    inputs={
        "defaultCacheBehavior": BEHAVIOR,
        "orderedCacheBehaviors": [{"viewerProtocolPolicy": "https-only"}],
        "origins": [SERVER, {"originId": "assets", "originAccessControlId": "control"}],
        "originGroups": [{"originId": "pair"}],
        "viewerCertificate": {"minimumProtocolVersion": "TLSv1.2_2021", "acmCertificateArn": "arn"},
        "webAclId": "arn:aws:wafv2:acl",
    },
)
SIGNED = Made(
    type=DISTRIBUTION.type,
    inputs={
        "defaultCacheBehavior": {"targetOriginId": "application"},
        "orderedCacheBehaviors": [
            {"targetOriginId": "films", "trustedKeyGroups": ["group"]},
            {"targetOriginId": "assets", "trustedSigners": []},
        ],
        "origins": [
            {"originId": "application", "domainName": "origin.example"},
            {"originId": "films-first", "domainName": "films-1.s3.eu-west-1.amazonaws.com"},
            {"originId": "films-spare", "domainName": "films-2.s3.eu-west-2.amazonaws.com"},
            {"originId": "assets", "domainName": "assets-1.s3.eu-west-1.amazonaws.com"},
        ],
        "originGroups": [{"originId": "films", "members": [{"originId": "films-first"}, {"originId": "films-spare"}]}],
    },
)
FOR_SIGNERS = Made(
    type="aws:s3/bucket:Bucket", name="films", inputs={"bucket": "films-1", "tags": {"Viewers": "signed"}}
)
HEADERS = Made(
    type="aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
    inputs={
        "securityHeadersConfig": {"strictTransportSecurity": {"accessControlMaxAgeSec": 63072000, "override": True}}
    },
)
RECORD = Made(
    type="aws:route53/record:Record",
    inputs={"failoverRoutingPolicies": [{"type": "PRIMARY"}], "healthCheckId": "check"},
)
PLAIN_RECORD = Made(type=RECORD.type, name="plain", inputs={"type": "A", "records": ["192.0.2.1"]})


def _managed(name: str) -> dict[str, object]:
    return {"overrideAction": {"none": {}}, "statement": {"managedRuleGroupStatement": {"name": name}}}


FLOOD = {"action": {"block": {}}, "statement": {"rateBasedStatement": {"limit": 2000, "evaluationWindowSec": 300}}}
ACL = Made(
    type="aws:wafv2/webAcl:WebAcl",
    inputs={
        "scope": "CLOUDFRONT",
        "region": "us-east-1",
        "rules": [
            _managed("AWSManagedRulesAmazonIpReputationList"),
            _managed("AWSManagedRulesCommonRuleSet"),
            _managed("AWSManagedRulesKnownBadInputsRuleSet"),
            FLOOD,
        ],
    },
)
LOGGING = Made(
    type="aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    inputs={"redactedFields": [{"singleHeader": {"name": "authorization"}}, {"singleHeader": {"name": "cookie"}}]},
)

PLAIN = Made(type="aws:lb/listener:Listener", name="plain", id="http", inputs={"protocol": "HTTP"})
RULE_TO_TLS = Made(
    type="aws:lb/listenerRule:ListenerRule",
    name="to-tls",
    inputs={"listenerArn": "http", "actions": [{"type": "redirect", "redirect": {"protocol": "HTTPS"}}]},
)
FORWARDS = Made(
    type="aws:lb/listenerRule:ListenerRule",
    name="forwards",
    inputs={"listenerArn": "http", "actions": [{"type": "forward", "targetGroupArn": "arn"}]},
)

CASES: tuple[Case, ...] = (
    Case(
        rule="alb-http-rule-redirects",
        passing=[PLAIN, RULE_TO_TLS, replace(FORWARDS, inputs={**FORWARDS.inputs, "listenerArn": "https"})],
        failing=[PLAIN, FORWARDS],
        unknown=[PLAIN, replace(FORWARDS, inputs={"listenerArn": "http", "actions": UNKNOWN})],
        absent=[PLAIN, replace(FORWARDS, inputs={"listenerArn": "http"})],
        unknown_is="silent",
        absent_is="silent",
    ),
    value_case(
        "accelerator-client-address",
        REGION_OF_DOOR,
        "endpointConfigurations",
        [{"endpointId": "arn:balancer", "clientIpPreservationEnabled": False}],
        absent_is="silent",
    ),
    value_case("alb-https-listener", HTTPS, "protocol", "HTTP", around=[HTTP]),
    value_case("alb-tls-policy", HTTPS, "sslPolicy", "ELBSecurityPolicy-2016-08", around=[HTTP]),
    value_case("alb-drop-invalid-headers", BALANCER, "dropInvalidHeaderFields", False, around=[NETWORK_BALANCER]),
    value_case("alb-access-logs", BALANCER, "accessLogs.enabled", False, around=[NETWORK_BALANCER]),
    value_case("alb-deletion-protection", BALANCER, "enableDeletionProtection", False, around=[NETWORK_BALANCER]),
    value_case("alb-desync", BALANCER, "desyncMitigationMode", "monitor", absent_is="silent"),
    value_case("alb-multi-az", BALANCER, "subnets", ["a"], around=[NETWORK_BALANCER]),
    pair_case("alb-waf", BALANCER.type, ASSOCIATION.type, "resourceArn", {"loadBalancerType": "application"}),
    value_case("tg-health-check", TARGETS, "healthCheck.path", "", around=[FUNCTIONS], unknown_is="silent"),
    value_case("tg-encrypted", TARGETS, "protocol", "HTTP", around=[FUNCTIONS]),
    value_case("cf-https-only", DISTRIBUTION, "orderedCacheBehaviors.0.viewerProtocolPolicy", "allow-all"),
    value_case("cf-tls-minimum", DISTRIBUTION, "viewerCertificate.minimumProtocolVersion", "TLSv1"),
    value_case("cf-waf", DISTRIBUTION, "webAclId", "", unknown_is="silent"),
    pair_case("cf-logging", DISTRIBUTION.type, "aws:cloudwatch/logDeliverySource:LogDeliverySource", "resourceArn"),
    value_case("cf-s3-oac", DISTRIBUTION, "origins.1.originAccessControlId", "", unknown_is="silent"),
    value_case("cf-origin-tls", DISTRIBUTION, "origins.0.customOriginConfig.originProtocolPolicy", "match-viewer"),
    value_case("cf-signed-origin", SIGNED, "orderedCacheBehaviors.1.targetOriginId", "films-spare", absent_is="silent"),
    value_case(
        "cf-trusted-key-groups",
        SIGNED,
        "orderedCacheBehaviors.1.trustedSigners",
        ["self"],
        unknown_is="violation",
        absent_is="silent",
    ),
    replace(
        value_case("cf-private-bucket", SIGNED, "orderedCacheBehaviors.0.trustedKeyGroups", [], around=[FOR_SIGNERS]),
        unknown=[FOR_SIGNERS, replace(SIGNED, inputs=altered(SIGNED.inputs, "origins.0.domainName", UNKNOWN))],
        unknown_is="silent",
    ),
    value_case("cf-origin-failover", DISTRIBUTION, "originGroups.0.originId", "", unknown_is="silent"),
    value_case(
        "cf-security-headers", DISTRIBUTION, "defaultCacheBehavior.responseHeadersPolicyId", "", unknown_is="silent"
    ),
    value_case("cf-hsts", HEADERS, "securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec", 300),
    value_case(
        "cf-hsts-override",
        HEADERS,
        "securityHeadersConfig.strictTransportSecurity.override",
        False,
        absent_is="silent",
    ),
    forbidden_case("waf-not-classic", "aws:waf/webAcl:WebAcl", ACL.type),
    value_case("r53-failover-health-check", RECORD, "healthCheckId", "", around=[PLAIN_RECORD], unknown_is="silent"),
    value_case("waf-managed-rules", ACL, "rules.1.overrideAction", {"count": {}}),
    value_case("waf-known-bad-inputs", ACL, "rules.2.overrideAction", {"count": {}}),
    value_case(
        "waf-rate-limit", ACL, "rules.3.statement.rateBasedStatement.evaluationWindowSec", 60, absent_is="silent"
    ),
    pair_case("waf-logging", ACL.type, LOGGING.type, "resourceArn"),
    value_case("waf-log-redacts-credentials", LOGGING, "redactedFields.0.singleHeader.name", "host"),
    value_case("waf-cloudfront-scope-region", ACL, "region", "us-west-2", absent_is="silent"),
)
