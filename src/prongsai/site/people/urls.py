"""Addresses of people, roles and kept files."""

from django.urls import path

from prongsai.site.people import file_views

urlpatterns = [
    path("files/<int:pk>/", file_views.download, name="file"),
    path("files/<int:pk>/picture/", file_views.picture, name="picture"),
]
