"""Addresses of the desk."""

from django.urls import path

from prongsai.site.desk import views

urlpatterns = [
    path("", views.home, name="home"),
    path("agencies/<slug:code>/", views.agency, name="agency"),
    path("agencies/<slug:code>/<slug:slug>/", views.year, name="year"),
]
