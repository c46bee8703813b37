"""A pair of stacks as a drill sees one, built with boto3: a standby that follows in every way that is looked at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.drill.sides import Pair, Side

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.emulator.conftest import Aws, Client

EAST, WEST = "us-east-1", "us-west-2"
DOMAIN = "phoenix.example"
FENCE = "/standby-active"
WRITERS = "/phoenix/prod/writers/postgres"
SETTINGS = """
config:
  platform:settings:
    identity: {system: phoenix, environment: prod, region: REGION}
    edge: {domain: phoenix.example}
    registry: {}
    network: {zones: [a, b]}
    cluster:
      node_groups:
        general: {scaling: {per: zone, min: 1, desired: 1, max: 9}, active: {min: 3, desired: 3}}
        gpu: {scaling: {per: group, min: 0, desired: 0, max: 4}}
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
RIGHTS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:*", "kms:*"], "Resource": "*"}]}


def build(aws: Aws, account: str, port: int, place: Path) -> Pair:
    """Build everything; the standby follows."""
    east, west = _keys(aws)
    outputs = {EAST: {"key_arns": {"data": east}}, WEST: {"key_arns": {"data": west}}}
    _databases(aws, outputs)
    _caches(aws, outputs)
    _buckets(aws, account, outputs)
    _secrets(aws, outputs)
    _registry(aws, account)
    _edge(aws)
    for region in (EAST, WEST):
        outputs[region]["writers"] = {"postgres": outputs[region]["postgres_address"]}
        value = outputs[EAST]["postgres_address"]
        aws("ssm", region).put_parameter(Name=WRITERS, Value=value, Type="String", Overwrite=True)
    return Pair(*(_side(region, account, port, place, outputs[region]) for region in (EAST, WEST)))


def _side(region: str, account: str, port: int, place: Path, outputs: dict[str, Any]) -> Side:
    file = place / f"Pulumi.{region}.yaml"
    file.write_text(SETTINGS.replace("REGION", region), encoding="utf-8")
    return Side(region, account, region, port, file, outputs)


def _keys(aws: Aws) -> tuple[str, str]:
    key = aws("kms").create_key(MultiRegion=True)["KeyMetadata"]
    replica = aws("kms").replicate_key(KeyId=key["KeyId"], ReplicaRegion=WEST)["ReplicaKeyMetadata"]
    return key["Arn"], replica["Arn"]


def _databases(aws: Aws, outputs: dict[str, dict[str, Any]]) -> None:
    here, there = aws("rds"), aws("rds", WEST)
    here.create_db_instance(
        DBInstanceIdentifier="db", Engine="postgres", DBInstanceClass="db.r5.large", AllocatedStorage=20,
        MasterUsername="adm", MasterUserPassword="only-in-a-test", BackupRetentionPeriod=7, StorageEncrypted=True,
        KmsKeyId=outputs[EAST]["key_arns"]["data"],
    )  # fmt: skip
    source = _instance(here)["DBInstanceArn"]
    there.create_db_instance_read_replica(
        DBInstanceIdentifier="db", SourceDBInstanceIdentifier=source, SourceRegion=EAST,
        KmsKeyId=outputs[WEST]["key_arns"]["data"],
    )  # fmt: skip
    for region, client in ((EAST, here), (WEST, there)):
        found = _instance(client)
        outputs[region] |= {"postgres_arn": found["DBInstanceArn"], "postgres_address": found["Endpoint"]["Address"]}


def _instance(client: Client) -> dict[str, Any]:
    return dict(client.describe_db_instances(DBInstanceIdentifier="db")["DBInstances"][0])


def _caches(aws: Aws, outputs: dict[str, dict[str, Any]]) -> None:
    here = aws("elasticache")
    here.create_replication_group(
        ReplicationGroupId="east", ReplicationGroupDescription="x", Engine="redis", CacheNodeType="cache.r6g.large",
        NumNodeGroups=1, ReplicasPerNodeGroup=1, AutomaticFailoverEnabled=True,
    )  # fmt: skip
    made = here.create_global_replication_group(GlobalReplicationGroupIdSuffix="x", PrimaryReplicationGroupId="east")
    aws("elasticache", WEST).create_replication_group(
        ReplicationGroupId="west", ReplicationGroupDescription="x", AutomaticFailoverEnabled=True,
        GlobalReplicationGroupId=made["GlobalReplicationGroup"]["GlobalReplicationGroupId"],
    )  # fmt: skip
    outputs[EAST]["redis_group_id"], outputs[WEST]["redis_group_id"] = "east", "west"


def _buckets(aws: Aws, account: str, outputs: dict[str, dict[str, Any]]) -> None:
    aws("iam").create_role(RoleName="copy", AssumeRolePolicyDocument=json.dumps(TRUST))
    aws("iam").put_role_policy(RoleName="copy", PolicyName="copy", PolicyDocument=json.dumps(RIGHTS))
    names = {EAST: f"app-{account}-east", WEST: f"app-{account}-west"}
    for region, name in names.items():
        client = aws("s3", region)
        where = {} if region == EAST else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        client.create_bucket(Bucket=name, **where)
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        outputs[region]["bucket_names"] = {"app": name}
    for region, other in ((EAST, WEST), (WEST, EAST)):
        rule = {
            "ID": "all", "Priority": 1, "Status": "Enabled", "Filter": {},
            "DeleteMarkerReplication": {"Status": "Enabled"}, "Destination": {"Bucket": f"arn:aws:s3:::{names[other]}"},
        }  # fmt: skip
        said = {"Role": f"arn:aws:iam::{account}:role/copy", "Rules": [rule]}
        aws("s3", region).put_bucket_replication(Bucket=names[region], ReplicationConfiguration=said)


def _secrets(aws: Aws, outputs: dict[str, dict[str, Any]]) -> None:
    for service in ("postgres", "redis"):
        made = aws("secretsmanager").create_secret(
            Name=service, SecretString='{"password": "x"}', AddReplicaRegions=[{"Region": WEST}]
        )
        outputs[EAST][f"{service}_secret_arn"] = made["ARN"]
        outputs[WEST][f"{service}_secret_arn"] = made["ARN"].replace(EAST, WEST)


def _registry(aws: Aws, account: str) -> None:
    rules = [{"destinations": [{"region": WEST, "registryId": account}]}]
    aws("ecr").put_replication_configuration(replicationConfiguration={"rules": rules})


def _edge(aws: Aws) -> None:
    zone = aws("route53").create_hosted_zone(Name=DOMAIN, CallerReference="x")["HostedZone"]["Id"]
    east, west = _balancer(aws, EAST), _balancer(aws, WEST)
    own = {host["DNSName"]: _check(aws, host["DNSName"], "/healthz") for host in (east, west)}
    quiet = _check(aws, f"standby.{DOMAIN}", FENCE, Inverted=True)
    both = {"Type": "CALCULATED", "ChildHealthChecks": [own[east["DNSName"]], quiet], "HealthThreshold": 2}
    fenced = aws("route53").create_health_check(CallerReference="both", HealthCheckConfig=both)["HealthCheck"]["Id"]
    for host, part, check in ((east, "PRIMARY", fenced), (west, "SECONDARY", own[west["DNSName"]])):
        _record(aws, zone, "origin", host, SetIdentifier=part, Failover=part, HealthCheckId=check)
    _record(aws, zone, "standby", west)
    say(aws, 404)


def _check(aws: Aws, host: str, path: str, **more: object) -> str:
    config = {
        "Type": "HTTPS", "FullyQualifiedDomainName": host, "ResourcePath": path, "RequestInterval": 10,
        "FailureThreshold": 3, **more,
    }  # fmt: skip
    made = aws("route53").create_health_check(CallerReference=f"{host}{path}", HealthCheckConfig=config)
    return str(made["HealthCheck"]["Id"])


def _record(aws: Aws, zone: str, label: str, host: dict[str, Any], **more: object) -> None:
    alias = {
        "DNSName": host["DNSName"], "HostedZoneId": host["CanonicalHostedZoneId"], "EvaluateTargetHealth": bool(more),
    }  # fmt: skip
    record = {"Name": f"{label}.{DOMAIN}", "Type": "A", "AliasTarget": alias, **more}
    change = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    aws("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)


def say(aws: Aws, status: int) -> None:
    """Let the standby's load balancer answer with a status on the path of the fence."""
    elb = aws("elbv2", WEST)
    balancer = elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    listener = elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"][0]["ListenerArn"]
    fixed = {"StatusCode": str(status), "ContentType": "text/plain", "MessageBody": "a word"}
    actions = [{"Type": "fixed-response", "FixedResponseConfig": fixed}]
    rules = [rule for rule in elb.describe_rules(ListenerArn=listener)["Rules"] if not rule["IsDefault"]]
    if rules:
        elb.modify_rule(RuleArn=rules[0]["RuleArn"], Actions=actions)
        return
    conditions = [{"Field": "path-pattern", "Values": [FENCE]}]
    elb.create_rule(ListenerArn=listener, Priority=1, Conditions=conditions, Actions=actions)


def _balancer(aws: Aws, region: str) -> dict[str, Any]:
    ec2 = aws("ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{n}.0/24", AvailabilityZone=f"{region}{zone}")["Subnet"][
            "SubnetId"
        ]
        for n, zone in enumerate("ab")
    ]
    elb = aws("elbv2", region)
    made = dict(elb.create_load_balancer(Name="edge", Subnets=subnets)["LoadBalancers"][0])
    certificate = aws("acm", region).request_certificate(DomainName=f"origin.{DOMAIN}")["CertificateArn"]
    pods = elb.create_target_group(Name="pods", Protocol="HTTPS", Port=443, VpcId=vpc, TargetType="ip")["TargetGroups"]
    elb.create_listener(
        LoadBalancerArn=made["LoadBalancerArn"], Protocol="HTTPS", Port=443,
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": pods[0]["TargetGroupArn"]}],
    )  # fmt: skip
    return made
