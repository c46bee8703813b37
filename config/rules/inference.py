"""Models and guardrail: what is offered, where prompts go, what the guardrail takes, who keeps records of calls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from config.allowed import nearest
from config.base import present
from config.facts.inference import GEOGRAPHIES, GLOBAL, MODELS, PROMPT_ATTACK, geography
from config.problems import NOTHING, Path, refuse
from config.rules.each import of_each
from config.rules.tasks import secret_there
from config.task import SecretOf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.inference import Guardrail, Inference, Model
    from config.problems import Problem
    from config.stack import StackConfig

INFERENCE: Final[Path] = ("inference",)
GUARDRAIL: Final[Path] = (*INFERENCE, "guardrail")
_FIRST: Final = {"ap-": ("apac", "au", "jp"), "eu-": ("eu",), "us-": ("us",)}
"""What a region begins with -> geographies whose profiles are called there; of others the table of models tells."""
_LOOKS: Final = re.compile(r"\(\?(=|!|<=|<!)")
"""Look-around, which a guardrail's expressions have none of (Bedrock User Guide, "Sensitive information filters")."""
_of_each_model: Final = of_each(
    (*INFERENCE, "models"), lambda config: config.inference.models if config.inference is not None else {}
)


def _inference(config: StackConfig) -> Inference:
    return present(config.inference)


def _guardrail(config: StackConfig) -> Guardrail:
    return _inference(config).guardrail


@_of_each_model
def offered(config: StackConfig, path: Path, model: Model) -> Iterator[Problem]:
    """A model is known, and offered in the region as it is named: by itself, or by a profile."""
    where, region, known = (*path, "model_id"), config.identity.region, MODELS.get(model.foundation)
    if known is None:
        close = nearest(model.foundation, tuple(MODELS))
        fix = f"did you mean {close[0]}?" if close else "add it to config/facts/inference.py, with the regions it is in"
        yield refuse(where, "no model known", got=model.model_id, allowed=", ".join(MODELS), fix=fix)
        return
    place = geography(model.model_id)
    if region in (known.alone if place is None else known.profile):
        return
    what = f"not offered in {region} by {'itself' if place is None else 'a profile'}"
    here = [name for name, one in MODELS.items() if region in one.alone]
    allowed = f"offered in {region}: {', '.join(here) or 'none by itself'}"
    fix = "name one of these, or a profile of this one and its regions" if place is None else "name another model"
    yield refuse(where, what, got=model.model_id, allowed=allowed, fix=fix)


@_of_each_model
def residency(config: StackConfig, path: Path, model: Model) -> Iterator[Problem]:
    """Prompts leave the region only to regions that are named, and none does that is restricted."""
    place, region = geography(model.model_id), config.identity.region
    where, regions = (*path, "model_id"), (*path, "regions")
    if place is None:
        if model.regions:
            what, fix = "a model of the region itself hands prompts to no other", "leave it out, or name a profile"
            yield refuse(regions, what, got=list(model.regions), allowed="none", fix=fix)
        return
    if config.identity.data_class == "restricted":
        what = f"a profile of {place} answers prompts in other regions, and identity.data_class is restricted"
        fix = f"name a model that {region} answers by itself"
        yield refuse(where, what, got=model.model_id, allowed=f"models without {place}. before them", fix=fix)
    elif place == GLOBAL:
        what = "any commercial region may answer the prompts, so that nobody can say where they are"
        fix = "name a model of the region, or a profile of its geography"
        yield refuse(where, what, got=model.model_id, allowed="no profile that begins with global.", fix=fix)
    else:
        yield from _handed_on(config, path, model, place)


def _handed_on(config: StackConfig, path: Path, model: Model, place: str) -> Iterator[Problem]:
    region, begins = config.identity.region, GEOGRAPHIES[place]
    homes = next((some for begin, some in _FIRST.items() if region.startswith(begin)), (place,))
    if place not in homes:
        what, fix = f"profiles of {place} are not called from {region}", f"begin it with {homes[0]}."
        yield refuse((*path, "model_id"), what, got=model.model_id, allowed=", ".join(homes), fix=fix)
        return
    allowed = f"regions of {place}, which begin with {', '.join(begins)}"
    if not model.regions:
        what = f"the profile hands prompts to other regions than {region}, and nobody says which"
        fix = f"aws bedrock get-inference-profile --inference-profile-identifier {model.model_id} names them: write all"
        yield refuse((*path, "regions"), what, got=NOTHING, allowed=allowed, fix=fix)
    for at, one in enumerate(model.regions):
        if not one.startswith(begins):
            what, fix = f"no profile of {place} goes there", "leave it out"
            yield refuse((*path, "regions", at), what, got=one, allowed=allowed, fix=fix)


def guarded(config: StackConfig) -> Iterator[Problem]:
    """The guardrail asks what can be asked, in expressions that Bedrock takes."""
    guardrail = _guardrail(config)
    attack = guardrail.filters.get(PROMPT_ATTACK)
    if attack is not None and attack.answers is not None:
        where, what = (*GUARDRAIL, "filters", PROMPT_ATTACK, "answers"), "an attack is sought in prompts alone"
        yield refuse(where, what, got=attack.answers, allowed="none", fix="leave it out")
    for at, kind in enumerate(guardrail.masked_personal):
        if kind in guardrail.blocked_personal:
            where, what = (*GUARDRAIL, "masked_personal", at), "refused already (blocked_personal)"
            yield refuse(where, what, got=kind, allowed="each kind in one of the two", fix="drop it from one")
    for name, pattern in guardrail.patterns.items():
        where = (*GUARDRAIL, "patterns", name, "expression")
        try:
            re.compile(pattern.expression)
        except re.error as error:
            what, fix = f"no regular expression: {error.msg}", "correct it"
            yield refuse(where, what, got=pattern.expression, allowed="a regular expression", fix=fix)
            continue
        if _LOOKS.search(pattern.expression):
            what, fix = "looks ahead or behind, which Bedrock does not take", "write it without"
            yield refuse(where, what, got=pattern.expression, allowed="no look-around", fix=fix)


def recorded(config: StackConfig) -> Iterator[Problem]:
    """Where the stack sets the invocation logging, it says for how long records are kept; elsewhere it has none."""
    inference = _inference(config)
    where, days = (*INFERENCE, "log_retention_days"), inference.log_retention_days
    if inference.account_logging == "made" and days is None:
        what, fix = "records of calls are kept for some days", "write how many, or `account_logging: there`"
        yield refuse(where, what, got=NOTHING, allowed="days, such as 90", fix=fix)
    if inference.account_logging == "there":
        what, fix = "something else keeps the records (account_logging: there)", "leave it out"
        if days is not None:
            yield refuse(where, what, got=days, allowed="none", fix=fix)
        if inference.logs_text:
            yield refuse((*INFERENCE, "logs_text"), what, got=True, allowed="none", fix=fix)


def keys(config: StackConfig) -> Iterator[Problem]:
    """Keys of providers are secrets of this account and region."""
    for name, arn in _inference(config).provider_keys.items():
        for problem in secret_there(config, (*INFERENCE, "provider_keys", name), SecretOf(arn=arn)):
            yield refuse(problem.path[:-1], problem.what, got=NOTHING, allowed=problem.allowed, fix=problem.fix)


RULES: Final = (offered, residency, guarded, recorded, keys)
