"""The routes below `/api/v1/`."""

from __future__ import annotations

from rest_framework.routers import DefaultRouter

from . import views

router = DefaultRouter()
router.register("articles", views.ArticleViewSet)
router.register("reporters", views.ReporterViewSet)
router.register("pages", views.PageViewSet)
router.register("places", views.PlaceViewSet)
router.register("organizations", views.OrganizationViewSet)

urlpatterns = router.urls
