"""The kinds of problem rows, in one table: what each means, and what follows from it. All sets of kinds are made of it.

A new kind is one line here; `make docs` writes it into docs/reference.md.
"""

from __future__ import annotations

from dataclasses import dataclass

HANDFUL = 5
"""Conflicts of identity in a run that may well be (a text published twice, a bureau's taken for its government's)."""


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """What a kind of problem means, in words, and what follows from it.

    `attention`: it wants a person, and the run that met it ends with exit code 1, where `attention_above` is not 0 only
    the run that met more than so many of it. `derived`: a pure stage notes it, so
    that it follows from a capture alone and `rebuild` makes it again; the others were met on the walk and are kept as
    they are. `retried`: `--retry-problems` asks for the address again. `blocks`: a missing report counts as blocked
    where the host of its address said this on the last run.
    """

    meaning: str
    attention: bool = False
    derived: bool = False
    retried: bool = False
    blocks: bool = False
    attention_above: int = 0


PROBLEM_KINDS: dict[str, ProblemKind] = {
    "arrival_damaged": ProblemKind(
        "what a run that died had fetched is damaged, and is gone; the next run asks the address again", attention=True
    ),
    "attachment_only": ProblemKind("a report whose text is only an attachment or pictures", derived=True),
    "bad_coding": ProblemKind(
        "a body that is not in the coding that Content-Encoding names; not read", attention=True, retried=True
    ),
    "bad_markup": ProblemKind("a page so broken that a second parser was asked", derived=True),
    "block_page": ProblemKind(
        "the host refuses this client with a page that says so", attention=True, retried=True, blocks=True
    ),
    "breadcrumb_disagrees": ProblemKind("the page's own breadcrumb names another place than the trail that led there"),
    "budget_spent": ProblemKind(
        "the walk was stopped before its end: its time was over (--at-most, at_most), or too many pages led on and to"
        " no report; what was left is said. Or the pages allowed for looking around off the trail were used up",
        attention=True,
    ),
    "challenge": ProblemKind(
        "a challenge meant for browsers, or a firewall's refusal, in place of a page; a second in a row, or one in"
        " place of a home page or a list, is the host's, which is left alone for this run",
        attention=True,
        retried=True,
        blocks=True,
    ),
    "charset": ProblemKind("bytes that no charset reads without replacement characters", derived=True),
    "date_implausible": ProblemKind("a date that cannot be what its label says", derived=True),
    "dead_link": ProblemKind(
        "a link of the trail leads to nothing: 404, 410 or a polite page that says so", retried=True
    ),
    "document_no_text": ProblemKind("pages of a document without any words: scans or pictures", derived=True),
    "document_unread": ProblemKind(
        "a document or attachment that could not be read whole: broken, encrypted, beyond a limit", derived=True
    ),
    "empty_answer": ProblemKind(
        "nothing came, or a page that asks to wait, each time that it was asked; try `browser = true` where the"
        " page has scripts",
        attention=True,
        derived=True,
        retried=True,
        attention_above=HANDFUL,
    ),
    "entries_no_report": ProblemKind(
        "a list of which more than a few entries are called reports, or stand among reports, and became none",
        attention=True,
    ),
    "entry_no_report": ProblemKind(
        "an entry that is called a report, or stands among reports, and became none: what came instead, and what to try"
    ),
    "expectation": ProblemKind("the run yielded less than the profile's [expect] says is healthy", attention=True),
    "expectation_above": ProblemKind("the run yielded more than the profile's [expect] says is healthy; a warning"),
    "figure_ambiguous": ProblemKind(
        "sentences of a report disagree about a measure of the same scope; the figure has no value", derived=True
    ),
    "figure_implausible": ProblemKind(
        "a number that its measure cannot have (no value), or one out of all proportion or above its whole (kept)",
        derived=True,
    ),
    "file_without_address": ProblemKind(
        "a link that is called like a file, or a row of a report's further pages, opened by a script that no rule"
        " follows; what it opens is not here",
        derived=True,
    ),
    "file_not_fetched": ProblemKind(
        "files that are noted with a report and were not asked for: more than are asked of one page, or on another host"
    ),
    "file_not_joined": ProblemKind("a file that was fetched for a report and is among the files of none"),
    "hijacked": ProblemKind("betting or pornographic words in a government page", derived=True),
    "host_not_allowed": ProblemKind("a link of the trail leaves the hosts of the profile"),
    "host_resting": ProblemKind(
        "the host failed again and again, or asks to wait longer than a run does; left alone for this run",
        attention=True,
        retried=True,
        blocks=True,
    ),
    "http_error": ProblemKind(
        "a status that is neither success, redirect, challenge nor absence", attention=True, retried=True
    ),
    "identity_conflict": ProblemKind(
        "two different texts claim the same organ, kind, region and year",
        attention=True,
        derived=True,
        attention_above=HANDFUL,
    ),
    "links_cut": ProblemKind(
        "a page with more links than are read of one; those after the limit are not followed", attention=True
    ),
    "list_incomplete": ProblemKind("the list states another number of items than were found", attention=True),
    "list_short": ProblemKind(
        "a list has a third or less of the entries of the lists beside it, and does not say how many it has"
    ),
    "list_shrank": ProblemKind(
        "a list has less than half of the entries that it had when last walked to its end", attention=True
    ),
    "lookalike": ProblemKind("a page that looks like a report by its title or place and is none"),
    "memento_distant": ProblemKind(
        "a page of a walk over captures of web archives that was captured more than a year before or after the time"
        " that is walked (backfill)"
    ),
    "memento_index": ProblemKind(
        "the index of a web archive was cut, has rows that cannot be read, has more than is taken at a time, or refuses"
        " (backfill); the next backfill goes on",
        attention=True,
    ),
    "memento_refused": ProblemKind(
        "a capture of a web archive that was not taken: rewritten by it, of another digest or time than its index says,"
        " cut, or not to be had (backfill)"
    ),
    "memento_resting": ProblemKind(
        "a web archive that is out of reach, or asks to be left alone; nothing more was asked of it (backfill)",
        attention=True,
    ),
    "not_captured": ProblemKind(
        "a way that a walk over captures (crawl --offline) did not take: its source has no answer of that address",
        retried=True,
    ),
    "not_rendered": ProblemKind(
        "a page that the profile has a browser show, and the browser could not; walked as it was served"
    ),
    "odd_status": ProblemKind(
        "a page that is whole under a status that says it is not; it was read all the same", derived=True
    ),
    "page_cut": ProblemKind(
        "a page, a text or a table beyond what a stage reads of one; what stands after the limit is not in the rows",
        derived=True,
    ),
    "paging_doubtful": ProblemKind(
        "a list has something that may lead on (下一页 or 更多 without an address), and no rule leads there"
    ),
    "paging_not_understood": ProblemKind(
        "a list says or shows that it has more pages, and no rule leads to them, or they show the same entries again",
        attention=True,
    ),
    "portal_meagre": ProblemKind(
        "a portal has less than a fifth of the reports that most portals of its level in the run have; a warning"
    ),
    "problems_rose": ProblemKind(
        "the run met more than twice as many problems as any of the last runs of these portals", attention=True
    ),
    "reader_died": ProblemKind(
        "every reader died over this page; its bytes are kept, and this version reads them no more",
        attention=True,
        derived=True,
        retried=True,
    ),
    "reader_limit": ProblemKind(
        "reading this page takes more time or memory than it may; its bytes are kept, and this version reads them no"
        " more",
        attention=True,
        derived=True,
        retried=True,
    ),
    "redirect_loop": ProblemKind(
        "redirects that lead back to where they came from, or more of them than are followed",
        attention=True,
        retried=True,
    ),
    "redacted_elsewhere": ProblemKind(
        "an imported tombstone says that another archive redacted a body that this one holds", attention=True
    ),
    "redaction_met": ProblemKind("a page that was redacted came again, or its text did; it was not kept"),
    "region_unknown": ProblemKind(
        "a report whose organ names no region, or one that was no division in its year", derived=True
    ),
    "report_incomplete": ProblemKind(
        "a further page of a report could not be had; its text and figures are those of the other pages",
        attention=True,
        retried=True,
    ),
    "requisites_missing": ProblemKind(
        "styles, pictures or fonts that pages need to look as they did were not had (crawl --requisites), or were more"
        " than a run asks for; the next run asks again for what never answered"
    ),
    "robots": ProblemKind("robots.txt forbids the address", retried=True),
    "script_unanswered": ProblemKind(
        "the scripts of a page did not get all that they asked for; its document may lack something", attention=True
    ),
    "several_reports": ProblemKind(
        "a page that holds the reports of several years or organs, one after another; it is archived as one report,"
        " whose figures have no values",
        attention=True,
        derived=True,
        attention_above=HANDFUL,
    ),
    "stage_failed": ProblemKind(
        "a stage of the program failed on this page; its bytes are kept, what follows from them is not",
        derived=True,
        retried=True,
    ),
    "table_other_year": ProblemKind(
        "a statistical table says that it is about another year than the report; no values from it", derived=True
    ),
    "table_unread": ProblemKind(
        "something in a statistical table that no rule reads, or that can be read in several ways", derived=True
    ),
    "text_shrank": ProblemKind("a report's text is suddenly less than half as long", attention=True),
    "too_large": ProblemKind("a response above the size limit; not read", retried=True),
    "trail_broken": ProblemKind("no link of the next step stood on the page", attention=True),
    "truncated": ProblemKind("fewer bytes came than were announced", attention=True, retried=True),
    "unreachable": ProblemKind("no answer: DNS, refused, reset, TLS, time-out", attention=True, retried=True),
    "walk_broken_off": ProblemKind(
        "the program itself failed on the way through a portal; what came until then is kept", attention=True
    ),
    "warc_broken": ProblemKind("a record of an imported WARC that could not be used"),
    "warc_doubtful": ProblemKind(
        "a record of an imported WARC that was taken though one of its digests cannot be read or checked"
    ),
    "ways_unread": ProblemKind(
        "the page is archived, but what leads on from it could not be told", attention=True, retried=True
    ),
    "year_disagrees": ProblemKind("title, column and text name different years", derived=True),
    "year_emptied": ProblemKind(
        "a report year that had reports has none any more: no list leads to one", attention=True
    ),
    "year_unknown": ProblemKind("a report that names no year", derived=True),
}
"""Every kind of problem row."""
