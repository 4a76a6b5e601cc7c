"""Addresses of people, roles, units, one's own account, and kept files."""

from django.urls import path

from prongsai.site.people import agency_views, file_views, me_views, security_views, staff_views, system_views

_OF = "agencies/<slug:code>/people/<int:pk>/"
_ANY = "system/people/<int:pk>/"

urlpatterns = [
    path("files/<int:pk>/", file_views.download, name="file"),
    path("files/<int:pk>/picture/", file_views.picture, name="picture"),
    path("me/", me_views.me, name="me"),
    path("me/data/", me_views.me_data, name="me_data"),
    path("me/invitations/<int:pk>/", me_views.invitation, name="invitation"),
    path("me/sessions/others/", security_views.sessions_end_others, name="sessions_end_others"),
    path("me/sessions/<int:began>/", security_views.session_end, name="session_end"),
    path("agencies/<slug:code>/people/", staff_views.people, name="people"),
    path("agencies/<slug:code>/people/add/", staff_views.person_add, name="person_add"),
    path(_OF, staff_views.person, name="person"),
    path(f"{_OF}data/", staff_views.person_data, name="person_data"),
    path(f"{_OF}password/", staff_views.person_password, name="person_password"),
    path(f"{_OF}second-factor/", staff_views.person_second_factor, name="person_second_factor"),
    path(f"{_OF}identity/", staff_views.person_identity, name="person_identity"),
    path(f"{_OF}role/", staff_views.role_give, name="role_give"),
    path(f"{_OF}handover/", staff_views.handover, name="handover"),
    path("roles/<int:pk>/end/", staff_views.role_end, name="role_end"),
    path("roles/<int:pk>/delegate/", staff_views.delegate, name="delegate"),
    path("delegations/<int:pk>/revoke/", staff_views.delegation_revoke, name="delegation_revoke"),
    path("agencies/<slug:code>/units/", agency_views.units, name="units"),
    path("agencies/<slug:code>/units/add/", agency_views.unit, name="unit_add"),
    path("agencies/<slug:code>/units/<int:pk>/", agency_views.unit, name="unit"),
    path("agencies/<slug:code>/units/<int:pk>/move/", agency_views.unit_move, name="unit_move"),
    path("agencies/<slug:code>/units/<int:pk>/retire/", agency_views.unit_retire, name="unit_retire"),
    path("agencies/<slug:code>/data/", agency_views.agency_data, name="agency_data"),
    path("system/administration/", security_views.administration, name="administration"),
    path("system/administration/end/", security_views.administration_end, name="administration_end"),
    path("system/agencies/", system_views.agencies, name="system_agencies"),
    path("system/agencies/add/", system_views.agency_add, name="system_agency_add"),
    path("system/people/", system_views.people, name="system_people"),
    path("system/people/add/", system_views.person_add, name="system_person_add"),
    path(_ANY, staff_views.person, name="system_person"),
    path(f"{_ANY}data/", staff_views.person_data, name="system_person_data"),
    path(f"{_ANY}password/", staff_views.person_password, name="system_person_password"),
    path(f"{_ANY}second-factor/", staff_views.person_second_factor, name="system_person_second_factor"),
    path(f"{_ANY}identity/", staff_views.person_identity, name="system_person_identity"),
]
