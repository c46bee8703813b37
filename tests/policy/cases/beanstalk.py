from dataclasses import replace

from tests.policy.case import Case
from tests.policy.harness import UNKNOWN, Made

OPTIONS: dict[tuple[str, str], object] = {
    ("aws:ec2:vpc", "VPCId"): UNKNOWN,  # as before the first update; no rule asks for it
    ("aws:elasticbeanstalk:environment", "EnvironmentType"): "LoadBalanced",
    ("aws:elasticbeanstalk:environment", "LoadBalancerIsShared"): "true",
    ("aws:elbv2:listener:443", "Rules"): "application",
    ("aws:elasticbeanstalk:healthreporting:system", "SystemType"): "enhanced",
    ("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled"): "true",
    ("aws:elasticbeanstalk:cloudwatch:logs", "StreamLogs"): "true",
    ("aws:autoscaling:launchconfiguration", "DisableIMDSv1"): "true",
    ("aws:ec2:vpc", "AssociatePublicIpAddress"): "false",
}


def made(name: str = "it", **changes: object) -> Made:
    """Return an environment; a change names an option `namespace|name`, and None leaves it out."""
    values: dict[tuple[str, str], object] = dict(OPTIONS)
    for option, value in changes.items():
        space, _, key = option.partition("|")
        values[space, key] = value
    settings = [
        {"namespace": space, "name": key, "value": value} for (space, key), value in values.items() if value is not None
    ]
    return Made(type="aws:elasticbeanstalk/environment:Environment", name=name, inputs={"settings": settings})


GOOD = made()


def case(rule: str, *failing: Made, passing: tuple[Made, ...] = (), absent_is: str = "violation") -> Case:
    """Return the case of a rule on options."""
    return Case(
        rule=rule,
        passing=[GOOD, *passing],
        failing=list(failing),
        unknown=[replace(GOOD, inputs={"settings": UNKNOWN})],
        absent=[replace(GOOD, inputs={})],
        unknown_is="unknown",
        absent_is=absent_is,
    )


OWN = {
    "aws:elasticbeanstalk:environment|LoadBalancerIsShared": None,
    "aws:elbv2:listener:443|Rules": None,
    "aws:elbv2:listener:443|Protocol": "HTTPS",
}
CASES = (
    case(
        "eb-enhanced-health",
        made(**{"aws:elasticbeanstalk:healthreporting:system|SystemType": "basic"}),
        made("none", **{"aws:elasticbeanstalk:healthreporting:system|SystemType": None}),
    ),
    case("eb-managed-updates", made(**{"aws:elasticbeanstalk:managedactions|ManagedActionsEnabled": "false"})),
    case("eb-logs-streamed", made(**{"aws:elasticbeanstalk:cloudwatch:logs|StreamLogs": "false"})),
    case("eb-imdsv2", made(**{"aws:autoscaling:launchconfiguration|DisableIMDSv1": "false"})),
    case(
        "eb-no-public-address",
        made(**{"aws:ec2:vpc|AssociatePublicIpAddress": "true"}),
        absent_is="silent",
    ),
    case(
        "eb-no-key-pair",
        made(**{"aws:autoscaling:launchconfiguration|EC2KeyName": "somebody"}),
        absent_is="silent",
    ),
    case(
        "eb-tls-only",
        made(**{"aws:elbv2:listener:80|Rules": "application"}),
        made("own", **OWN),
        made("single", **OWN | {"aws:elasticbeanstalk:environment|EnvironmentType": "SingleInstance"}),
        passing=(made("closed", **OWN | {"aws:elbv2:listener:default|ListenerEnabled": "false"}),),
    ),
)
