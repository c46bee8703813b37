"""ElastiCache parameter groups: the filter `Source` selects, and a reset takes back what a user had added.

Without it the defaults read back as set by the user, and every plan wants to remove them.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeCacheParameters.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re

from ministack.services import elasticache

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap

_PARAMETER = re.compile(r"<Parameter>.*?</Parameter>", re.DOTALL)


def _describe(original: Handler) -> Handler:
    def describe(params: Params) -> Response:
        status, headers, body = original(params)
        source = elasticache._p(params, "Source")
        if not source:
            return status, headers, body
        wanted = f"<Source>{source}</Source>"
        selected = _PARAMETER.sub(lambda m: m.group() if wanted in m.group() else "", body.decode())
        return status, headers, selected.encode()

    return describe


def _reset(original: Handler) -> Handler:
    def reset(params: Params) -> Response:
        answer: Response = original(params)
        name = elasticache._p(params, "CacheParameterGroupName")
        group = elasticache._param_groups.get(name)
        if group is not None and not elasticache._is_default_param_group(name):
            defaults = elasticache._default_params_for_family(group["CacheParameterGroupFamily"])
            values = elasticache._param_group_params[name]
            for added in set(_named(params)) - set(defaults):
                values.pop(added, None)
        return answer

    return reset


def _named(params: Params) -> list[str]:
    return [values[0] for key, values in params.items() if key.endswith(".ParameterName")]


def _apply() -> None:
    wrap(elasticache, "_describe_cache_parameters", _describe)
    wrap(elasticache, "_reset_cache_parameter_group", _reset)


PATCH = Patch("elasticache-parameter-source", "every plan removes parameters nobody has set", _apply)
