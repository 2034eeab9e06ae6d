"""The site: a Datasette plugin with pages of our own over an archive. Entry point `datasette: nianbao`.

Datasette looks for `templates` and `static` beside the plugin, so the plugin is this package.
"""

from crawler.site.plugin import (
    canned_queries,
    extra_template_vars,
    get_metadata,
    prepare_connection,
    register_routes,
)

__all__ = ["canned_queries", "extra_template_vars", "get_metadata", "prepare_connection", "register_routes"]
