"""Reference 004, table by table: what it says of each subject, and how the embedded AWS is asked for it with boto3.

Where AWS no longer offers what it asks for, the row holds what is built instead and names the decision record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Aws

EAST, WEST = "us-east-1", "us-west-2"
ACCOUNT = "100000000004"
DAY = 86400


@dataclass(frozen=True)
class Row:
    """One line of a table of the document."""

    section: str
    """Section of the document."""
    subject: str
    """First column."""
    says: object
    """The other columns, as values."""
    ask: Callable[[Aws], object]
    """Asks AWS for the same values."""


def tagged(thing: dict[str, Any], key: str) -> str:
    """Return the value of a tag; empty where it is not set."""
    return next((tag["Value"] for tag in thing.get("Tags", ()) if tag["Key"] == key), "")


def vpc(cidr: str, region: str) -> Callable[[Aws], object]:
    """Ask for a VPC by its block: the zones of its subnets."""

    def ask(aws: Aws) -> object:
        ec2 = aws("ec2", region)
        (found,) = [one for one in ec2.describe_vpcs()["Vpcs"] if one["CidrBlock"] == cidr and not one["IsDefault"]]
        within = [{"Name": "vpc-id", "Values": [found["VpcId"]]}]
        return sorted({one["AvailabilityZone"] for one in ec2.describe_subnets(Filters=within)["Subnets"]})

    return ask


def tier(name: str) -> Callable[[Aws], object]:
    """Ask for the blocks of a tier of the production VPC, and for its way to the internet."""

    def ask(aws: Aws) -> object:
        ec2 = aws("ec2")
        (found,) = [one for one in ec2.describe_vpcs()["Vpcs"] if one["CidrBlock"] == "10.0.0.0/16"]
        within = [{"Name": "vpc-id", "Values": [found["VpcId"]]}]
        subnets = [one for one in ec2.describe_subnets(Filters=within)["Subnets"] if tagged(one, "Tier") == name]
        ids = {one["SubnetId"] for one in subnets}
        ways = {
            "direct" if route.get("GatewayId", "").startswith("igw-") else "nat"
            for table in ec2.describe_route_tables(Filters=within)["RouteTables"]
            if ids & {association.get("SubnetId") for association in table["Associations"]}
            for route in table["Routes"]
            if route.get("DestinationCidrBlock") == "0.0.0.0/0"
        }
        return [one["CidrBlock"] for one in sorted(subnets, key=lambda one: one["AvailabilityZone"])], ways

    return ask


def nodes(group: str, region: str = EAST) -> Callable[[Aws], object]:
    """Ask for a node group by its label: fewest and most nodes, instance types."""

    def ask(aws: Aws) -> object:
        eks = aws("eks", region)
        (cluster,) = eks.list_clusters()["clusters"]
        for name in eks.list_nodegroups(clusterName=cluster)["nodegroups"]:
            found = eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]
            if found["labels"].get("workload") == group:
                size = found["scalingConfig"]
                return size["minSize"], size["maxSize"], found["instanceTypes"]
        return None

    return ask


def policies(aws: Aws) -> object:
    """Ask for the scaling policies: kinds, and the target of the tracking ones."""
    scaling = aws("autoscaling")
    found = scaling.describe_policies()["ScalingPolicies"]
    kinds = {one["PolicyType"] for one in found}
    targets = {
        one["TargetTrackingConfiguration"]["TargetValue"]
        for one in found
        if one["PolicyType"] == "TargetTrackingScaling"
    }
    scheduled = bool(scaling.describe_scheduled_actions()["ScheduledUpdateGroupActions"])
    return kinds, targets, scheduled


def database(field: Callable[[dict[str, Any]], object], name: str = "phoenix-prod", region: str = EAST) -> Any:  # noqa: ANN401
    """Ask for something of a database."""

    def ask(aws: Aws) -> object:
        (found,) = aws("rds", region).describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
        return field(found)

    return ask


def readers(aws: Aws) -> object:
    """Ask for class and zone of the read replicas."""
    found = aws("rds").describe_db_instances()["DBInstances"]
    return sorted(
        (one["DBInstanceClass"], one["AvailabilityZone"])
        for one in found
        if one.get("ReadReplicaSourceDBInstanceIdentifier")
    )


def cache(field: Callable[[dict[str, Any]], object]) -> Callable[[Aws], object]:
    """Ask for something of the cache."""

    def ask(aws: Aws) -> object:
        (found,) = aws("elasticache").describe_replication_groups()["ReplicationGroups"]
        return field(found)

    return ask


def bucket(name: str) -> Callable[[Aws], object]:
    """Ask for encryption, versioning and lifecycle of a bucket."""

    def ask(aws: Aws) -> object:
        s3, whole = aws("s3"), f"{name}-{ACCOUNT}"
        rules = s3.get_bucket_encryption(Bucket=whole)["ServerSideEncryptionConfiguration"]["Rules"]
        algorithm = rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
        steps = {
            step["StorageClass"]: step["Days"]
            for rule in s3.get_bucket_lifecycle_configuration(Bucket=whole)["Rules"]
            for step in rule.get("Transitions", ())
        }
        return algorithm, s3.get_bucket_versioning(Bucket=whole)["Status"], steps

    return ask


COLDER: Final = {"STANDARD_IA": 30, "GLACIER_IR": 90, "DEEP_ARCHIVE": 365}


def firewall(aws: Aws) -> object:
    """Ask for the rules of the web ACL before CloudFront: managed groups, rate, countries."""
    waf = aws("wafv2")
    (summary,) = list(waf.list_web_acls(Scope="CLOUDFRONT")["WebACLs"])
    acl = waf.get_web_acl(Scope="CLOUDFRONT", Id=summary["Id"], Name=summary["Name"])["WebACL"]
    found: set[object] = set()
    for rule in acl["Rules"]:
        statement = rule["Statement"]
        if "ManagedRuleGroupStatement" in statement:
            found.add(statement["ManagedRuleGroupStatement"]["Name"])
        elif "RateBasedStatement" in statement:
            rate = statement["RateBasedStatement"]
            found.add((rate["Limit"], rate["EvaluationWindowSec"], rate["AggregateKeyType"]))
        elif "GeoMatchStatement" in statement:
            found.add("countries" if statement["GeoMatchStatement"]["CountryCodes"] else "no countries")
    return found


def group(name: str) -> Callable[[Aws], object]:
    """Ask for the rules of a security group: port and peer of what may come in, ports of what may go out."""

    def ask(aws: Aws) -> object:
        ec2 = aws("ec2")
        groups = {one["GroupId"]: one for one in ec2.describe_security_groups()["SecurityGroups"]}
        names = {key: tagged(one, "Name").removeprefix("phoenix-prod-") for key, one in groups.items()}
        (mine,) = [key for key, known in names.items() if known == name and groups[key]["VpcId"] == production(ec2)]
        rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [mine]}])[
            "SecurityGroupRules"
        ]

        def peer(rule: dict[str, Any]) -> str:
            other = (rule.get("ReferencedGroupInfo") or {}).get("GroupId")
            return names.get(other, "") if other else str(rule.get("CidrIpv4"))

        reported = {True: set(), False: set()}  # type: dict[bool, set[object]]
        for rule in rules:
            reported[rule["IsEgress"]].add((rule["FromPort"], peer(rule)))
        return reported[False], reported[True]

    return ask


def production(ec2: Any) -> str:  # noqa: ANN401 boto3 makes its clients at run time
    """Return the id of the production VPC."""
    (found,) = [one for one in ec2.describe_vpcs()["Vpcs"] if one["CidrBlock"] == "10.0.0.0/16"]
    return str(found["VpcId"])


def dashboards(aws: Aws) -> object:
    """Ask for the names of the dashboards."""
    found = aws("cloudwatch").list_dashboards()["DashboardEntries"]
    return {one["DashboardName"].rpartition("-")[2] for one in found}


def severities(aws: Aws) -> object:
    """Ask for the topics that alarms of each severity go to."""
    topics = [one["TopicArn"].lower() for one in aws("sns").list_topics()["Topics"]]
    return {word for word in ("critical", "warning", "info") if any(word in topic for topic in topics)}


def config_rules(aws: Aws) -> object:
    """Ask for the managed rules of AWS Config."""
    found = aws("config").describe_config_rules()["ConfigRules"]
    return {one["Source"]["SourceIdentifier"] for one in found}


def replication(aws: Aws) -> object:
    """Ask for the buckets that are replicated to the standby's region, with the minutes that S3 has for it."""
    s3, found = aws("s3"), {}
    for short in ("app-data-prod", "blockchain-backups", "ai-models", "logs-prod", "static-assets"):
        rules = s3.get_bucket_replication(Bucket=f"phoenix-{short}-{ACCOUNT}")["ReplicationConfiguration"]["Rules"]
        found[short] = {rule["Destination"]["ReplicationTime"]["Time"]["Minutes"] for rule in rules}
    return found


def datastore(aws: Aws) -> object:
    """Ask for the members of the global datastore."""
    (found,) = aws("elasticache").describe_global_replication_groups(ShowMemberInfo=True)["GlobalReplicationGroups"]
    return {one["ReplicationGroupRegion"]: one["Role"] for one in found["Members"]}


def budget(aws: Aws) -> object:
    """Ask whether monthly budgets notify."""
    budgets = aws("budgets")
    found = budgets.describe_budgets(AccountId=ACCOUNT)["Budgets"]
    notified = all(
        budgets.describe_notifications_for_budget(AccountId=ACCOUNT, BudgetName=one["BudgetName"])["Notifications"]
        for one in found
    )
    return {one["TimeUnit"] for one in found}, notified


def distribution(field: Callable[[dict[str, Any]], object]) -> Callable[[Aws], object]:
    """Ask for something of the CloudFront distribution."""

    def ask(aws: Aws) -> object:
        cloudfront = aws("cloudfront")
        (found,) = cloudfront.list_distributions()["DistributionList"]["Items"]
        return field(cloudfront.get_distribution_config(Id=found["Id"])["DistributionConfig"])

    return ask


def behaviours(config: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every behaviour of a distribution."""
    return [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", {}).get("Items", [])]


def daily_backups(aws: Aws) -> object:
    """Ask for the days that daily recovery points are kept."""
    backup = aws("backup")
    plans = [one["BackupPlanId"] for one in backup.list_backup_plans()["BackupPlansList"]]
    rules = [rule for plan in plans for rule in backup.get_backup_plan(BackupPlanId=plan)["BackupPlan"]["Rules"]]
    return {rule["Lifecycle"]["DeleteAfterDays"] for rule in rules if "daily" in rule["RuleName"]}


GENERAL = ["c5.large", "c5.xlarge", "c5.2xlarge", "c5.4xlarge"]
WORLD, VPC_BLOCK = "0.0.0.0/0", "10.0.0.0/16"

ROWS: Final = (
    Row("1.2", "Production VPC", ["us-east-1a", "us-east-1b", "us-east-1c"], vpc("10.0.0.0/16", EAST)),
    Row("1.2", "Management VPC", ["us-east-1a", "us-east-1b"], vpc("10.1.0.0/16", EAST)),
    Row("1.2", "DR VPC", ["us-west-2a", "us-west-2b"], vpc("10.10.0.0/16", WEST)),
    Row("1.2", "Public Subnets", (["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"], {"direct"}), tier("public")),
    Row("1.2", "Private Subnets", (["10.0.11.0/24", "10.0.12.0/24", "10.0.13.0/24"], {"nat"}), tier("private")),
    Row("1.2", "Database Subnets", (["10.0.21.0/24", "10.0.22.0/24", "10.0.23.0/24"], set()), tier("database")),
    Row("1.2", "Blockchain Subnets", (["10.0.31.0/24", "10.0.32.0/24", "10.0.33.0/24"], {"nat"}), tier("blockchain")),
    # 3 to 20 in each of three zones (ADR 0005)
    Row("2.1", "Worker Nodes", (9, 60, GENERAL), nodes("general")),
    # p3 is sold nowhere (ADR 0002)
    Row("2.1", "GPU Nodes", (2, 10, ["g6.2xlarge", "g5.2xlarge"]), nodes("gpu")),
    Row("2.1", "Blockchain Nodes", (5, 15, ["c5.2xlarge", "c5.4xlarge"]), nodes("blockchain")),
    Row("2.1", "Monitoring", (2, 4, ["t3.medium"]), nodes("monitoring")),
    Row(
        "2.2",
        "Auto Scaling Policies",
        ({"TargetTrackingScaling", "PredictiveScaling", "StepScaling"}, {70.0}, True),
        policies,
    ),
    Row("3.1", "Instance Class", "db.r5.2xlarge", database(lambda db: db["DBInstanceClass"])),
    # 3000 IOPS cannot be had with a terabyte (ADR 0004)
    Row("3.1", "Storage", ("gp3", 1024), database(lambda db: (db["StorageType"], db["AllocatedStorage"]))),
    Row("3.1", "Multi-AZ", True, database(lambda db: db["MultiAZ"])),
    Row("3.1", "Read Replicas", [("db.r5.xlarge", "us-east-1b"), ("db.r5.xlarge", "us-east-1c")], readers),
    Row("3.1", "Backup", 30, database(lambda db: db["BackupRetentionPeriod"])),
    Row("3.1", "Encryption", True, database(lambda db: db["StorageEncrypted"])),
    Row("3.2", "Node Type", "cache.r6g.large", cache(lambda group: group["CacheNodeType"])),
    Row("3.2", "Cluster Mode", (True, 3), cache(lambda group: (group["ClusterEnabled"], len(group["NodeGroups"])))),
    Row("3.2", "Replication", {2}, cache(lambda group: {len(g["NodeGroupMembers"]) - 1 for g in group["NodeGroups"]})),
    Row(
        "3.2",
        "Encryption",
        (True, True),
        cache(lambda group: (group["AtRestEncryptionEnabled"], group["TransitEncryptionEnabled"])),
    ),
    Row("3.2", "Backup", 7, cache(lambda group: group["SnapshotRetentionLimit"])),
    Row("3.3", "phoenix-app-data-prod", ("aws:kms", "Enabled", COLDER), bucket("phoenix-app-data-prod")),
    Row("3.3", "phoenix-blockchain-backups", ("aws:kms", "Enabled", COLDER), bucket("phoenix-blockchain-backups")),
    Row("3.3", "phoenix-ai-models", ("aws:kms", "Enabled", COLDER), bucket("phoenix-ai-models")),
    Row("3.3", "phoenix-logs-prod", ("aws:kms", "Enabled", COLDER), bucket("phoenix-logs-prod")),
    # what CloudFront serves cannot lie in Glacier (ADR 0011)
    Row("3.3", "phoenix-static-assets", ("aws:kms", "Enabled", {"STANDARD_IA": 30}), bucket("phoenix-static-assets")),
    Row(
        "4.1",
        "Web Application Firewall Rules",
        {
            "AWSManagedRulesCommonRuleSet",
            "AWSManagedRulesKnownBadInputsRuleSet",
            "AWSManagedRulesAmazonIpReputationList",
            (2000, 300, "IP"),
            "countries",
        },
        firewall,
    ),
    Row("4.2", "ALB Security Group", ({(80, WORLD), (443, WORLD)}, {(-1, VPC_BLOCK)}), group("alb")),
    # the managed connection pool stands between (ADR 0023)
    Row("4.2", "RDS Security Group", ({(5432, "eks"), (5432, "rds-proxy")}, set()), group("rds")),
    Row("4.2", "Redis Security Group", ({(6379, "eks")}, set()), group("redis")),
    Row("5.1", "CloudWatch Dashboards", {"application", "infrastructure", "database", "blockchain"}, dashboards),
    Row("5.3", "Alert Configuration", {"critical", "warning", "info"}, severities),
    Row("6.1", "EKS Cluster, us-west-2", (2, 60, GENERAL), nodes("general", WEST)),
    Row(
        "6.1",
        "RDS Database, us-west-2",
        f"arn:aws:rds:{EAST}:{ACCOUNT}:db:phoenix-prod",
        database(lambda db: db["ReadReplicaSourceDBInstanceIdentifier"], region=WEST),
    ),
    # 15 minutes, since "real-time" is promised by nobody (ADR 0019)
    Row(
        "6.1",
        "S3 Storage, us-west-2",
        {key: {15} for key in ("app-data-prod", "blockchain-backups", "ai-models", "logs-prod", "static-assets")},
        replication,
    ),
    # a global datastore, since daily snapshots lose a day (ADR 0017)
    Row("6.1", "ElastiCache, us-west-2", {EAST: "PRIMARY", WEST: "SECONDARY"}, datastore),
    Row("6.2", "Database Backups", {30}, daily_backups),
    Row("7.2", "Budget Alerts", ({"MONTHLY"}, True), budget),
    Row("8.1", "Global Distribution", "PriceClass_All", distribution(lambda config: config["PriceClass"])),
    Row("8.1", "Compression", {True}, distribution(lambda config: {one["Compress"] for one in behaviours(config)})),
    Row(
        "8.1",
        "Origin Shield",
        True,
        distribution(lambda config: all(one["OriginShield"]["Enabled"] for one in config["Origins"]["Items"])),
    ),
    Row("8.2", "Performance Insights", True, database(lambda db: db["PerformanceInsightsEnabled"])),
    Row(
        "9.2",
        "AWS Config Rules",
        {
            "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED",
            "ENCRYPTED_VOLUMES",
            "VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS",
            "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
            "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
        },
        config_rules,
    ),
)
"""The tables, in the order of the document."""
