"""Bundles of the cast's plan, made as the site makes them."""

from __future__ import annotations

from cast import Cast

from prongsai.site.approval.actions import Act, Submit
from prongsai.site.approval.chain import current_turn
from prongsai.site.approval.freeze import render
from prongsai.site.approval.models import Bundle, Verb
from prongsai.site.papers.letters import letter_of
from prongsai.site.papers.sources import Sources
from prongsai.site.people.models import Person
from prongsai.site.plans.models import Plan


def submitted(cast: Cast, what: str = "plan") -> Bundle:
    """A new bundle of what the cast works on."""
    letter = letter_of({"number": "นฐ 00001/12"}, cast.agency)
    rendered = render(Sources(cast.assessment), what, letter)
    plan = Plan.objects.get(assessment=cast.assessment)
    made: Bundle = Submit(by=cast.officer, plan=plan, what=what, rendered=rendered, memo_number="นฐ 00001/12").execute()
    return made


def acted(bundle: Bundle, by: Person, verb: Verb, text: str = "") -> Bundle:
    """The same bundle after someone acted on it, at the rank whose turn it is."""
    bundle = Bundle.objects.get(pk=bundle.pk)
    turn = current_turn(bundle)
    Act(by=by, bundle=bundle, digest=bundle.digest, order=turn.order if turn else 0, verb=verb, text=text).execute()
    return Bundle.objects.get(pk=bundle.pk)


def approved(cast: Cast, what: str = "plan") -> Bundle:
    """A bundle that went all the way."""
    bundle = submitted(cast, what)
    for name, verb in (("head", Verb.SUPPORT), ("palad", Verb.SUPPORT), ("chief", Verb.APPROVE)):
        bundle = acted(bundle, cast.people[name], verb)
    return bundle
