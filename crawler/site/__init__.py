"""The site: a Datasette plugin with pages of our own over an archive. Entry point `datasette: nianbao`.

Datasette looks for `templates` and `static` beside the plugin, so the plugin is this package.
"""

from crawler.site.plugin import (
    asgi_wrapper,
    canned_queries,
    handle_exception,
    prepare_connection,
    register_routes,
    startup,
)
from crawler.site.skin import extra_template_vars, get_metadata, prepare_jinja2_environment, render_cell

__all__ = [
    "asgi_wrapper",
    "canned_queries",
    "extra_template_vars",
    "get_metadata",
    "handle_exception",
    "prepare_connection",
    "prepare_jinja2_environment",
    "register_routes",
    "render_cell",
    "startup",
]
