"""The standard library's zstd (Python 3.14), before that its backport, which Scrapy brings."""

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["zstd"]
