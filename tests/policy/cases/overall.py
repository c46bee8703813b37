from dataclasses import replace

from tests.policy.case import Case, value_case
from tests.policy.harness import UNKNOWN, Made, altered

TAGS = {
    "Project": "phoenix",
    "Environment": "prod",
    "Stack": "prod",
    "Owner": "platform@phoenix.example",
    "CostCenter": "phoenix-platform",
    "DataClass": "confidential",
    "ManagedBy": "Pulumi",
}
VPC = Made(type="aws:ec2/vpc:Vpc", inputs={"tagsAll": TAGS})
ROUTE = Made(type="aws:ec2/route:Route", name="takes-no-tags")
PROVIDER = Made(type="pulumi:providers:aws", name="main", inputs={"region": "us-east-1"})
ELSEWHERE = Made(type="aws:s3/bucket:Bucket", inputs={"region": "us-west-2"}, provider=PROVIDER.urn)
BUCKET = Made(type="aws:s3/bucket:Bucket", protect=True)
REPLICA = Made(type="aws:rds/instance:Instance", name="replica", inputs={"replicateSourceDb": "phoenix"})
GROUP = Made(
    type="aws:eks/nodeGroup:NodeGroup", ignore_changes=["scalingConfig.desiredSize"], inputs={"launchTemplate": {}}
)

CASES = (
    value_case("tags-required", VPC, "tagsAll.DataClass", "secretive", around=[ROUTE]),
    value_case("region-allow-list", PROVIDER, "region", "eu-central-1", around=[ELSEWHERE]),
    Case(
        rule="stateful-protected",
        passing=[BUCKET, REPLICA],
        failing=[replace(BUCKET, protect=False)],
        unknown=[replace(REPLICA, inputs={"replicateSourceDb": UNKNOWN})],
        absent=[replace(REPLICA, inputs={})],
        unknown_is="silent",
        absent_is="violation",
    ),
    Case(
        rule="guarded-inputs-not-ignored",
        passing=[GROUP],
        failing=[replace(GROUP, ignore_changes=["launchTemplate.version"])],
        unknown=[replace(GROUP, inputs={"launchTemplate": UNKNOWN})],
        absent=[replace(GROUP, ignore_changes=[])],
        unknown_is="silent",
        absent_is="silent",
    ),
)
RESOURCE_REGION_CASE = value_case("region-allow-list", ELSEWHERE, "region", "ap-south-1", absent_is="silent")
MISSING_TAG = replace(VPC, inputs=altered(VPC.inputs, "tagsAll.Owner", None))
