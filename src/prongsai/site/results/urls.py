"""Addresses of results: the pages that show and explain a score, and those that bring results in."""

from django.urls import path, register_converter

from prongsai.site.results import import_views, views
from prongsai.site.results.show_trace import NodeConverter

register_converter(NodeConverter, "node")

urlpatterns = [
    path("agencies/<slug:code>/<slug:slug>/import/", import_views.bring_in, name="import"),
    path("agencies/<slug:code>/<slug:slug>/import/template.xlsx", import_views.template, name="import_template"),
    path("agencies/<slug:code>/<slug:slug>/import/<int:pk>/", import_views.preview, name="import_preview"),
    path(
        "agencies/<slug:code>/<slug:slug>/import/restore/<int:revision>/", import_views.restore, name="import_restore"
    ),
    path("agencies/<slug:code>/<slug:slug>/results/", views.overview, name="results"),
    path("agencies/<slug:code>/<slug:slug>/results/indicators/", views.indicators, name="results_indicators"),
    path("agencies/<slug:code>/<slug:slug>/results/items/", views.items, name="results_items"),
    path("agencies/<slug:code>/<slug:slug>/results/aspects/", views.aspects, name="results_aspects"),
    path("agencies/<slug:code>/<slug:slug>/results/table.xlsx", views.table, name="results_table"),
    path("agencies/<slug:code>/<slug:slug>/results/trace/<node:node>/", views.trace_page, name="results_trace"),
]
