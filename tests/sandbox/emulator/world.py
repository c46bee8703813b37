"""A world of one resource of every kind the stacks use."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

WEST = "us-west-2"
TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
    ' "Principal": {"Service": ["eks.amazonaws.com", "lambda.amazonaws.com"]}}]}'
)
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'
TLS_ONLY = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*",'
    ' "Resource": "arn:aws:s3:::world-data/*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}'
)
TAGS = [{"Key": "environment", "Value": "prod"}]


def create(aws: Aws) -> None:
    """Create the world."""
    subnet = _network(aws)
    role = aws("iam").create_role(RoleName="world", AssumeRolePolicyDocument=TRUST, Tags=TAGS)["Role"]["Arn"]
    policy = aws("iam").create_policy(PolicyName="world", PolicyDocument=POLICY)["Policy"]["Arn"]
    aws("iam").attach_role_policy(RoleName="world", PolicyArn=policy)
    aws("iam").put_role_policy(RoleName="world", PolicyName="inline", PolicyDocument=POLICY)
    key = _keys(aws)
    _cluster(aws, role, subnet)
    _databases(aws, key, subnet)
    _caches(aws, key, subnet)
    _buckets(aws, key)
    _copies(aws, role)
    _rest(aws, role, key)


def _network(aws: Aws) -> str:
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=TAGS)
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnet = str(ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"])
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    group = ec2.create_security_group(GroupName="world", Description="world", VpcId=vpc)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    endpoint = {"VpcEndpointType": "Interface", "ServiceName": "com.amazonaws.us-east-1.kms"}
    ec2.create_vpc_endpoint(VpcId=vpc, SubnetIds=[subnet], SecurityGroupIds=[group], **endpoint)
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    ec2.create_network_acl_entry(
        NetworkAclId=acl, RuleNumber=1, Protocol="6", Egress=True, RuleAction="allow", CidrBlock="10.0.0.0/8",
        PortRange={"From": 1, "To": 2},
    )  # fmt: skip
    ec2.create_flow_logs(
        ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogDestination="arn:aws:s3:::world",
        LogDestinationType="s3", MaxAggregationInterval=60,
    )  # fmt: skip
    volumes = [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "Encrypted": True, "KmsKeyId": "arn"}}]
    template = {"InstanceType": "c7i.large", "BlockDeviceMappings": volumes}
    ec2.create_launch_template(LaunchTemplateName="world", LaunchTemplateData=template)
    ec2.enable_ebs_encryption_by_default()
    return subnet


def _keys(aws: Aws) -> str:
    kms = aws("kms")
    made = kms.create_key(MultiRegion=True, Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]
    kms.enable_key_rotation(KeyId=made["KeyId"])
    kms.create_alias(AliasName="alias/world", TargetKeyId=made["KeyId"])
    kms.replicate_key(KeyId=made["KeyId"], ReplicaRegion=WEST)
    return str(made["Arn"])


def _cluster(aws: Aws, role: str, subnet: str) -> None:
    eks = aws("eks")
    access = {"authenticationMode": "API"}
    eks.create_cluster(name="world", roleArn=role, resourcesVpcConfig={"subnetIds": [subnet]}, accessConfig=access)
    eks.get_waiter("cluster_active").wait(name="world", WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    taints = [{"key": "gpu", "value": "true", "effect": "NO_SCHEDULE"}]
    nodes = {"clusterName": "world", "nodegroupName": "n", "nodeRole": role, "subnets": [subnet], "taints": taints}
    eks.create_nodegroup(**nodes, launchTemplate={"name": "world", "version": "1"})
    own = [{"serviceAccount": "aws-node", "roleArn": role}]
    eks.create_addon(clusterName="world", addonName="vpc-cni", podIdentityAssociations=own)
    eks.create_access_entry(clusterName="world", principalArn=role)
    eks.associate_access_policy(
        clusterName="world",
        principalArn=role,
        policyArn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy",
        accessScope={"type": "namespace", "namespaces": ["app"]},
    )
    eks.create_pod_identity_association(clusterName="world", namespace="app", serviceAccount="a", roleArn=role)
    issuer = eks.describe_cluster(name="world")["cluster"]["identity"]["oidc"]["issuer"]
    aws("iam").create_open_id_connect_provider(Url=issuer, ClientIDList=["sts.amazonaws.com"])


def _databases(aws: Aws, key: str, subnet: str) -> None:
    rds = aws("rds")
    group = {"DBParameterGroupName": "world", "DBParameterGroupFamily": "postgres17", "Description": "world"}
    rds.create_db_parameter_group(**group)
    force_tls = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName="world", Parameters=[force_tls])
    rds.create_db_subnet_group(DBSubnetGroupName="world", DBSubnetGroupDescription="world", SubnetIds=[subnet])
    rds.create_db_instance(
        DBInstanceIdentifier="world",
        Engine="postgres",
        DBInstanceClass="db.r6g.2xlarge",
        AllocatedStorage=100,
        StorageEncrypted=True,
        KmsKeyId=key,
        MasterUsername="owner",
        MasterUserPassword="only-in-a-test",
        DBSubnetGroupName="world",
        DBParameterGroupName="world",
        EnableCloudwatchLogsExports=["postgresql"],
        Tags=TAGS,
    )
    rds.create_db_instance_read_replica(
        DBInstanceIdentifier="world-replica", SourceDBInstanceIdentifier="world", DBInstanceClass="db.r6g.xlarge"
    )


def _caches(aws: Aws, key: str, subnet: str) -> None:
    cache = aws("elasticache")
    group = {"CacheParameterGroupName": "world", "CacheParameterGroupFamily": "redis7", "Description": "world"}
    cache.create_cache_parameter_group(**group)
    values = [{"ParameterName": "cluster-enabled", "ParameterValue": "yes"}]
    cache.modify_cache_parameter_group(CacheParameterGroupName="world", ParameterNameValues=values)
    cache.create_cache_subnet_group(
        CacheSubnetGroupName="world", CacheSubnetGroupDescription="world", SubnetIds=[subnet]
    )
    cache.create_replication_group(
        ReplicationGroupId="world",
        ReplicationGroupDescription="world",
        Engine="redis",
        NumNodeGroups=3,
        ReplicasPerNodeGroup=2,
        TransitEncryptionEnabled=True,
        AtRestEncryptionEnabled=True,
        KmsKeyId=key,
        AuthToken="only-in-a-test-0123",
        CacheSubnetGroupName="world",
        CacheParameterGroupName="world",
        AutomaticFailoverEnabled=True,
    )


def _buckets(aws: Aws, key: str) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="world-data")
    s3.put_bucket_versioning(Bucket="world-data", VersioningConfiguration={"Status": "Enabled"})
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    s3.put_bucket_encryption(
        Bucket="world-data",
        ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": default}]},
    )
    closed = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket="world-data", PublicAccessBlockConfiguration=dict.fromkeys(closed, True))
    s3.put_bucket_policy(Bucket="world-data", Policy=TLS_ONLY)
    age = {"ID": "age", "Status": "Enabled", "Filter": {}, "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}]}
    s3.put_bucket_lifecycle_configuration(Bucket="world-data", LifecycleConfiguration={"Rules": [age]})
    owner = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    s3.put_bucket_ownership_controls(Bucket="world-data", OwnershipControls=owner)
    s3.put_bucket_tagging(Bucket="world-data", Tagging={"TagSet": TAGS})
    tiering = {"Id": "a", "Status": "Enabled", "Tierings": [{"Days": 125, "AccessTier": "ARCHIVE_ACCESS"}]}
    s3.put_bucket_intelligent_tiering_configuration(
        Bucket="world-data", Id="a", IntelligentTieringConfiguration=tiering
    )
    s3.put_object(Bucket="world-data", Key="a/b", Body=b"first")
    s3.put_object(Bucket="world-data", Key="a/b", Body=b"second")


def _copies(aws: Aws, role: str) -> None:
    """A bucket and a registry with a copy in another region; returns when the copy is there."""
    west, account = aws("s3", WEST), role.split(":")[4]
    west.create_bucket(Bucket="world-copies", CreateBucketConfiguration={"LocationConstraint": WEST})
    west.put_bucket_versioning(Bucket="world-copies", VersioningConfiguration={"Status": "Enabled"})
    destination = {"Bucket": "arn:aws:s3:::world-copies"}
    rule = {"ID": "a", "Priority": 1, "Status": "Enabled", "Filter": {}, "Destination": destination}
    marker = {"DeleteMarkerReplication": {"Status": "Enabled"}}
    east = aws("s3")
    configuration = {"Role": role, "Rules": [rule | marker]}
    east.put_bucket_replication(Bucket="world-data", ReplicationConfiguration=configuration)
    allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    aws("iam").put_role_policy(RoleName="world", PolicyName="copies", PolicyDocument=document)
    east.put_object(Bucket="world-data", Key="c", Body=b"copied", ServerSideEncryption="AES256")
    west.get_waiter("object_exists").wait(Bucket="world-copies", Key="c", WaiterConfig={"Delay": 1})
    ecr = aws("ecr")
    ecr.create_repository(repositoryName="world")
    rules = [{"destinations": [{"region": WEST, "registryId": account}]}]
    ecr.put_replication_configuration(replicationConfiguration={"rules": rules})
    ecr.put_image(repositoryName="world", imageManifest="{}", imageTag="1")


def _rest(aws: Aws, role: str, key: str) -> None:
    secrets, logs, functions = aws("secretsmanager"), aws("logs"), aws("lambda")
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("i.py", "def h(event, context): return event")
        code = file.getvalue()
    made = functions.create_function(
        FunctionName="world", Role=role, Runtime="python3.12", Handler="i.h", Code={"ZipFile": code}, Publish=True
    )
    functions.create_alias(FunctionName="world", Name="live", FunctionVersion="1")
    functions.add_permission(
        FunctionName="world", StatementId="s", Action="lambda:InvokeFunction", Principal="secretsmanager.amazonaws.com"
    )
    secrets.create_secret(Name="world", SecretString="x", KmsKeyId=key, AddReplicaRegions=[{"Region": WEST}])
    rules = {"AutomaticallyAfterDays": 30}
    secrets.rotate_secret(SecretId="world", RotationLambdaARN=made["FunctionArn"], RotationRules=rules)
    logs.create_log_group(logGroupName="world", tags={"a": "b"})
    logs.put_retention_policy(logGroupName="world", retentionInDays=365)
