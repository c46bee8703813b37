"""What EKS offers: versions with their support, add-on builds for a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_a_version_out_of_support_is_reported_only_where_all_are_asked_for(aws: Aws) -> None:
    eks = aws("eks")
    offered = {one["clusterVersion"] for one in eks.describe_cluster_versions()["clusterVersions"]}
    everything = {
        one["clusterVersion"]: one["versionStatus"]
        for one in eks.describe_cluster_versions(includeAll=True)["clusterVersions"]
    }
    assert everything["1.28"] == "UNSUPPORTED"
    assert "1.28" not in offered
    assert offered < everything.keys()
    (one,) = eks.describe_cluster_versions(clusterVersions=["1.36"])["clusterVersions"]
    assert one["endOfStandardSupportDate"].year == 2027


def test_a_build_is_offered_for_some_versions(aws: Aws) -> None:
    eks = aws("eks")
    (proxy,) = eks.describe_addon_versions(addonName="kube-proxy", kubernetesVersion="1.35")["addons"]
    (build,) = proxy["addonVersions"]
    assert build["addonVersion"].startswith("v1.35.")
    assert [each["clusterVersion"] for each in build["compatibilities"]] == ["1.35"]
    assert eks.describe_addon_versions(addonName="kube-proxy", kubernetesVersion="1.34")["addons"] == []


def test_an_addon_that_is_none_is_refused(aws: Aws) -> None:
    with pytest.raises(ClientError, match="InvalidParameterException"):
        aws("eks").describe_addon_versions(addonName="no-such")
    assert len(aws("eks").describe_addon_versions()["addons"]) > 5


def test_clusters_are_still_served(aws: Aws) -> None:
    assert aws("eks").list_clusters()["clusters"] == []
