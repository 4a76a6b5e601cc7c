"""What everybody may read: the current release of each round, and an agency's years. No other app asks for less."""

from __future__ import annotations

from django.db.models import Max, Q, QuerySet

from prongsai.site.opendata.models import PublishedAgency, Release


def published() -> QuerySet[Release]:
    """Every revision that can be read, newest year and revision first; none of rounds an agency runs for itself."""
    return (
        Release.objects.filter(state="done", published_at__isnull=False, withdrawn_at=None, round__own=None)
        .select_related("round", "result")
        .order_by("-round__fiscal_year", "round__slug", "-revision")
    )


def current() -> QuerySet[Release]:
    """The newest readable revision of each round, newest year first."""
    newest = published().order_by().values("round").annotate(newest=Max("revision")).values_list("round", "newest")
    either = Q(pk__in=())
    for round_pk, revision in newest:
        either |= Q(round=round_pk, revision=revision)
    return published().filter(either)


def years_of(code: str) -> QuerySet[PublishedAgency]:
    """One agency in every current release, newest year first."""
    return (
        PublishedAgency.objects.filter(code=code, release__in=current())
        .select_related("release__round", "release__result")
        .order_by("-release__round__fiscal_year")
    )


def withdrawn(slug: str, revision: int | None = None) -> Release | None:
    """What was taken back of a round: this revision, or the newest where no other can be read; None where none was."""
    gone = Release.objects.filter(round__slug=slug, round__own=None, state="done", withdrawn_at__isnull=False)
    if revision is not None:
        return gone.filter(revision=revision).select_related("round").first()
    if published().filter(round__slug=slug).exists():
        return None
    return gone.select_related("round").first()
