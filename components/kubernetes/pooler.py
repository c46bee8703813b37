"""PgBouncer's objects and its configuration file. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from components.iam import Statement, through
from components.kubernetes.certificate import certificate, secret_volume
from components.kubernetes.manifest import NAME_LABEL, Manifest, disruption_budget, manifest, metadata, service_account
from components.kubernetes.namespace import admit, from_namespace
from components.kubernetes.pods import Workload, container
from config.data import Postgres

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pulumi

    from config.identity import Identity
    from config.kubernetes import PgBouncer

NAME: Final = "pgbouncer"
PORT: Final = 6432
"""PgBouncer's own port."""
SELECTOR: Final = {NAME_LABEL: NAME}
_CONFIGURATION, _CERTIFICATE, _SECRET, _USERS = "/etc/pgbouncer", "/etc/pgbouncer-tls", "/mnt/secret", "/run/pgbouncer"
_AUTHORITY: Final = "rds-ca.pem"
PATIENCE_SECONDS: Final = 120
"""Time that a pod waits for its clients' transactions before it ends; those that last longer are cut."""


def host(settings: PgBouncer) -> str:
    """Return the name of the service inside the cluster."""
    return f"{NAME}.{settings.namespace}.svc"


def configuration(settings: PgBouncer, address: str, database: str) -> str:
    """Return `pgbouncer.ini`: every connection verified by TLS, one connection for each running transaction."""
    lines = {
        "listen_addr": "0.0.0.0",  # noqa: S104 the pod's address; the network policy says who reaches it
        "listen_port": str(PORT),
        "unix_socket_dir": "",
        "pool_mode": "transaction",
        "auth_type": "scram-sha-256",
        "auth_file": f"{_USERS}/userlist.txt",
        "max_client_conn": str(settings.max_client_connections),
        "default_pool_size": str(settings.pool_size),
        "max_prepared_statements": str(settings.prepared_statements),
        "ignore_startup_parameters": "extra_float_digits",
        "client_tls_sslmode": "require",
        "client_tls_cert_file": f"{_CERTIFICATE}/tls.crt",
        "client_tls_key_file": f"{_CERTIFICATE}/tls.key",
        "server_tls_sslmode": "verify-full",
        "server_tls_ca_file": f"{_CONFIGURATION}/{_AUTHORITY}",
    }
    options = "\n".join(f"{key} = {value}".rstrip() for key, value in lines.items())
    port = Postgres.serves.port
    return f"[databases]\n{database} = host={address} port={port} dbname={database}\n\n[pgbouncer]\n{options}\n"


def manifests(settings: PgBouncer, clients: Sequence[str]) -> Iterator[Manifest]:
    """Yield what depends on the settings alone."""
    where = settings.namespace
    yield service_account(NAME, where)
    yield from certificate(NAME, where, [host(settings), f"{host(settings)}.cluster.local"])
    ports = [{"name": "postgres", "port": Postgres.serves.port, "targetPort": PORT, "protocol": "TCP"}]
    yield manifest("v1", "Service", metadata(NAME, where), spec={"selector": SELECTOR, "ports": ports})
    yield disruption_budget(NAME, where, SELECTOR, 1)
    yield admit("clients", where, SELECTOR, [from_namespace(client) for client in clients], PORT)


def secret_provider(settings: PgBouncer, region: str, secret_arn: pulumi.Output[str]) -> Manifest:
    """Return which values of the secret become files (AWS Secrets and Configuration Provider, by pod identity)."""
    objects = secret_arn.apply(
        lambda arn: json.dumps(
            [
                {
                    "objectName": arn,
                    "objectType": "secretsmanager",
                    "jmesPath": [{"path": field, "objectAlias": field} for field in ("username", "password")],
                }
            ]
        )
    )
    return manifest(
        "secrets-store.csi.x-k8s.io/v1",
        "SecretProviderClass",
        metadata(NAME, settings.namespace),
        spec={"provider": "aws", "parameters": {"region": region, "usePodIdentity": "true", "objects": objects}},
    )


def config_map(settings: PgBouncer, ini: pulumi.Output[str], authority: str) -> Manifest:
    """Return the configuration file and the certificate authority of RDS."""
    return manifest(
        "v1", "ConfigMap", metadata(NAME, settings.namespace), data={"pgbouncer.ini": ini, _AUTHORITY: authority}
    )


def workload(settings: PgBouncer, digest: pulumi.Output[str]) -> Workload:
    """Return the pods.

    Args:
        settings: The stack file's `kubernetes.pgbouncer`.
        digest: Changes with the configuration, so that pods start anew with it.
    """
    return Workload(
        name=NAME,
        namespace=settings.namespace,
        init_containers=[_login(settings)],
        containers=[_pooler(settings)],
        replicas=settings.replicas,
        priority=settings.priority,
        annotations={"platform/configuration": digest},
        patience_seconds=PATIENCE_SECONDS,
        volumes=[
            {"name": "configuration", "configMap": {"name": NAME}},
            secret_volume("certificate", NAME),
            {"name": "users", "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
            {
                "name": "secret",
                "csi": {
                    "driver": "secrets-store.csi.k8s.io",
                    "readOnly": True,
                    "volumeAttributes": {"secretProviderClass": NAME},
                },
            },
        ],
    )


def _login(settings: PgBouncer) -> Manifest:
    """Return the container that writes the list of users out of the secret's files, into memory."""
    script = (
        f'umask 077; printf \'"%s" "%s"\\n\' "$(cat {_SECRET}/username)" "$(cat {_SECRET}/password)"'
        f" > {_USERS}/userlist.txt"
    )
    return container(
        "login",
        settings.image,
        settings.resources,
        command=["/bin/sh", "-ec", script],
        volumeMounts=[
            {"name": "secret", "mountPath": _SECRET, "readOnly": True},
            {"name": "users", "mountPath": _USERS},
        ],
    )


def _pooler(settings: PgBouncer) -> Manifest:
    probe = {"tcpSocket": {"port": "postgres"}, "periodSeconds": 5, "failureThreshold": 3}
    return container(
        NAME,
        settings.image,
        settings.resources,
        command=["pgbouncer", f"{_CONFIGURATION}/pgbouncer.ini"],
        ports=[{"name": "postgres", "containerPort": PORT}],
        readinessProbe=probe,
        livenessProbe=probe,
        # SIGTERM cuts clients off; SIGINT lets transactions end, and comes once no new client is sent here.
        lifecycle={"preStop": {"exec": {"command": ["/bin/sh", "-c", "sleep 10; kill -INT 1; sleep 100"]}}},
        volumeMounts=[
            {"name": "configuration", "mountPath": _CONFIGURATION, "readOnly": True},
            {"name": "certificate", "mountPath": _CERTIFICATE, "readOnly": True},
            {"name": "users", "mountPath": _USERS, "readOnly": True},
        ],
    )


def statements(
    identity: Identity, secret_arn: pulumi.Output[str], key_arn: pulumi.Output[str]
) -> tuple[Statement, ...]:
    """Return what the pods may do in AWS."""
    return (
        Statement(
            sid="ReadLogin",
            reason="the password of the pooled user, read when a pod starts",
            actions=["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            resources=[secret_arn],
        ),
        Statement(
            sid="OpenLogin",
            reason="the secret is encrypted by the secrets key; only by way of Secrets Manager",
            actions=["kms:Decrypt"],
            resources=[key_arn],
            conditions=through("secretsmanager", identity.region),
        ),
    )
