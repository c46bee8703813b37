from __future__ import annotations

import pytest

from standins.awsproxy import endpoint


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:4566", "https://localhost:1", "http://[::1]:4566", "http://127.9.9.9:1"]
)
def test_loopback_addresses_are_accepted(url: str) -> None:
    assert endpoint.required({endpoint.ENDPOINT: url}) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://ec2.us-east-1.amazonaws.com",
        "http://10.0.0.1:4566",
        "http://127.0.0.1.example.com",
        "http://localhost@evil.example",
        "ftp://127.0.0.1",
        "127.0.0.1:4566",
    ],
)
def test_anything_else_is_refused_by_name(url: str) -> None:
    with pytest.raises(endpoint.EndpointError, match="AWS_ENDPOINT_URL"):
        endpoint.required({endpoint.ENDPOINT: url})


def test_an_endpoint_of_one_service_elsewhere_is_refused() -> None:
    environ = {endpoint.ENDPOINT: "http://127.0.0.1:1", "AWS_ENDPOINT_URL_S3": "https://s3.amazonaws.com"}
    with pytest.raises(endpoint.EndpointError, match="AWS_ENDPOINT_URL_S3"):
        endpoint.required(environ)


def test_children_see_no_profile_no_metadata_service_and_no_way_out() -> None:
    env = endpoint.child_environment(
        {
            "AWS_PROFILE": "prod",
            "PULUMI_LOG_OTLP_ENDPOINT": "localhost:1",
            "https_proxy": "http://proxy:1",
            "no_proxy": "*",
            "HOME": "/h",
        }
    )
    assert env == {
        "HOME": "/h",
        "HTTP_PROXY": endpoint.DEAD_PROXY,
        "HTTPS_PROXY": endpoint.DEAD_PROXY,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"endpoints": [{"s3": "https://s3.amazonaws.com"}]}, "endpoints[0].s3"),
        ({"endpoints": [{"s3": "http://127.0.0.1:1"}, {"sts": "http://10.0.0.1"}]}, "endpoints[1].sts"),
        ({"httpProxy": "http://proxy:3128"}, "httpProxy"),
        ({"ec2MetadataServiceEndpoint": "http://169.254.169.254"}, "ec2MetadataServiceEndpoint"),
        ({"profile": "prod"}, "profile"),
        ({"sharedCredentialsFiles": ["~/.aws/credentials"]}, "sharedCredentialsFiles"),
    ],
)
def test_a_provider_that_would_call_elsewhere_is_refused_with_the_settings_name(
    config: dict[str, object], named: str
) -> None:
    assert set(endpoint.check_config(config)) == {named}


def test_a_provider_of_the_program_passes() -> None:
    config = {
        "region": "us-east-1",
        "s3UsePathStyle": True,
        "endpoints": [{"s3": "http://localhost:1"}],
        "httpProxy": "",
    }
    assert endpoint.check_config(config) == {}
