"""The app config of the admin with Newsroom's site."""

from django.contrib.admin.apps import SimpleAdminConfig


class NewsroomAdminConfig(SimpleAdminConfig):
    """Django's admin with Newsroom's admin site, which imports the apps' admin modules itself."""

    default_site = "newsroom.admin_site.NewsroomAdminSite"
