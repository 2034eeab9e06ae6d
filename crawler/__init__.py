"""nianbao: the way to the reports, the command line and (in crawler.archive) what is kept of them."""

__version__ = "0.2.0"
