"""Addresses of the pages on which people give other systems their tokens and webhooks, and of what they can do."""

from django.urls import path

from prongsai.site.api import tokens_views, webhooks_views, write_docs

urlpatterns = [
    path("api/docs/writing/", write_docs.docs_writing, name="api_docs_writing"),
    path("agencies/<slug:code>/tokens/", tokens_views.tokens, name="tokens"),
    path("agencies/<slug:code>/tokens/add/", tokens_views.token_add, name="token_add"),
    path("tokens/<int:pk>/revoke/", tokens_views.token_revoke, name="token_revoke"),
    path("agencies/<slug:code>/webhooks/", webhooks_views.webhooks, name="webhooks"),
    path("agencies/<slug:code>/webhooks/add/", webhooks_views.webhook_add, name="webhook_add"),
    path("webhooks/", webhooks_views.webhooks, name="all_webhooks"),
    path("webhooks/add/", webhooks_views.webhook_add, name="all_webhook_add"),
    path("webhooks/<int:pk>/", webhooks_views.webhook, name="webhook"),
    path("webhooks/<int:pk>/secret/", webhooks_views.webhook_secret, name="webhook_secret"),
    path("webhooks/<int:pk>/remove/", webhooks_views.webhook_remove, name="webhook_remove"),
    path("webhooks/<int:pk>/<slug:verb>/", webhooks_views.webhook_act, name="webhook_act"),
    path("deliveries/<int:pk>/resend/", webhooks_views.delivery_resend, name="delivery_resend"),
]
