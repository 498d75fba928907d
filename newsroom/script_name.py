"""WSGI middleware: the path that all addresses begin with is the operator's choice, not a client's."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def ignore_script_name_header(application: WsgiApplication, prefix: str) -> WsgiApplication:
    """Wrap a WSGI application so that no request header chooses the path that addresses begin with.

    gunicorn takes that path from a header SCRIPT_NAME, which a proxy on the same machine passes on from any client.
    `prefix` is the path that the operator chose.
    """

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.pop("HTTP_SCRIPT_NAME", None) is not None:
            # The header moved the beginning of the path, still encoded, from PATH_INFO to SCRIPT_NAME.
            path = unquote(environ.get("SCRIPT_NAME", ""), "latin-1") + environ["PATH_INFO"]
            environ["SCRIPT_NAME"], environ["PATH_INFO"] = prefix, path.removeprefix(prefix)
        return application(environ, start_response)

    return wrapped
