"""A pair of stacks that a drill can be held on in minutes: what it looks at, from the real stack files, and no more.

Copied over `__main__.py` of a copied checkout by `standin`; never imported.
"""

import json

import pulumi
import pulumi_aws as aws

from config.load import load

S = json.loads(load().model_dump_json(exclude_none=True))
ID, PG, REDIS = S["identity"], S["data"]["postgres"], S["data"]["redis"]
STANDBY = (S.get("recovery") or {}).get("standby")
ACTIVE = bool(STANDBY and STANDBY["active"])
BASE = f"{ID['system']}-{ID['environment']}"
PATH = f"/{ID['system']}/{ID['environment']}/writers"
DOMAIN = "phoenix.example"
CONTROLLER = """
import json, boto3
def handler(event, _):
    west = boto3.client("elasticache", region_name=event["standby"]["region"])
    said = west.describe_global_replication_groups(GlobalReplicationGroupId=event["id"], ShowMemberInfo=True)
    members = said["GlobalReplicationGroups"][0]["Members"]
    lead = [member["ReplicationGroupRegion"] for member in members if member["Role"] == "PRIMARY"]
    to = event["standby" if event["active"] else "primary"]
    if lead != [to["region"]]:
        boto3.client("elasticache", region_name=to["region"]).failover_global_replication_group(
            GlobalReplicationGroupId=event["id"], PrimaryRegion=to["region"], PrimaryReplicationGroupId=to["group"])
    return {"lead": to["region"]}
"""


def provider(name: str, region: pulumi.Input[str]) -> aws.Provider:
    return aws.Provider(
        name, region=region, s3_use_path_style=True, skip_credentials_validation=True, skip_metadata_api_check=True,
        skip_region_validation=True, skip_requesting_account_id=True, max_retries=3,
    )  # fmt: skip


HERE = provider("aws", ID["region"])
OPTS = pulumi.ResourceOptions(provider=HERE)
DATA = pulumi.ResourceOptions(provider=HERE, protect=True, retain_on_delete=True)


def trust(service: str) -> str:
    allowed = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": f"{service}.amazonaws.com"}}
    return json.dumps({"Version": "2012-10-17", "Statement": [allowed]})


def database(source: pulumi.Input[str] | None, key: aws.kms.Key | aws.kms.ReplicaKey) -> aws.rds.Instance:
    """Every generation; the current one is returned."""
    current = None
    for number in [*PG.get("previous_generations", []), PG.get("generation", 1)]:
        end = f"-g{number}" if number > 1 else ""
        last = number == PG.get("generation", 1)
        follows = source if last else None
        born = {} if number > 1 or STANDBY else {
            "engine": "postgres", "engine_version": PG["engine_version"], "allocated_storage": 20, "username": "adm",
            "password": "not-a-secret-here",
        }  # fmt: skip
        current = aws.rds.Instance(
            f"data-postgres{end}", identifier=f"{BASE}{end}", instance_class=PG["instance_class"], kms_key_id=key.arn,
            storage_encrypted=True, replicate_source_db=follows, backup_retention_period=7, skip_final_snapshot=True,
            **born, opts=DATA,
        )  # fmt: skip
    assert current is not None
    return current


def network() -> tuple[aws.ec2.Vpc, list[aws.ec2.Subnet]]:
    vpc = aws.ec2.Vpc("network", cidr_block=S["network"]["cidr"], opts=OPTS)
    cidrs = S["network"]["tiers"]["public"]["cidrs"][:2]
    subnets = [
        aws.ec2.Subnet(f"network-{z}", vpc_id=vpc.id, cidr_block=c, availability_zone=f"{ID['region']}{z}", opts=OPTS)
        for z, c in zip("ab", cidrs, strict=True)
    ]
    return vpc, subnets


def cluster(subnets: list[aws.ec2.Subnet]) -> aws.eks.Cluster:
    role = aws.iam.Role("cluster-role", assume_role_policy=trust("eks"), opts=OPTS)
    made = aws.eks.Cluster(
        "cluster", name=f"{BASE}-{ID['region']}", role_arn=role.arn, vpc_config={"subnet_ids": [s.id for s in subnets]},
        opts=OPTS,
    )  # fmt: skip
    for group, said in S["cluster"]["node_groups"].items():
        counts = (ACTIVE and said.get("active")) or said["scaling"]
        per = len(S["network"]["zones"]) if said["scaling"]["per"] == "zone" else 1
        scaling = {"min_size": counts["min"] * per, "desired_size": counts["desired"] * per, "max_size": 300}
        aws.eks.NodeGroup(
            f"cluster-{group}", cluster_name=made.name, node_group_name=f"nodes-{group}", node_role_arn=role.arn,
            subnet_ids=[s.id for s in subnets], scaling_config=scaling, opts=OPTS,
        )  # fmt: skip
    return made


def buckets(key: aws.kms.Key | aws.kms.ReplicaKey) -> tuple[dict[str, aws.s3.Bucket], list[pulumi.Resource]]:
    made, versions = {}, []
    for short, said in list(S["data"]["buckets"].items())[:2]:
        made[short] = aws.s3.Bucket(f"data-{short}", bucket=said["name"], opts=DATA)
        versions.append(
            aws.s3.BucketVersioning(
                f"data-{short}", bucket=made[short].id, versioning_configuration={"status": "Enabled"}, opts=OPTS
            )
        )
        by_default = {
            "apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}
        }
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"data-{short}", bucket=made[short].id, rules=[by_default], opts=OPTS
        )
    return made, versions  # fmt: skip


def secrets(key: aws.kms.Key) -> dict[str, aws.secretsmanager.Secret]:
    made = {}
    for service in ("postgres", "redis"):
        made[service] = aws.secretsmanager.Secret(
            f"data-{service}-secret", kms_key_id=key.arn, replicas=[{"region": "us-west-2"}], opts=DATA
        )
        aws.secretsmanager.SecretVersion(
            f"data-{service}-secret", secret_id=made[service].id, secret_string='{"password": "first"}',
            opts=pulumi.ResourceOptions(provider=HERE, ignore_changes=["secret_string"]),
        )  # fmt: skip
    return made


def balancer(vpc: aws.ec2.Vpc, subnets: list[aws.ec2.Subnet], zone_id: pulumi.Input[str]) -> aws.lb.Listener:
    """The region's half of the failover pair, and its side of the fence between the two."""
    part = "SECONDARY" if STANDBY else "PRIMARY"
    made = aws.lb.LoadBalancer("edge", name=f"{BASE}-{part.lower()}", subnets=[s.id for s in subnets], opts=OPTS)
    certificate = aws.acm.Certificate("edge", domain_name=f"origin.{DOMAIN}", validation_method="DNS", opts=OPTS)
    pods = aws.lb.TargetGroup("edge", vpc_id=vpc.id, target_type="ip", protocol="HTTPS", port=443, opts=OPTS)
    listener = aws.lb.Listener(
        "edge", load_balancer_arn=made.arn, protocol="HTTPS", port=443, certificate_arn=certificate.arn,
        default_actions=[{"type": "forward", "target_group_arn": pods.arn}], opts=OPTS,
    )  # fmt: skip
    serves = check("edge", made.dns_name, "/healthz")
    if STANDBY:
        record("standby", made, zone_id)
    else:
        quiet = check("edge-quiet", f"standby.{DOMAIN}", "/standby-active", invert_healthcheck=True)
        serves = aws.route53.HealthCheck(
            "edge-both", type="CALCULATED", child_healthchecks=[serves.id, quiet.id], child_health_threshold=2,
            opts=OPTS,
        )  # fmt: skip
    record("origin", made, zone_id, set_identifier=part.lower(), failover_routing_policies=[{"type": part}],
           health_check_id=serves.id)  # fmt: skip
    return listener


def word(listener: aws.lb.Listener, gives_back: pulumi.Resource) -> None:
    """What the standby says to who asks whether it serves: at once when it takes over, last when it gives back."""
    fixed = {"content_type": "text/plain", "status_code": "200" if ACTIVE else "404"}
    aws.lb.ListenerRule(
        "edge-standby", listener_arn=listener.arn, priority=1,
        conditions=[{"path_pattern": {"values": ["/standby-active"]}}],
        actions=[{"type": "fixed-response", "fixed_response": fixed}],
        opts=pulumi.ResourceOptions(provider=HERE, depends_on=[] if ACTIVE else [gives_back]),
    )  # fmt: skip


def check(name: str, host: pulumi.Input[str], path: str, **more: object) -> aws.route53.HealthCheck:
    return aws.route53.HealthCheck(
        name, type="HTTPS", fqdn=host, resource_path=path, port=443, request_interval=10, failure_threshold=1, **more,
        opts=OPTS,
    )  # fmt: skip


def record(label: str, made: aws.lb.LoadBalancer, zone_id: pulumi.Input[str], **more: object) -> None:
    alias = {"name": made.dns_name, "zone_id": made.zone_id, "evaluate_target_health": bool(more)}
    aws.route53.Record(
        f"edge-{label}", zone_id=zone_id, name=f"{label}.{DOMAIN}", type="A", aliases=[alias], **more, opts=OPTS
    )


def replicate(way: str, source: dict, target: dict, keys: list, opts: pulumi.ResourceOptions) -> None:
    role = aws.iam.Role(f"recovery-{way}", assume_role_policy=trust("s3"), opts=OPTS)
    allowed = [{"Effect": "Allow", "Action": ["s3:*", "kms:*"], "Resource": "*"}]
    policy = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    rights = aws.iam.RolePolicy(f"recovery-{way}", role=role.name, policy=policy, opts=OPTS)
    opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[rights]))
    for short, name in source.items():
        rule = {
            "id": "out", "status": "Enabled", "priority": 1, "filter": {"prefix": ""},
            "delete_marker_replication": {"status": "Enabled"},
            "source_selection_criteria": {"sse_kms_encrypted_objects": {"status": "Enabled"}},
            "destination": {
                "bucket": pulumi.Output.concat("arn:aws:s3:::", target[short]),
                "encryption_configuration": {"replica_kms_key_id": keys[0]},
            },
        }  # fmt: skip
        aws.s3.BucketReplicationConfig(f"recovery-{way}-{short}", bucket=name, role=role.arn, rules=[rule], opts=opts)


def cache(**more: object) -> aws.elasticache.ReplicationGroup:
    return aws.elasticache.ReplicationGroup(
        "data-redis", replication_group_id=f"{BASE}-{ID['region']}", description="cache",
        automatic_failover_enabled=True, **more, opts=DATA,
    )  # fmt: skip


def publish(db: aws.rds.Instance, redis: aws.elasticache.ReplicationGroup, **more: object) -> None:
    pulumi.export("region", ID["region"])
    pulumi.export("postgres_arn", db.arn)
    pulumi.export("postgres_address", db.address)
    pulumi.export("writers", {"postgres": db.address})
    pulumi.export("redis_group_id", redis.replication_group_id)
    for name, value in more.items():
        pulumi.export(name, value)


def writer(address: pulumi.Input[str]) -> None:
    aws.ssm.Parameter("recovery-postgres", name=f"{PATH}/postgres", type="String", insecure_value=address,
                      description="Where the database is written to", opts=OPTS)  # fmt: skip


def primary() -> None:
    key = aws.kms.Key("keys-data", multi_region=True, opts=DATA)
    db = database(PG.get("source_arn"), key)
    vpc, subnets = network()
    eks, (made, _) = cluster(subnets), buckets(key)
    redis = cache(
        engine="redis", engine_version="7.1", node_type=REDIS["node_type"], num_node_groups=1,
        replicas_per_node_group=1, at_rest_encryption_enabled=True,
    )  # fmt: skip
    secret = secrets(key)
    zone = aws.route53.Zone("edge", name=DOMAIN, opts=OPTS)
    balancer(vpc, subnets, zone.id)
    arns = {f"{name}_secret_arn": one.arn for name, one in secret.items()}
    names = {short: bucket.bucket for short, bucket in made.items()}
    publish(db, redis, **arns, bucket_names=names, key_arns={"data": key.arn}, cluster_name=eks.name, zone_id=zone.id)
    writer(db.address)


def standby() -> None:
    stack = pulumi.get_stack() if ACTIVE else STANDBY["primary"]
    reference = pulumi.StackReference("known" if ACTIVE else "primary", stack_name=f"organization/platform/{stack}")
    known = reference.outputs.apply(lambda outputs: outputs["primary"] if ACTIVE else outputs)
    pulumi.export("primary", known)
    there = provider("aws-primary", known["region"])
    elsewhere = pulumi.ResourceOptions(provider=there)
    key = aws.kms.ReplicaKey("keys-data", primary_key_arn=known["key_arns"]["data"], opts=DATA)
    db = database(None if ACTIVE else known["postgres_arn"], key)
    vpc, subnets = network()
    eks, (made, versions) = cluster(subnets), buckets(key)
    store = aws.elasticache.GlobalReplicationGroup(
        "recovery-datastore", global_replication_group_id_suffix=BASE,
        primary_replication_group_id=known["redis_group_id"],
        opts=pulumi.ResourceOptions(provider=there, protect=True, retain_on_delete=True),
    )  # fmt: skip
    redis = cache(global_replication_group_id=store.global_replication_group_id, num_cache_clusters=2)
    listener = balancer(vpc, subnets, known["zone_id"])
    names = {short: bucket.bucket for short, bucket in made.items()}
    theirs = {short: known["bucket_names"][short] for short in made}
    after = pulumi.ResourceOptions(depends_on=versions)
    replicate("out", theirs, names, [key.arn], pulumi.ResourceOptions.merge(elsewhere, after))
    replicate("back", names, theirs, [known["key_arns"]["data"]], pulumi.ResourceOptions.merge(OPTS, after))
    order = {
        "active": ACTIVE, "id": store.global_replication_group_id,
        "standby": {"region": ID["region"], "group": redis.replication_group_id},
        "primary": {"region": known["region"], "group": known["redis_group_id"]},
    }  # fmt: skip
    role = aws.iam.Role("recovery-controller", assume_role_policy=trust("lambda"), opts=OPTS)
    function = aws.lambda_.Function(
        "recovery-controller", runtime="python3.13", handler="main.handler", role=role.arn, timeout=60,
        code=pulumi.AssetArchive({"main.py": pulumi.StringAsset(CONTROLLER)}), opts=OPTS,
    )  # fmt: skip
    controller = aws.lambda_.Invocation(
        "recovery-controller", function_name=function.name, lifecycle_scope="CRUD",
        input=pulumi.Output.json_dumps(order), opts=OPTS,
    )  # fmt: skip
    word(listener, controller)
    arns = {
        name: known[name].apply(lambda arn: arn.replace("us-east-1", "us-west-2"))
        for name in ("postgres_secret_arn", "redis_secret_arn")
    }
    publish(db, redis, **arns, bucket_names=names, key_arns={"data": key.arn}, cluster_name=eks.name)
    writer(db.address if ACTIVE else known["postgres_address"])


(standby if STANDBY else primary)()
