"""Addresses of privacy: notices for everybody, one's own data, and the administrator's pages."""

from django.urls import path

from prongsai.site.privacy import own_views, public_views, system_views

_PERSON = "system/people/<int:pk>/privacy/"
_REQUESTS, _INCIDENTS = "system/privacy/requests/", "system/privacy/incidents/"

urlpatterns = [
    path("privacy/", public_views.notices, name="privacy"),
    path("privacy/<slug:kind>/", public_views.notice, name="privacy_notice"),
    path("me/privacy/", own_views.own, name="my_privacy"),
    path("me/privacy/copy/", own_views.copy, name="my_copy"),
    path("me/privacy/requests/<int:pk>/withdraw/", own_views.withdraw, name="privacy_withdraw"),
    path("me/privacy/seen/", own_views.seen, name="privacy_seen"),
    path("system/privacy/", system_views.overview, name="system_privacy"),
    path("system/privacy/records/", system_views.records, name="privacy_records"),
    path("system/privacy/records.xlsx", system_views.records_file, name="privacy_records_file"),
    path(_REQUESTS, system_views.requests, name="privacy_requests"),
    path(f"{_REQUESTS}add/", system_views.request_add, name="privacy_request_add"),
    path(f"{_REQUESTS}<int:pk>/", system_views.request_answer, name="privacy_request"),
    path(_PERSON, system_views.person, name="person_privacy"),
    path(f"{_PERSON}copy/", system_views.person_copy, name="person_copy"),
    path(_INCIDENTS, system_views.incidents, name="privacy_incidents"),
    path(f"{_INCIDENTS}add/", system_views.incident, name="privacy_incident_add"),
    path(f"{_INCIDENTS}<int:pk>/", system_views.incident, name="privacy_incident"),
]
