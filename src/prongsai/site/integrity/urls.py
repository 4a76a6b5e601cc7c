"""Addresses: for everybody how to check, for who runs or assesses the state of the chain."""

from django.urls import path

from prongsai.site.integrity import proofs, views

urlpatterns = [
    path("integrity/", views.public, name="integrity"),
    path("integrity/key.pem", views.key, name="integrity_key"),
    path("integrity/heads.txt", views.heads, name="integrity_heads"),
    path("integrity/chain/", views.chain_state, name="integrity_chain"),
    path("integrity/chain/paper/", views.paper, name="integrity_paper"),
    path("data/<slug:slug>/revision-<int:revision>.proof.json", proofs.release, name="opendata_proof"),
    path("agencies/<str:code>/exchange/<str:sha256>.proof.json", proofs.export, name="exchange_proof"),
]
