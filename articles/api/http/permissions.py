"""Permissions of the actions of resources."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request


class ActionPermission(BasePermission):
    """Allows an action to users with the permission that the view's `rights` name for it.

    Reads that are not named there are open to all; writes must be named. `own_rights` names a permission that allows an
    action on records of the user's own, which the action itself checks.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        right = view.rights.get(view.action)
        if right is None:
            # There is no action for a method that the resource lacks: let the view answer 405.
            return view.action is None or request.method in SAFE_METHODS
        rights = (right, *filter(None, [view.own_rights.get(view.action)]))
        return bool(request.user) and any(map(request.user.has_perm, rights))
