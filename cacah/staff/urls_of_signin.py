"""URLs of signing in: of django-allauth's views only those that officers need."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import URLPattern, URLResolver, path

from cacah.staff.activating import activate_app
from cacah.staff.door import signed_in
from cacah.staff.passkeys import remove_passkey
from cacah.staff.views import change_password

urlpatterns: list[URLPattern | URLResolver] = [
    path("", account.login, name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("ditutup/", account.account_inactive, name="account_inactive"),
    path("lagi/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("sandi/", signed_in(change_password), name="account_change_password"),
    path("lupa/", account.password_reset, name="account_reset_password"),
    path("lupa/terkirim/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "lupa/<str:uidb36>/<str:key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "lupa/selesai/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("oidc-batal/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("oidc/<str:provider_id>/", oidc.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/kembali/", oidc.callback, name="openid_connect_callback"),
    path("langkah-kedua/", mfa.authenticate, name="mfa_authenticate"),
    path("langkah-kedua/lagi/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("kunci-sandi/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path(
        "kunci-sandi/lagi/",
        signed_in(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    # One's own account: second factors, password. The door sends here who has no second factor.
    path("pengaman/", signed_in(mfa.index), name="mfa_index"),
    path("pengaman/aplikasi/", signed_in(activate_app), name="mfa_activate_totp"),
    path("pengaman/aplikasi/lepas/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("pengaman/kunci/", signed_in(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "pengaman/kunci/<int:pk>/lepas/",
        signed_in(remove_passkey),
        name="mfa_remove_webauthn",
    ),
    path(
        "pengaman/cadangan/",
        signed_in(recovery.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "pengaman/cadangan/baru/",
        signed_in(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "pengaman/cadangan/unduh/",
        signed_in(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
