"""Addresses of operation; ``middleware.py`` answers them before all else."""

from django.urls import path

from prongsai.site.operation import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("ready/", views.ready, name="ready"),
    path("metrics/", views.metrics, name="metrics"),
    path(".well-known/security.txt", views.security, name="security_txt"),
]
