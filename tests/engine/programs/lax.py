"""A program that says four things otherwise than the pack wants them, beside a secret and a key that is made anew."""

import base64
import json

import pulumi
import pulumi_aws as aws

TAGS = {
    "Project": "lax",
    "Environment": "prod",
    "Owner": "platform@lax.example",
    "CostCenter": "lax",
    "DataClass": "internal",
    "ManagedBy": "pulumi",
    "Stack": pulumi.get_stack(),
}
ADMINISTRATION = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "AccountAdministersKey",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::100000000004:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
JOIN = base64.b64encode(b"#!/bin/sh\necho hush-hush\n").decode()

provider = aws.Provider(
    "aws",
    region="eu-west-1",
    allowed_account_ids=["100000000004"],
    default_tags={"tags": TAGS},
    skip_metadata_api_check=True,
    skip_region_validation=True,
    max_retries=3,
)
of_aws = pulumi.ResourceOptions(provider=provider)
holds_data = pulumi.ResourceOptions(provider=provider, protect=True)

key = aws.kms.Key(
    "key",
    description="images and volumes",
    enable_key_rotation=True,
    deletion_window_in_days=30,
    policy=json.dumps(ADMINISTRATION),
    opts=holds_data,
)
images = aws.ecr.Repository(
    "images",
    image_tag_mutability="MUTABLE",
    image_scanning_configuration={"scan_on_push": False},
    force_delete=True,
    encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.arn}],
    opts=holds_data,
)
aws.ecr.LifecyclePolicy(
    "images",
    repository=images.name,
    policy=json.dumps(
        {
            "rules": [
                {
                    "rulePriority": 1,
                    "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 30},
                    "action": {"type": "expire"},
                }
            ]
        }
    ),
    opts=of_aws,
)
nodes = aws.ec2.LaunchTemplate(
    "nodes",
    metadata_options={"http_tokens": "optional", "http_put_response_hop_limit": 1},
    block_device_mappings=[{"device_name": "/dev/xvda", "ebs": {"encrypted": "true", "kms_key_id": key.arn}}],
    user_data=pulumi.Output.secret(JOIN),
    opts=of_aws,
)
pulumi.export("template", nodes.id)
