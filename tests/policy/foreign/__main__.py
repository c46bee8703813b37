"""A program of somebody else's: default provider, no tags, a bucket, a database, a way in."""

import pulumi
import pulumi_aws as aws

uploads = aws.s3.Bucket("uploads", force_destroy=True)
aws.s3.BucketVersioning("uploads", bucket=uploads.id, versioning_configuration={"status": "Enabled"})
office = aws.ec2.SecurityGroup(
    "office", ingress=[{"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}]
)
ledger = aws.rds.Instance(
    "ledger",
    engine="postgres",
    engine_version="17.10",
    instance_class="db.t4g.medium",
    allocated_storage=20,
    username="ledger",
    password=pulumi.Output.secret("hush"),
    storage_encrypted=True,
    backup_retention_period=14,
    publicly_accessible=True,
    vpc_security_group_ids=[office.id],
)
pulumi.export("endpoint", ledger.endpoint)
