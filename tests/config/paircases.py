"""Contradictions of a standby's file and its primary's, each as changes of the real dr and prod."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.config.pairfiles import Swap

PROD_PEER = "standby: {cidr: 10.10.0.0/16, tiers: [private]} # the connection is the standby's to make (Pulumi.dr.yaml)"
DR_PRODUCTION = "production: {cidr: 10.0.0.0/16, tiers: [private], route_tables: [private-a, private-b, private-c]}"
DR_POSTGRES = 'engine_version: "17.10"'
SOURCE = "arn:aws:rds:us-west-2:100000000004:db:phoenix"
DR_REASONS = "        differs:\n"
BUCKET = """        another:
          name: phoenix-another-dr
          purpose: something that prod lacks
          lifecycle: {infrequent_access_days: 30}
    registry: #"""
Case = tuple[tuple["Swap", ...], tuple["Swap", ...], str, str, str, str]
"""Changes of prod and of dr; what then stands in dr's line and the path reported there; the same for prod."""

CASES: dict[str, Case] = {
    "another major version of the database": (
        (), ((DR_POSTGRES, 'engine_version: "16.9"'),),
        'engine_version: "16.9"', "data.postgres.engine_version",
        'engine_version: "17.10"', "data.postgres.engine_version",
    ),
    "a minor version that is behind": (
        (), ((DR_POSTGRES, 'engine_version: "17.9"'),),
        'engine_version: "17.9"', "data.postgres.engine_version",
        'engine_version: "17.10"', "data.postgres.engine_version",
    ),
    "another engine of the cache": (
        (), (('engine: redis\n        engine_version: "7.1"', 'engine: valkey\n        engine_version: "8.0"'),),
        "engine: valkey", "data.redis.engine", "engine: redis", "data.redis.engine",
    ),
    "other shards": ((), (("shards: 3", "shards: 2"),), "shards: 2", "data.redis.shards", "shards: 3",
    "data.redis.shards"),
    "another node type": (
        (), (("cache.r6g.large", "cache.r6g.xlarge"),),
        "cache.r6g.xlarge", "data.redis.node_type", "cache.r6g.large", "data.redis.node_type",
    ),
    "a bucket that the primary lacks": (
        (), (("    registry: #", BUCKET),), "        another:", "data.buckets.another",
        "\n      buckets:\n", "data.buckets",
    ),
    "a bucket that only the primary has": (
        (), (("        ai-models:\n          name: phoenix-ai-models-dr",
        "        models:\n          name: phoenix-ai-models-dr"),),
        "\n      buckets:\n", "data.buckets.ai-models", "        ai-models:", "data.buckets.ai-models",
    ),
    "the name of the primary's bucket": (
        (), (("phoenix-logs-dr", "phoenix-logs-prod"),),
        "phoenix-logs-prod", "data.buckets.logs.name", "phoenix-logs-prod", "data.buckets.logs.name",
    ),
    "not the bucket that CloudFront asks next": (
        (), (("phoenix-static-assets-dr", "phoenix-assets-dr"),),
        "phoenix-assets-dr", "data.buckets.static-assets.name",
        "standby: {name: phoenix-static-assets-dr", "edge.cdn.buckets.static-assets.standby.name",
    ),
    "another database": (
        (), (("database_name: phoenix", "database_name: phoenix_dr"),),
        "database_name: phoenix_dr", "data.postgres.database_name", "database_name: phoenix",
        "data.postgres.database_name",
    ),
    "a key that is no replica": (
        (("storage: {multi_region: true}", "storage: {}"),), (),
        "storage: {multi_region: true}", "keys.domains.storage.multi_region",
        "storage: {}", "keys.domains.storage.multi_region",
    ),
    "addresses of the primary": (
        (), (("cidr: 10.10.0.0/16\n", "cidr: 10.0.0.0/12\n"),),
        "cidr: 10.0.0.0/12", "network.cidr", "      cidr: 10.0.0.0/16", "network.cidr",
    ),
    "a block that the primary does not let in": (
        ((PROD_PEER + "\n    # Section", "standby: {cidr: 10.11.0.0/16, tiers: [private]}\n    # Section"),), (),
        "cidr: 10.10.0.0/16", "network.cidr", "standby: {cidr: 10.11", "network.peers.standby.cidr",
    ),
    "a VPC that does not name the standby": (
        ((f"        {PROD_PEER}\n    # Section", "    # Section"),), (),
        DR_PRODUCTION, "network.peers.production", "      peers:\n        management", "network.peers",
    ),
    "a peer that is not there": (
        (), (("management: {cidr: 10.1.0.0/16, tiers", "standby: {cidr: 10.1.0.0/16, tiers"),),
        "standby: {cidr: 10.1", "network.peers.standby", "    network:", "network",
    ),
    "another block of a peer": (
        (), ((DR_PRODUCTION, DR_PRODUCTION.replace("10.0.0.0/16", "10.2.0.0/16")),),
        "10.2.0.0/16", "network.peers.production.cidr", "      cidr: 10.0.0.0/16", "network.cidr",
    ),
    "a route table that is not there": (
        (), (("private-b, private-c]}", "private-b, private-c, private-d]}"),),
        "private-d", "network.peers.production.route_tables[3]",
        "      tiers:\n        public: # load", "network.tiers",
    ),
    "a route table of a tier that lets nobody in": (
        (), (("private-b, private-c]}", "private-b, private-c, public]}"),),
        "private-c, public]", "network.peers.production.route_tables[3]",
        f"{PROD_PEER}\n    # Section", "network.peers.standby.tiers",
    ),
    "a zone without a way back": (
        (), (("private-b, private-c]}", "private-b]}"),),
        "production: {cidr: 10.0.0.0/16", "network.peers.production.route_tables",
        f"{PROD_PEER}\n    # Section", "network.peers.standby.tiers",
    ),
    "points that the primary's vault keeps longer": (
        (), (("source_retention_days: 7", "source_retention_days: 1"),),
        "source_retention_days: 1", "backup.copy_from_primary.source_retention_days",
        "lock: {mode: governance", "backup.lock.least_days",
    ),
    "points that the primary's vault keeps no longer": (
        (), (("source_retention_days: 7", "source_retention_days: 401"),),
        "source_retention_days: 401", "backup.copy_from_primary.source_retention_days",
        "lock: {mode: governance", "backup.lock.most_days",
    ),
    "a slower detection": (
        (), (("detection: {interval_seconds: 10", "detection: {interval_seconds: 30"),),
        "detection: {interval_seconds: 30", "recovery.standby.detection.interval_seconds",
        "health_check: {path", "edge.health_check.interval_seconds",
    ),
    "a detection that nothing is as fast as": (
        (("interval_seconds: 10, failure_threshold: 3} # a lost",
        "interval_seconds: 10, failure_threshold: 5} # a lost"),), (),
        "detection: {interval", "recovery.standby.detection.failure_threshold",
        "health_check: {path", "edge.health_check.failure_threshold",
    ),
    "another account": (
        (), (('"100000000004"', '"100000000005"'),),
        '"100000000005"', "identity.account_id", '"100000000004"', "identity.account_id",
    ),
    "another domain": (
        (), (("domain: phoenix.example", "domain: phoenix.test"),),
        "domain: phoenix.test", "edge.domain", "domain: phoenix.example", "edge.domain",
    ),
    "the primary's region": (
        (), (("region: us-west-2", "region: us-east-1"),),
        "region: us-east-1", "identity.region", "      region: us-east-1", "identity.region",
    ),
    "a cache whose primary does not know": (
        (("        in_global_datastore: true # by dr's Global Datastore (ADR 0017)\n", ""),), (),
        "        redis:\n          lag_alarm", "recovery.standby.redis",
        "\n      redis:\n", "data.redis.in_global_datastore",
    ),
    "a primary whose database follows": (
        (("      postgres:\n", f"      postgres:\n        generation: 2\n        source_arn: {SOURCE}\n"),),
        (), "active: false", "recovery.standby.active", "source_arn:", "data.postgres.source_arn",
    ),
    "connections closed before CloudFront's": (
        (), (("idle_timeout_seconds: 75", "idle_timeout_seconds: 60"),),
        "idle_timeout_seconds: 60", "edge.balancer.idle_timeout_seconds",
        "idle_timeout_seconds: 75", "edge.balancer.idle_timeout_seconds",
    ),
    "CloudFront's own country": (
        (), (("blocked_countries: [CU, ", "blocked_countries: [US, CU, "),),
        "blocked_countries: [US", "edge.firewall.blocked_countries", "origin_shield:", "edge.cdn.origin_shield",
    ),
    "fewer nodes at most": (
        (), (("min: 1, desired: 1, max: 30}", "min: 1, desired: 1, max: 29}"),),
        "max: 29}", "cluster.node_groups.general.scaling.max",
        "max: 20}", "cluster.node_groups.general.scaling.max",
    ),
    "fewer nodes to begin with": (
        (), (("active: {min: 5, desired: 5} # prod's", "active: {min: 4, desired: 5} # prod's"),),
        "active: {min: 4", "cluster.node_groups.general.active.min",
        "min: 3, desired: 3, max: 20}", "cluster.node_groups.general.scaling.min",
    ),
    "an objective of a zone that it could not keep": (
        (), (("multi_az: true", "multi_az: false"),),
        "postgres: {scope: region", "recovery.objectives.postgres.rto_minutes",
        "postgres: {scope: zone", "recovery.objectives.postgres.rto_minutes",
    ),
    "a smaller class": (
        (), (("instance_class: db.r5.2xlarge", "instance_class: db.r5.xlarge"),),
        "db.r5.xlarge", "data.postgres.instance_class", "instance_class: db.r5.2xlarge", "data.postgres.instance_class",
    ),
    "another rule of the firewall": (
        (), (("rate_limit: 2000", "rate_limit: 2001"),),
        "rate_limit: 2001", "edge.firewall.rate_limit", "rate_limit: 2000", "edge.firewall.rate_limit",
    ),
    "another TLS policy": (
        (), (("ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09", "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09"),),
        "ELBSecurityPolicy", "edge.balancer.tls_policy", "ELBSecurityPolicy", "edge.balancer.tls_policy",
    ),
    "a smaller quota": (
        (), (('cpu: "400", memory: 1600Gi', 'cpu: "400", memory: 1599Gi'),),
        "1599Gi", "kubernetes.namespaces.phoenix.quota.memory", "1600Gi", "kubernetes.namespaces.phoenix.quota.memory",
    ),
    "a reason without a difference": (
        (), ((DR_REASONS, DR_REASONS + "          data.redis.shards: fewer of them would do\n"),),
        "fewer of them would do", 'recovery.standby.differs["data.redis.shards"]', "shards: 3", "data.redis.shards",
    ),
    "a reason for nothing that exists": (
        (), ((DR_REASONS, DR_REASONS + "          data.reddis.shards: fewer of them would do\n"),),
        "fewer of them would do", 'recovery.standby.differs["data.reddis.shards"]', "\n    data:\n",
        "data.reddis.shards",
    ),
    "a reason for a tie": (
        (), ((DR_REASONS, DR_REASONS + "          data.redis.shards: fewer of them would do\n"), ("shards: 3",
        "shards: 2")),
        "fewer of them would do", 'recovery.standby.differs["data.redis.shards"]', "shards: 3", "data.redis.shards",
    ),
}  # fmt: skip
