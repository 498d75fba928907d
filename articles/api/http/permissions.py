"""What takes a permission: every action that writes names one, and so does what only the newsroom reads."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request


class ActionPermission(BasePermission):
    """Allows an action to whoever has the permission that the view's `rights` name for it.

    An action that reads and is not named there is open to all; one that writes must be named.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        right = view.rights.get(view.action)
        if right is None:
            # No action is a method that the resource does not have: a 405 for everybody.
            return view.action is None or request.method in SAFE_METHODS
        return bool(request.user and request.user.has_perm(right))
