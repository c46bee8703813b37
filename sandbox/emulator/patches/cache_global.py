"""ElastiCache Global Datastore: a replication group is replicated to groups of other regions; roles change.

ministack has none of it. The engine's data does not cross, as no engine runs; roles, inherited settings and what AWS
refuses do. Two points are AWS's word by analogy only (ADR 0017): a secondary has its primary's token, and learns of its
rotation.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastore.html (rules, 2026-11)
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_GlobalReplicationGroup.html (fields)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import elasticache

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap
from sandbox.emulator.patches.cache_datastores import (
    ID,
    Datastore,
    Member,
    datastores,
    group_of,
    member_of,
    primary_of,
    spelt,
    visible,
    xml,
)
from sandbox.emulator.patches.cache_groups import tell_members

if TYPE_CHECKING:
    from collections.abc import Callable

_OK = 200
_MOST_SECONDARIES = 2
_PREFIXES = {"us-east-1": "ldgnf", "us-east-2": "fpkhr", "us-west-1": "virxk", "us-west-2": "sgaui"}
"""What AWS puts before an id, by region; other regions get a prefix of their own making here."""
_INHERITED = {
    "Engine": "Engine",
    "EngineVersion": "EngineVersion",
    "CacheNodeType": "CacheNodeType",
    "NumNodeGroups": "_num_node_groups",
    "TransitEncryptionEnabled": "TransitEncryptionEnabled",
    "TransitEncryptionMode": "TransitEncryptionMode",
    "AtRestEncryptionEnabled": "AtRestEncryptionEnabled",
}
"""Parameter that a secondary may not name to the field of its primary that it takes."""
_NOT_FOR_MEMBERS = ("CacheNodeType", "EngineVersion", "CacheParameterGroupName", "AutoMinorVersionUpgrade")


def _create(params: Params) -> Response:
    name, suffix = elasticache._p(params, "PrimaryReplicationGroupId"), elasticache._p(params, f"{ID}Suffix")
    group = elasticache._replication_groups.get(name)
    if group is None:
        return _refuse("ReplicationGroupNotFoundFault", f"Replication group {name} not found", 404)
    if group["CacheNodeType"].startswith("cache.t"):
        return _refuse("InvalidParameterValue", f"Node type {group['CacheNodeType']} has no Global Datastore.")
    identifier = f"{_PREFIXES.get(get_region(), get_region().replace('-', '')[:5])}-{suffix}"
    if identifier in datastores:
        return _refuse("GlobalReplicationGroupAlreadyExistsFault", f"{identifier} already exists")
    if member_of(name, get_region()):
        return _refuse("InvalidReplicationGroupState", f"{name} is part of a global cluster already")
    datastores[identifier] = {
        ID: identifier,
        "GlobalReplicationGroupDescription": elasticache._p(params, "GlobalReplicationGroupDescription") or " ",
        "Members": [_as_member(name, "PRIMARY")],
    }
    _give_up(group)
    return _answer("Create", datastores[identifier])


def _as_member(name: str, role: str) -> Member:
    return {"ReplicationGroupId": name, "ReplicationGroupRegion": get_region(), "Role": role}


def _give_up(group: dict[str, Any]) -> None:
    """Take from the first member what is the datastore's: it gets a copy of its parameters, and no minor upgrades.

    Both by report (hashicorp/terraform-provider-aws #49110 and #24919, read 2026-11-21), in no AWS document.
    """
    prefix = "global-datastore-"
    if not group["CacheParameterGroupName"].startswith(prefix):
        group["CacheParameterGroupName"] = f"{prefix}{group['CacheParameterGroupName']}"
    group["AutoMinorVersionUpgrade"] = False
    tell_members(group)


def _describe(params: Params) -> Response:
    name, members = elasticache._p(params, ID), elasticache._p(params, "ShowMemberInfo") == "true"
    found = [datastore for key in datastores if (datastore := visible(key)) and name in ("", key)]
    if name and not found:
        return _missing(name)
    body = "".join(f"<GlobalReplicationGroup>{xml(one, members=members)}</GlobalReplicationGroup>" for one in found)
    return _wrapped("DescribeGlobalReplicationGroups", f"<GlobalReplicationGroups>{body}</GlobalReplicationGroups>")


def _modify(params: Params, datastore: Datastore) -> Response:
    if description := elasticache._p(params, "GlobalReplicationGroupDescription"):
        datastore["GlobalReplicationGroupDescription"] = description
    for member in datastore["Members"]:
        group = group_of(member) or {}
        group.update({key: value for key in _NOT_FOR_MEMBERS[:2] if (value := elasticache._p(params, key))})
        if failover := elasticache._p(params, "AutomaticFailoverEnabled"):
            group["AutomaticFailover"] = "enabled" if failover == "true" else "disabled"
    return _answer("Modify", datastore)


def _fail_over(params: Params, datastore: Datastore) -> Response:
    """Make a secondary the primary; served wherever the datastore has a member, whatever became of the old primary."""
    name, region = elasticache._p(params, "PrimaryReplicationGroupId"), elasticache._p(params, "PrimaryRegion")
    found = member_of(name, region)
    if found is None or found[0] is not datastore:
        return _refuse("InvalidParameterValue", f"{name} of {region} is not a member of {datastore[ID]}")
    if found[1]["Role"] == "PRIMARY":
        return _refuse("InvalidParameterValue", f"{name} of {region} is the primary of {datastore[ID]} already")
    for member in datastore["Members"]:
        member["Role"] = "PRIMARY" if member is found[1] else "SECONDARY"
    return _answer("Failover", datastore)


def _disassociate(params: Params, datastore: Datastore) -> Response:
    name, region = elasticache._p(params, "ReplicationGroupId"), elasticache._p(params, "ReplicationGroupRegion")
    found = member_of(name, region)
    if found is None or found[0] is not datastore:
        return _refuse("InvalidParameterValue", f"{name} of {region} is not a member of {datastore[ID]}")
    if found[1]["Role"] == "PRIMARY":
        return _refuse("InvalidParameterValue", "The primary cannot be disassociated: delete the datastore.")
    datastore["Members"].remove(found[1])
    return _answer("Disassociate", datastore)


def _delete(params: Params, datastore: Datastore) -> Response:
    if len(datastore["Members"]) > 1:
        return _refuse("InvalidGlobalReplicationGroupState", f"{datastore[ID]} has secondary members.")
    answer = _answer("Delete", datastore, status="deleting")
    del datastores[datastore[ID]]
    if elasticache._p(params, "RetainPrimaryReplicationGroup") == "false":
        (member,) = datastore["Members"]
        elasticache._delete_replication_group({"ReplicationGroupId": [member["ReplicationGroupId"]]})
    return answer


_ACTIONS: dict[str, Callable[[Params, Datastore], Response]] = {
    "ModifyGlobalReplicationGroup": _modify,
    "FailoverGlobalReplicationGroup": _fail_over,
    "DisassociateGlobalReplicationGroup": _disassociate,
    "DeleteGlobalReplicationGroup": _delete,
}


def _route(original: Handler) -> Handler:
    """Serve the actions the emulator's router does not know."""

    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Response:
        params = {**query, **elasticache.parse_qs(body.decode("utf-8", errors="replace"))}
        action = elasticache._p(params, "Action")
        if action == "CreateGlobalReplicationGroup":
            return _create(params)
        if action == "DescribeGlobalReplicationGroups":
            return _describe(params)
        if action not in _ACTIONS:
            answer: Response = await original(method, path, headers, body, query)
            return answer
        datastore = visible(elasticache._p(params, ID))
        return _ACTIONS[action](params, datastore) if datastore else _missing(elasticache._p(params, ID))

    return handle


def _create_secondary(original: Handler) -> Handler:
    """A group that names a datastore takes what makes it equal from the primary, and may not name it itself."""

    def create(params: Params) -> Response:
        name = elasticache._p(params, ID)
        if not name:
            answer: Response = original(params)
            return answer
        datastore: Datastore | None = datastores.get(name)
        if refused := _refused(params, datastore, name):
            return refused
        assert datastore is not None  # noqa: S101 - checked above; for the type checker
        primary = primary_of(datastore)
        inherited = {key: [spelt(primary[field])] for key, field in _INHERITED.items() if primary.get(field)}
        answer = original({**params, **inherited})
        if answer[0] != _OK:
            return answer
        datastore["Members"].append(_as_member(elasticache._p(params, "ReplicationGroupId"), "SECONDARY"))
        group = elasticache._replication_groups[elasticache._p(params, "ReplicationGroupId")]
        group["CacheParameterGroupName"] = primary["CacheParameterGroupName"]
        group["AutoMinorVersionUpgrade"] = False
        # Cluster mode knows no other way. Otherwise it is the datastore's, of which the provider tells no secondary.
        group["AutomaticFailover"] = "enabled" if group["ClusterEnabled"] else primary["AutomaticFailover"]
        tell_members(group)
        _take_token(group, primary)
        return _group_answer("CreateReplicationGroup", group)

    return create


def _refused(params: Params, datastore: Datastore | None, name: str) -> Response | None:
    if datastore is None:
        return _missing(name)
    if any(member["ReplicationGroupRegion"] == get_region() for member in datastore["Members"]):
        return _refuse("InvalidParameterValue", f"{name} has a member in {get_region()} already.")
    if len(datastore["Members"]) > _MOST_SECONDARIES:
        return _refuse("InvalidParameterValue", f"{name} has {_MOST_SECONDARIES} secondary members already.")
    named = [key for key in (*_INHERITED, "CacheParameterGroupName") if elasticache._p(params, key)]
    if named:
        return _refuse("InvalidParameterCombination", f"A secondary takes {', '.join(named)} from its primary.")
    return None


def _take_token(group: dict[str, Any], primary: dict[str, Any]) -> None:
    for field in ("_auth_tokens", "_auth_optional", "AuthTokenEnabled"):
        group[field] = primary.get(field)
    for name in group["MemberClusters"]:
        elasticache._clusters.get_scoped(get_account_id(), group["ARN"].split(":")[3], name)["AuthTokenEnabled"] = (
            group["AuthTokenEnabled"]
        )


def _modify_member(original: Handler) -> Handler:
    """What all members have in common is changed on the datastore; a new token goes from the primary to all."""

    def modify(params: Params) -> Response:
        name = elasticache._p(params, "ReplicationGroupId")
        found = member_of(name, get_region())
        if found is None:
            answer: Response = original(params)
            return answer
        shared = [key for key in _NOT_FOR_MEMBERS if elasticache._p(params, key)]
        token = elasticache._p(params, "AuthToken") and found[1]["Role"] != "PRIMARY"
        if shared or token:
            return _refuse("InvalidParameterValue", f"{name} is part of a global cluster [{found[0][ID]}].")
        answer = original(params)
        if answer[0] == _OK and elasticache._p(params, "AuthToken"):
            primary = elasticache._replication_groups[name]
            for member in found[0]["Members"]:
                if member is not found[1] and (group := group_of(member)):
                    _take_token(group, primary)
        return answer

    return modify


def _delete_member(original: Handler) -> Handler:
    def delete(params: Params) -> Response:
        name = elasticache._p(params, "ReplicationGroupId")
        if found := member_of(name, get_region()):
            return _refuse("InvalidReplicationGroupState", f"{name} is part of a global cluster [{found[0][ID]}].")
        answer: Response = original(params)
        return answer

    return delete


def _group_xml(original: Handler) -> Handler:
    def render(group: dict[str, Any]) -> str:
        text = str(original(group))
        found = member_of(group["ReplicationGroupId"], group["ARN"].split(":")[3])
        if found is None:
            return text
        info = f"<{ID}>{found[0][ID]}</{ID}><GlobalReplicationGroupMemberRole>{found[1]['Role']}"
        info += "</GlobalReplicationGroupMemberRole>"
        return f"{text}<GlobalReplicationGroupInfo>{info}</GlobalReplicationGroupInfo>"

    return render


def _answer(verb: str, datastore: Datastore, *, status: str = "") -> Response:
    body = f"<GlobalReplicationGroup>{xml(datastore, status=status)}</GlobalReplicationGroup>"
    return _wrapped(f"{verb}GlobalReplicationGroup", body)


def _group_answer(action: str, group: dict[str, Any]) -> Response:
    return _wrapped(action, f"<ReplicationGroup>{elasticache._rg_xml(group)}</ReplicationGroup>")


def _wrapped(action: str, body: str) -> Response:
    answer: Response = elasticache._xml(_OK, f"{action}Response", f"<{action}Result>{body}</{action}Result>")
    return answer


def _missing(name: str) -> Response:
    return _refuse("GlobalReplicationGroupNotFoundFault", f"Global replication group {name} does not exist", 404)


def _refuse(code: str, message: str, status: int = 400) -> Response:
    answer: Response = elasticache._error(code, message, status)
    return answer


def _apply() -> None:
    wrap(elasticache, "handle_request", _route)
    wrap(elasticache, "_create_replication_group", _create_secondary)
    wrap(elasticache, "_modify_replication_group", _modify_member)
    wrap(elasticache, "_delete_replication_group", _delete_member)
    wrap(elasticache, "_rg_xml", _group_xml)


PATCH = Patch("elasticache-global-datastore", "a cache cannot follow one of another region", _apply)
