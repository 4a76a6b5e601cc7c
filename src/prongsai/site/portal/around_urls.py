"""Addresses around the portal's core: method, data, changes, feeds, what machines ask for, pictures, embedding."""

from django.urls import path, re_path

from prongsai.site.portal import changelog, data, embed, feeds, folder, method, picture, sitemap

_YEAR = "results/<str:code>/<slug:slug>/"

urlpatterns = [
    path("method/", method.index, name="portal_method"),
    path("method/<slug:slug>/", method.page, name="portal_method_of"),
    path("data/", data.index, name="portal_data"),
    path("data/catalog.jsonld", data.catalogue, name="portal_catalogue"),
    path("data/<slug:slug>/", data.page, name="portal_data_of"),
    path("changes/", changelog.page, name="portal_changes"),
    path("feed.atom", feeds.atom, name="portal_atom"),
    path("feed.rss", feeds.rss, name="portal_rss"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap/pages.xml", sitemap.pages, name="sitemap_pages"),
    path("sitemap/<slug:slug>/<int:number>.xml", sitemap.part, name="sitemap_part"),
    path("robots.txt", sitemap.robots, name="robots"),
    path(f"{_YEAR}picture.png", picture.picture, name="portal_picture"),
    path(f"{_YEAR}badge.svg", picture.badge, name="portal_badge"),
    re_path(r"^results/(?P<code>[^/]+)/(?P<slug>[-\w]+)/qr\.(?P<form>svg|png)$", picture.qr, name="portal_qr"),
    path(f"{_YEAR}embed/", embed.frame, name="portal_embed"),
    path(f"{_YEAR}embedding/", embed.page, name="portal_embedding"),
    path(f"{_YEAR}folder.zip", folder.folder, name="portal_folder"),
]
