"""The sample portal, built and served: what `nianbao demo` crawls (data in `data/sample`)."""

from crawler.sample.portal import Running, SamplePortal

__all__ = ["Running", "SamplePortal"]
