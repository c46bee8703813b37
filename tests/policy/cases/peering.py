from tests.policy.case import value_case
from tests.policy.harness import Made

ROUTE = Made(
    type="aws:ec2/route:Route",
    inputs={"destinationCidrBlock": "10.1.0.0/16", "vpcPeeringConnectionId": "pcx-1", "routeTableId": "rtb-1"},
)
DEFAULT_ROUTE = Made(
    type="aws:ec2/route:Route",
    name="default",
    inputs={"destinationCidrBlock": "0.0.0.0/0", "natGatewayId": "nat-1", "routeTableId": "rtb-1"},
)
NEAR = Made(type="aws:ec2/vpcPeeringConnection:VpcPeeringConnection", name="near", inputs={"vpcId": "vpc-1"})
FAR = Made(
    type="aws:ec2/vpcPeeringConnection:VpcPeeringConnection", inputs={"vpcId": "vpc-1", "peerRegion": "us-west-2"}
)
OWN = Made(type="aws:ec2/vpcPeeringConnection:VpcPeeringConnection", inputs={"vpcId": "vpc-1", "peerOwnerId": ""})

CASES = (
    value_case(
        "peering-route-not-default",
        ROUTE,
        "destinationCidrBlock",
        "0.0.0.0/0",
        absent_is="silent",
        around=[DEFAULT_ROUTE],
    ),
    value_case("peering-own-account", OWN, "peerOwnerId", "999999999999", absent_is="silent"),
)
