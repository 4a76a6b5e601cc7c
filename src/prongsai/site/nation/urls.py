"""Addresses of a round over all its agencies: below the round for its assessor, below /nation/ for everybody."""

from django.urls import path

from prongsai.site.nation import views

_INSIDE = "rounds/<slug:slug>/nation/"
_OUTSIDE = "nation/<slug:slug>/"

urlpatterns = [
    path(_INSIDE, views.front, name="nation"),
    path(f"{_INSIDE}revisions/", views.revisions, name="nation_revisions"),
    path(f"{_INSIDE}revisions/<int:revision>.zip", views.whole, name="nation_whole"),
    path(f"{_INSIDE}beside/", views.beside_page, name="nation_beside"),
    path(f"{_INSIDE}beside/file/", views.adjustment, name="nation_adjustment"),
    path(f"{_INSIDE}odd/", views.second_look, name="nation_odd"),
    path(f"{_INSIDE}gather/", views.gather, name="nation_gather"),
    path(f"{_INSIDE}gather/<int:pk>/", views.job, name="nation_job"),
    path(f"{_INSIDE}agency/<slug:code>/", views.VIEWS["agency"][0], name="nation_agency"),
    path(f"{_INSIDE}agency/<slug:code>.<slug:form>", views.agency_file, name="nation_agency_file"),
    path(f"{_INSIDE}<slug:page>.<slug:form>", views.file, name="nation_file"),
    path("rounds/<slug:slug>/surveys/odd/", views.arriving_page, name="survey_odd"),
    path("nation/", views.portal, name="nation_portal"),
    path(_OUTSIDE, views.public_front, name="public_nation"),
    path(f"{_OUTSIDE}all.zip", views.public_whole, name="public_nation_whole"),
    path(f"{_OUTSIDE}agency/<slug:code>/", views.VIEWS["agency"][1], name="public_nation_agency"),
    path(f"{_OUTSIDE}agency/<slug:code>.<slug:form>", views.public_agency_file, name="public_nation_agency_file"),
    path(f"{_OUTSIDE}<slug:page>.<slug:form>", views.public_file, name="public_nation_file"),
]
for _page, (_inside, _outside) in views.VIEWS.items():
    if _page != "agency":
        urlpatterns += [
            path(f"{_INSIDE}{_page}/", _inside, name=f"nation_{_page}"),
            path(f"{_OUTSIDE}{_page}/", _outside, name=f"public_nation_{_page}"),
        ]
