"""Signing in and the second factor: the parts of allauth that we use, and no more."""

from __future__ import annotations

from allauth.account import views as account
from allauth.socialaccount import views as provider
from django.urls import include, path
from django.views.generic import RedirectView

from prongsai.site.people import oidc_views, security_views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", security_views.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("second-factor/", security_views.second_factor, name="second_factor"),
    # Before the library's of the same names.
    path("2fa/reauthenticate/", security_views.CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", security_views.Activate.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", security_views.Deactivate.as_view(), name="mfa_deactivate_totp"),
    path("2fa/", include("allauth.mfa.urls")),
    path("oidc/<slug:provider_id>/login/", oidc_views.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", oidc_views.callback, name="openid_connect_callback"),
    path("provider/cancelled/", provider.login_cancelled, name="socialaccount_login_cancelled"),
    path("provider/error/", provider.login_error, name="socialaccount_login_error"),
    # Names the library asks for; nobody signs up or connects accounts here.
    path("provider/signup/", RedirectView.as_view(pattern_name="account_login"), name="socialaccount_signup"),
    path("provider/", RedirectView.as_view(pattern_name="me"), name="socialaccount_connections"),
]
