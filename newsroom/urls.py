"""URLs of the admin, the API and its documentation, and the reading site if there is one."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

handler404 = "newsroom.error_responses.page_not_found"
handler500 = "newsroom.error_responses.internal_server_error"

_API = settings.NEWSROOM_API_PATH.lstrip("/")
_ROOT = settings.NEWSROOM_API_ROOT.lstrip("/")

urlpatterns = [
    path("admin/", admin.site.urls),
    path(_ROOT, include("articles.api.urls")),
    path(f"{_API}schema/", SpectacularAPIView.as_view(), name="schema"),
    path(f"{_API}docs/", SpectacularSwaggerSplitView.as_view(), name="docs"),
    path("i18n/", include("django.conf.urls.i18n")),
]
if settings.NEWSROOM_SITE:
    # Pages in Chinese at `/`, in English at `/en/`.
    urlpatterns += i18n_patterns(path("", include("articles.site.urls")), prefix_default_language=False)
else:
    urlpatterns.append(path("", RedirectView.as_view(pattern_name="admin:index")))
