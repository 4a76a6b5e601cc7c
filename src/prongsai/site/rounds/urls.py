"""Addresses of rounds and of the list of agencies."""

from django.urls import path

from prongsai.site.rounds import round_views, views

urlpatterns = [
    path("agencies/", views.agencies, name="agencies"),
    path("agencies/list.xlsx", views.agencies_xlsx, name="agencies_xlsx"),
    path("rounds/", round_views.rounds, name="rounds"),
    path("rounds/new/", round_views.create, name="round_create"),
    path("rounds/<slug:slug>/", round_views.detail, name="round"),
    path("rounds/<slug:slug>/agencies/", round_views.agencies, name="round_agencies"),
    path("rounds/<slug:slug>/extend/<slug:kind>/", round_views.extend, name="round_extend"),
    path("rounds/<slug:slug>/contact/", round_views.contact, name="round_contact"),
    path("rounds/<slug:slug>/close/", round_views.close, name="round_close"),
    path("rounds/<slug:slug>/reopen/", round_views.reopen, name="round_reopen"),
    path("rounds/<slug:slug>/framework/", round_views.move_framework, name="round_framework"),
]
