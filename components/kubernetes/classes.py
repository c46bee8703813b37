"""Storage and priority classes: what pods may ask for by name. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.kubernetes.manifest import Manifest, manifest, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pulumi

    from config.kubernetes import Kubernetes as KubernetesSettings
    from config.kubernetes import StorageClass


def classes(settings: KubernetesSettings, key_arn: pulumi.Output[str]) -> Iterator[Manifest]:
    """Yield all classes; volumes are encrypted by the key."""
    for name, one in settings.storage_classes.items():
        yield storage_class(name, one, key_arn)
    for name, value in settings.priorities.items():
        yield priority_class(name, value)


def storage_class(name: str, settings: StorageClass, key_arn: pulumi.Output[str]) -> Manifest:
    """Return a class of the EBS driver; a volume is made in the zone of the first pod that uses it."""
    speed = {"iops": settings.iops, "throughput": settings.throughput_mibps}
    parameters = {
        "type": settings.type,
        "encrypted": "true",
        "kmsKeyId": key_arn,
        **{key: str(value) for key, value in speed.items() if value is not None},
    }
    default = {"storageclass.kubernetes.io/is-default-class": "true" if settings.default else "false"}
    return manifest(
        "storage.k8s.io/v1",
        "StorageClass",
        metadata(name, annotations=default),
        provisioner="ebs.csi.aws.com",
        parameters=parameters,
        reclaimPolicy="Retain" if settings.retain else "Delete",
        volumeBindingMode="WaitForFirstConsumer",
        allowVolumeExpansion=True,
    )


def priority_class(name: str, value: int) -> Manifest:
    """Return a priority class; no class is the default, so a pod that names none has priority 0."""
    return manifest(
        "scheduling.k8s.io/v1",
        "PriorityClass",
        metadata(name),
        value=value,
        globalDefault=False,
        description=f"Pods of the kind {name}",
        preemptionPolicy="PreemptLowerPriority" if value > 0 else "Never",
    )
