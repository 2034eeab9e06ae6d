"""Scrapy's settings, each with its reason; docs/reference.md has them with the comments below."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from scrapy.settings import default_settings

from crawler import __version__
from crawler.records.variables import count_of, number_of, numbers_of

BOT_NAME = "nianbao"
SPIDER_MODULES = ["spiders"]
# `scrapy crawl` says in one sentence what is wrong with a profile, an argument or an archive.
COMMANDS_MODULE = "crawler.fetching.crawl"

# Where captures go. The command line sets it from --archive; `scrapy crawl` takes the environment or this.
NIANBAO_ARCHIVE = os.environ.get("NIANBAO_ARCHIVE", "data/archive.db")
# Whether the sample's made-up reports and real ones may come into one archive (--with-sample).
NIANBAO_WITH_SAMPLE = False


def user_agent(contact: str) -> str:
    """Who asks, and whom a portal's administrator may write to.

    In the form that honest crawlers have (Googlebot, Bingbot, Baiduspider): portals refuse what does not begin with
    Mozilla (sources/obstacles#refused-agents), and the program's name stands in it for all to see.
    """
    return f"Mozilla/5.0 (compatible; nianbao/{__version__}; {f'+{contact}' if contact else 'no contact set'})"


def without(components: Mapping[str, int], *names: str) -> dict[str, int]:
    """Scrapy's components but for some: it imports every one that it is told of, those with the place None as well.

    Raises KeyError for a name that is not among them, as after an update of Scrapy.
    """
    kept = dict(components)
    for name in names:
        del kept[name]
    return kept


# Who asks and whom to write to. A portal's administrator must be able to reach a person: set NIANBAO_CONTACT.
NIANBAO_CONTACT = os.environ.get("NIANBAO_CONTACT", "")
USER_AGENT = user_agent(NIANBAO_CONTACT)

# One request at a time to a host, a delay between two; guards.Politeness sets the profile's own delay per host.
# A host holds one place at most (downloader.HostQueue): this is how many hosts may keep a run waiting at a time.
CONCURRENT_REQUESTS = 400
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOADER = "crawler.fetching.downloader.OneAtATime"
SCHEDULER_PRIORITY_QUEUE = "crawler.fetching.downloader.HostQueue"
# Of equal priority, what stands first on a page is asked first.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
# Never faster than the delay says: a random factor below 1 would be.
DOWNLOAD_DELAY_JITTER = 0
# robots.Robots does, by RFC 9309: Scrapy's own obeys a 500 or an HTML page as if it were a robots.txt.
ROBOTSTXT_OBEY = False

# Redirects of pages are captures of their own and are followed by the walk; robots.txt's are followed by Scrapy, as far
# as RFC 9309 2.3.1.2 asks.
METAREFRESH_ENABLED = False
REDIRECT_MAX_TIMES = 5
HTTPERROR_ALLOW_ALL = True

# Scrapy starts this many tasks for the output of every callback; a page and its few requests need no more than one.
CONCURRENT_ITEMS = 1

# Scrapy parses the source of a callback to warn of `return` in it, again for every response.
WARN_ON_GENERATOR_RETURN_VALUE = False

# The walk keeps its own record of what was asked, by canonical address.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"

# Every connection is made to an address that was judged; a proxy out of the environment would look names up itself.
TWISTED_DNS_RESOLVER = "crawler.fetching.resolver.GuardedResolver"
HTTPPROXY_ENABLED = False

# Seconds. A portal that is slower than this is out of reach for today.
DOWNLOAD_TIMEOUT = number_of("NIANBAO_TIMEOUT", 60)
# Scrapy repeats a request at once; retries.Retrying waits so many seconds before each retry of an address.
RETRY_ENABLED = False
NIANBAO_RETRY_WAITS = numbers_of("NIANBAO_RETRY_WAITS", "2,8")
# Seconds. The longest Retry-After that is obeyed; a host that asks for more is left alone for this run.
NIANBAO_MAX_WAIT = number_of("NIANBAO_MAX_WAIT", 120)
# Longest real page met: 7 MB of pictures in data URLs. Beyond this a body is refused and the refusal is a problem row.
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
# A body shorter than announced is never archived as whole.
DOWNLOAD_FAIL_ON_DATALOSS = True
# Each host is asked with verified TLS first, and only where that fails with any (tls.Leniency); responses are read as
# browsers read them (responses.Parser). Both say so on the capture.
DOWNLOAD_HANDLERS = {"http": "crawler.fetching.handler.Handler", "https": "crawler.fetching.handler.Handler"}

# Styles, pictures and fonts that a run with --requisites asks of one portal at most, and their bytes; the rest is the
# next run's. A portal's pages share some forty.
NIANBAO_REQUISITES = count_of("NIANBAO_REQUISITES", 500)
NIANBAO_REQUISITE_BYTES = count_of("NIANBAO_REQUISITE_BYTES", 64 * 1024 * 1024)

# Seconds for what the scripts of a page ask, in profiles with `browser = true`; then its document is taken as it is.
NIANBAO_BROWSER_SECONDS = number_of("NIANBAO_BROWSER_SECONDS", 30)

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}

# Scrapy's cookies would fetch a public suffix list from the network, and cost every run the import of a second client
# for HTTP; cookies.Cookies keeps a host's own for that host alone.
DOWNLOADER_MIDDLEWARES_BASE = without(
    default_settings.DOWNLOADER_MIDDLEWARES_BASE, "scrapy.downloadermiddlewares.cookies.CookiesMiddleware"
)

# Of Scrapy's middlewares of spiders the Referer alone: others drop long addresses unsaid or refuse statuses.
SPIDER_MIDDLEWARES_BASE = {"scrapy.spidermiddlewares.referer.RefererMiddleware": 700}

DOWNLOADER_MIDDLEWARES = {
    "crawler.fetching.guards.HostGuard": 20,
    "crawler.fetching.retries.Retrying": 25,
    "crawler.fetching.guards.Politeness": 30,
    "crawler.fetching.robots.Robots": 100,
    "crawler.fetching.cookies.Cookies": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.fetching.codings.ContentCoding": 590,
    # Below ContentCoding (590): here the headers are still as they were served.
    "crawler.fetching.guards.Wire": 860,
}

# Readers carry out a page's stages (crawler.reading), for the spider needs half of them to find the way; what they
# come back with is stored.
ITEM_PIPELINES = {"pipelines.store.Store": 900}
# Processes that read pages; 0: one for each core but one.
NIANBAO_JOBS = count_of("NIANBAO_JOBS", 0)
# Bytes of responses that are being read or wait for it, from which on nothing more is asked: a page that is read for
# long holds up its own portal's, not the others'.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 32 * 1024 * 1024

# Two doors that Scrapy opens by default on loopback, both for running code; the second brings a server of its own.
EXTENSIONS_BASE = without(
    default_settings.EXTENSIONS_BASE,
    "scrapy.extensions.telnet.TelnetConsole",
    "scrapy.extensions.remote_control.RemoteControl",
)

# A table for the person who watches; nothing where standard error is no terminal.
EXTENSIONS = {"crawler.runs.progress.Progress": 500} if sys.stderr.isatty() else {}

LOG_LEVEL = "WARNING"
LOG_FORMAT = "%(levelname)s %(name)s: %(message)s"
LOGSTATS_INTERVAL = 0
# To look up the versions of what Scrapy uses takes 10 ms of every run; `scrapy version -v` prints them.
LOG_VERSIONS: list[str] = []
