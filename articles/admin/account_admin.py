"""The admin of users and groups: Django's, with the names of the groups of Newsroom and of rights in the desk's language."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, SetUnusablePasswordMixin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_GROUPS = {
    "reporter": gettext_lazy("Reporters"),
    "editor": gettext_lazy("Editors"),
    "chief": gettext_lazy("Chief editors"),
}
_RIGHTS = {
    "add": gettext_lazy("add"),
    "change": gettext_lazy("change"),
    "delete": gettext_lazy("delete"),
    "view": gettext_lazy("view"),
}


def _group_name(group: Group) -> str:
    """The name of a group; one of those that exist from the start is translated."""
    return str(_GROUPS.get(group.name, group.name))


def _right_name(permission: Permission) -> str:
    """A right in words: on what, and what may be done with it."""
    act, _rest, _model = permission.codename.partition("_")
    model = permission.content_type.model_class()
    what = str(model._meta.verbose_name) if model else permission.content_type.model
    is_plain = permission.codename == f"{act}_{permission.content_type.model}" and act in _RIGHTS
    return f"{what}: {_RIGHTS[act] if is_plain else _(permission.name)}"


def _offered_rights() -> Any:
    """The rights on what the admin shows, and those that somebody has."""
    shown = Q()
    for model in admin.site._registry:
        shown |= Q(content_type__app_label=model._meta.app_label, content_type__model=model._meta.model_name)
    held = Q(group__isnull=False) | Q(user__isnull=False)
    return Permission.objects.filter(shown | held).select_related("content_type").distinct()


class _NamedChoices(admin.ModelAdmin):  # type: ignore[type-arg] # Django's admins of users and groups are its subclasses
    """Offers groups and rights by their names in the desk's language."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        is_right = db_field.related_model is Permission
        if is_right:
            kwargs["queryset"] = _offered_rights()
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.related_model in (Group, Permission):
            field.label_from_instance = _right_name if is_right else _group_name
        return field


class _PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg] # takes arguments for the type checker only
    """Django's form, of which one sentence has no translation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("usable_password"):
            warning = _("If it is disabled, the present password of this user is lost.")
            field.help_text = format_html(
                '{}<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
                SetUnusablePasswordMixin.usable_password_help_text,
                warning,
            )


admin.site.unregister([User, Group])


@admin.register(User)
class NamedUserAdmin(_NamedChoices, UserAdmin):  # type: ignore[type-arg] # takes arguments for the type checker only
    change_password_form = _PasswordForm
    list_display = ("username", "email", "first_name", "last_name", "staff_shown")
    list_filter = ("is_staff", "is_superuser", "is_active")

    @admin.display(description=gettext_lazy("may sign in here"), ordering="is_staff")
    def staff_shown(self, user: User) -> str:
        return _("yes") if user.is_staff else _("no")


@admin.register(Group)
class NamedGroupAdmin(_NamedChoices, GroupAdmin):  # type: ignore[misc] # both are admins of models
    list_display = ("shown_name",)

    @admin.display(description=gettext_lazy("group"), ordering="name")
    def shown_name(self, group: Group) -> str:
        return _group_name(group)
