"""Every quota that is asked for. Codes: quota page of each service in the Service Quotas console, read 2026-11.

Not here: CloudWatch alarms and web ACLs, whose quotas have no code that a document names, and quotas of requests.
"""

from __future__ import annotations

from typing import Final

from preflight import quota_needs as needs
from preflight.plan import CLUSTERS, GROUPS, SUBNET
from preflight.quota import Quota, Used, longest, made, made_anywhere, most_of

_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
_ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
_TRAIL: Final = "aws:cloudtrail/trail:Trail"

NETWORK: Final = (
    Quota(
        service="ec2",
        code="L-0263D0A3",
        name="Elastic IP addresses",
        needs=made("aws:ec2/eip:Eip"),
        used=Used("ec2", "DescribeAddresses", "length(Addresses)"),
    ),
    Quota(
        service="vpc",
        code="L-F678F1CE",
        name="VPCs",
        needs=made("aws:ec2/vpc:Vpc"),
        used=Used("ec2", "DescribeVpcs", "length(Vpcs)"),
    ),
    Quota(
        service="vpc",
        code="L-A4707A72",
        name="internet gateways",
        needs=made("aws:ec2/internetGateway:InternetGateway"),
        used=Used("ec2", "DescribeInternetGateways", "length(InternetGateways)"),
    ),
    Quota(
        service="vpc",
        code="L-FE5A380F",
        name="NAT gateways in a zone",
        needs=needs.gateways_of_a_zone,
        used=needs.used_gateways_of_a_zone,
    ),
    Quota(
        service="vpc",
        code="L-E79EC296",
        name="security groups",
        needs=made(_GROUP),
        used=Used("ec2", "DescribeSecurityGroups", "length(SecurityGroups)"),
    ),
    Quota(service="vpc", code="L-0EA8095F", name="rules of a security group", needs=needs.addresses_of_rules),
    Quota(
        service="vpc",
        code="L-2AFB9258",
        name="security groups of an interface",
        needs=longest(
            ("aws:ec2/launchTemplate:LaunchTemplate", "vpcSecurityGroupIds"),
            ("aws:rds/instance:Instance", "vpcSecurityGroupIds"),
            ("aws:lb/loadBalancer:LoadBalancer", "securityGroups"),
            (_ENDPOINT, "securityGroupIds"),
        ),
    ),
    Quota(service="vpc", code="L-407747CB", name="subnets of a VPC", needs=most_of(SUBNET, "vpcId")),
    Quota(
        service="vpc",
        code="L-589F43AA",
        name="route tables of a VPC",
        needs=most_of("aws:ec2/routeTable:RouteTable", "vpcId"),
    ),
    Quota(
        service="vpc",
        code="L-93826ACB",
        name="routes of a route table",
        needs=most_of("aws:ec2/route:Route", "routeTableId"),
    ),
    Quota(
        service="vpc",
        code="L-B4A6D682",
        name="network ACLs of a VPC",
        needs=most_of("aws:ec2/networkAcl:NetworkAcl", "vpcId"),
    ),
    Quota(service="vpc", code="L-2AEEBF1A", name="rules of a network ACL", needs=needs.rules_of_an_acl),
    Quota(service="vpc", code="L-29B6F2EB", name="interface endpoints of a VPC", needs=most_of(_ENDPOINT, "vpcId")),
    Quota(
        service="vpc",
        code="L-7E9ECCDB",
        name="peering connections of a VPC",
        needs=most_of("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "vpcId"),
    ),
)

COMPUTE: Final = (
    *(
        Quota(service="ec2", code=code, name=f"vCPUs of running on-demand {name} instances", needs=needs.vcpus(code))
        for code, (name, _letters) in needs.FAMILIES.items()
    ),
    Quota(
        service="fargate",
        code="L-3032A538",
        name="vCPUs of tasks on Fargate",
        needs=needs.fargate("FARGATE"),
    ),
    Quota(
        service="fargate",
        code="L-36FBB829",
        name="vCPUs of tasks on Fargate Spot",
        needs=needs.fargate("FARGATE_SPOT"),
    ),
    Quota(service="ebs", code="L-7A658B76", name="TiB of gp3 volumes", needs=needs.volumes),
    Quota(
        service="eks",
        code="L-1194D53C",
        name="EKS clusters",
        needs=made(*CLUSTERS),
        used=Used("eks", "ListClusters", "length(clusters)"),
    ),
    Quota(service="eks", code="L-6D54EA21", name="node groups of a cluster", needs=made(*GROUPS)),
    Quota(service="eks", code="L-BD136A63", name="nodes of a node group", needs=needs.nodes_of_a_group),
    Quota(
        service="elasticloadbalancing",
        code="L-53DA6B97",
        name="application load balancers",
        needs=made("aws:lb/loadBalancer:LoadBalancer"),
        used=Used("elbv2", "DescribeLoadBalancers", "length(LoadBalancers[?Type=='application'])"),
    ),
    Quota(
        service="lambda",
        code="L-B99A9384",
        name="concurrent executions of functions",
        needs=needs.concurrency,
    ),
)

DATA: Final = (
    Quota(
        service="rds",
        code="L-7B6409FD",
        name="databases of RDS",
        needs=made("aws:rds/instance:Instance"),
        used=Used("rds", "DescribeDBInstances", "length(DBInstances)"),
    ),
    Quota(
        service="rds",
        code="L-7ADDB58A",
        name="GiB of RDS storage",
        needs=needs.database_storage,
        used=Used("rds", "DescribeDBInstances", "sum(DBInstances[].AllocatedStorage)"),
    ),
    Quota(
        service="rds",
        code="L-5BC124EF",
        name="read replicas of a database",
        needs=most_of("aws:rds/instance:Instance", "replicateSourceDb"),
    ),
    Quota(
        service="rds",
        code="L-D94C7EA3",
        name="proxies of RDS",
        needs=made("aws:rds/proxy:Proxy"),
        used=Used("rds", "DescribeDBProxies", "length(DBProxies)"),
    ),
    Quota(
        service="elasticache",
        code="L-DFE45DF3",
        name="cache nodes",
        needs=needs.cache_nodes,
        used=Used("elasticache", "DescribeCacheClusters", "sum(CacheClusters[].NumCacheNodes)"),
    ),
    Quota(
        service="s3",
        code="L-DC2B2D3D",
        name="buckets",
        needs=made_anywhere("aws:s3/bucket:Bucket"),
        used=Used("s3", "ListBuckets", "length(Buckets)"),
        everywhere=True,
    ),
    Quota(
        service="dynamodb",
        code="L-F98FE922",
        name="tables of DynamoDB",
        needs=made("aws:dynamodb/table:Table"),
        used=Used("dynamodb", "ListTables", "length(TableNames)"),
    ),
    Quota(
        service="kms",
        code="L-C2F1777E",
        name="keys",
        needs=made("aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey"),
        used=Used("kms", "ListKeys", "length(Keys)"),
    ),
)

ACCOUNT: Final = (
    Quota(
        service="cloudfront",
        code="L-24B04930",
        name="CloudFront distributions",
        needs=made_anywhere("aws:cloudfront/distribution:Distribution"),
        used=Used("cloudfront", "ListDistributions", "length(DistributionList.Items || `[]`)"),
        everywhere=True,
    ),
    Quota(
        service="iam",
        code="L-FE177D64",
        name="roles",
        needs=made_anywhere("aws:iam/role:Role"),
        used=Used("iam", "ListRoles", "length(Roles)"),
        everywhere=True,
    ),
    Quota(
        service="route53",
        code="L-4EA4796A",
        name="hosted zones",
        needs=made_anywhere("aws:route53/zone:Zone"),
        used=Used("route53", "ListHostedZones", "length(HostedZones)"),
        everywhere=True,
    ),
    Quota(
        service="route53",
        code="L-ACB674F3",
        name="health checks",
        needs=made_anywhere("aws:route53/healthCheck:HealthCheck"),
        used=Used("route53", "ListHealthChecks", "length(HealthChecks)"),
        everywhere=True,
    ),
    Quota(
        service="acm",
        code="L-F141DD1D",
        name="certificates",
        needs=made("aws:acm/certificate:Certificate"),
        used=Used("acm", "ListCertificates", "length(CertificateSummaryList)"),
    ),
    Quota(
        service="events",
        code="L-244521F2",
        name="event rules",
        needs=made("aws:cloudwatch/eventRule:EventRule"),
        used=Used("events", "ListRules", "length(Rules)"),
    ),
    Quota(
        service="cloudtrail",
        code="",
        name="trails",
        limit=5,  # CloudTrail User Guide, "Quotas in AWS CloudTrail"
        needs=made(_TRAIL),
        used=Used("cloudtrail", "DescribeTrails", "length(trailList)"),
    ),
    Quota(
        service="logs",
        code="",
        name="resource policies of CloudWatch Logs",
        limit=10,  # CloudWatch Logs User Guide, "CloudWatch Logs quotas"
        needs=made("aws:cloudwatch/logResourcePolicy:LogResourcePolicy"),
        used=Used("logs", "DescribeResourcePolicies", "length(resourcePolicies)"),
    ),
    Quota(
        service="apigateway",
        code="",
        name="VPC links of APIs",
        limit=10,  # API Gateway Developer Guide, "Quotas for configuring and running an HTTP API"; it can be raised
        needs=made("aws:apigatewayv2/vpcLink:VpcLink"),
        used=Used("apigatewayv2", "GetVpcLinks", "length(Items)"),
    ),
    Quota(
        service="apigateway",
        code="L-9ED1E49A",
        name="new connections a second of WebSocket APIs",
        needs=needs.connections,
    ),
    Quota(
        service="apigateway",
        code="",
        name="regional names of APIs",
        limit=120,  # the same page
        needs=made("aws:apigatewayv2/domainName:DomainName"),
        used=Used("apigatewayv2", "GetDomainNames", "length(Items)"),
    ),
)

QUOTAS: Final = (*NETWORK, *COMPUTE, *DATA, *ACCOUNT)
