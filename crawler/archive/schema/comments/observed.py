"""Comments of what was observed, and of what SQLite and the program keep."""

from __future__ import annotations

COMMENTS: dict[str, dict[str, str]] = {
    "portals": {
        "": "A portal that the archive holds pages of, or expects reports of. Observed.",
        "id": "id of the portal",
        "sample": "1: its reports are made up (`sample = true` in its profile, the header X-Nianbao-Sample on its "
        "pages, or what nianbao 0.1 made by `nianbao demo`); 0: they are real. Once 1, it stays so",
    },
    "runs": {
        "": "One walk of one or more portals. Observed.",
        "id": "number of the run, counting from 1; never used twice",
        "started_at": "UTC, ISO 8601 with a trailing Z",
        "finished_at": "UTC; NULL while it runs, or where it broke off",
        "status": "running, finished, interrupted (by a person), broken_off (its process died; noted by the next run)",
        "portals": "JSON list of the ids of the portals walked",
        "requests": "requests sent, robots.txt and retries included",
        "not_modified": "answers 304",
        "bytes": "bytes received over the wire, headers included, still compressed",
        "reports_new": "reports not in the archive before",
        "reports_changed": "versions added to reports that were",
        "reports_gone": "reports found gone from their last address",
        "problems": "rows of problems that the run added",
        "deadline": "UTC, when the run was to end (--at-most); NULL: when it was done",
        "progress_at": "of a run that broke off: UTC, when it last took in a page; NULL where that is not known",
        "yields": "JSON object: for each portal walked to its end what it yielded then: reports, listed, with_text, "
        "lists, list_pages",
        "source": "of a run that asked nobody (crawl --offline): the name of the archive or WARC file whose captures "
        "were walked; NULL: the network was asked",
    },
    "deaths": {
        "": "Pages and documents that cost the process that read them. Observed.",
        "url": "the address, as in captures",
        "sha256": "SHA-256 of the bytes that were read",
        "program": "version of the program that reads them no more",
        "at": "UTC, when the page had been fetched",
        "cause": "what the process was lost over",
        "kind": "kind of the problem that tells of it: reader_died, reader_limit, or document_unread for a file",
    },
    "arrivals": {
        "": "What came and was not read yet: it becomes a capture when it was. What a run that died left is read by "
        "the next. Observed.",
        "url": "the address, as in captures",
        "run_id": "the run that met it",
        "portal": "as in captures",
        "fetched_at": "as in captures",
        "status": "as in captures",
        "headers": "as in captures",
        "sha256": "as in captures",
        "trail": "as in captures",
        "context": "as in captures",
        "source": "as in captures",
    },
    "captures": {
        "": "One response that was not seen before at its address. The columns up to last_run_id were observed and are "
        "never derived again; the others follow from them.",
        "id": "number of the capture, in the order of storing; never used twice",
        "run_id": "the run that met it first",
        "portal": "id of the portal whose walk met it; NULL for what was imported",
        "url": "the address asked, as sent; with #rendered: what a browser made of the page there",
        "fetched_at": "UTC, when the response came",
        "status": "HTTP status",
        "headers": "JSON list of [name, value], order and repetition kept; names as the HTTP client writes them",
        "content_type": "the Content-Type header as sent; NULL without one",
        "length": "bytes of the body, content and transfer coding undone",
        "sha256": "SHA-256 of the body; its bytes are in blobs, and nianbao_body(sha256) gives them",
        "trail": "JSON list of {label, url}: the way from the home page to here, this page included",
        "links_skipped": "JSON object: links of the page that were not followed, counted by reason",
        "context": "JSON object: what profile and trail said of the page (records.capture.Context); if a later profile "
        "says otherwise of the same bytes, this and trail are the later ones",
        "last_seen_at": "UTC, when the same bytes, or a 304, last came from this address",
        "last_run_id": "the run in which that was",
        "kind": "home, column, list, report, article, attachment, challenge, missing, redirect, "
        "requisite (what a page needs to look as it did), other",
        "media_type": "what the bytes are by their beginning; NULL for an empty body without Content-Type",
        "charset_declared": "the charset that header or page names, lower-case; NULL if none",
        "charset": "the charset the page was read in; NULL for what is not text",
        "title": "the page's own title, without the site's name; NULL if it has none",
        "breadcrumb": "JSON list of labels: the place that the page itself says it has",
        "lookalike": "for an article that only looks like a report: the rule that says so; else NULL",
        "evidence": "JSON list of [rule, words]: why kind is what it is, in the order in which rules were asked",
        "source": "name of the web archive that captured it at `fetched_at` (nianbao backfill); NULL: it was fetched "
        "where it stood, by us or by whoever made an import. Observed",
    },
    "request_heads": {
        "": "The headers of requests, each wording once. Observed.",
        "id": "number of the wording",
        "headers": "JSON list of [name, value], as sent",
        "ip_address": "address of the server that answered; NULL: not told",
    },
    "request_lines": {
        "": "Requests as they are kept; the view `requests` shows them. Observed.",
        "capture_id": "the capture that answers it",
        "head": "its headers: a row of request_heads",
        "line": "the request line as sent; NULL: it asks for the capture's address as it stands",
    },
    "requests": {
        "": "View: what captures answer, for WARC. None for what earlier versions captured, for what other "
        "crawlers did, for what a browser made, and for what a run that died had fetched and not read.",
        "capture_id": "the capture that answers it",
        "line": "the request line as sent",
        "headers": "JSON list of [name, value], as sent",
        "ip_address": "address of the server that answered; NULL: not told",
    },
    "requisites": {
        "": "What pages need to look as they did (crawl --requisites); each that came is a capture of kind requisite. "
        "Observed.",
        "capture_id": "the page, or the style that names more",
        "urls": "JSON list of the addresses of styles, pictures and fonts that it names, in their order",
    },
    "blobs": {
        "": "Bodies, each once, under the SHA-256 of its bytes. Observed. Read them by nianbao_body(sha256).",
        "sha256": "SHA-256 of the body, 64 hexadecimal digits",
        "length": "bytes of the body before compression",
        "coding": "raw or zstd; raw and of no bytes: redacted (redactions)",
        "dictionary_id": "the dictionary it was compressed against; NULL for none",
        "body": "the bytes, compressed as coding says",
        "packed_crc32": "CRC-32 of body as stored, so that a flipped bit shows even where it would not be read",
        "level": "the level of zstd at which `nianbao compact` packed it, or found that nothing packs it; NULL for a "
        "body that a run stored, and for one that is to be packed anew",
    },
    "dictionaries": {
        "": "Two pages of one host against which other pages of it are compressed: a raw zstd dictionary is the bytes "
        "of the first, then those of the second; where both are one page, its bytes once.",
        "id": "number of the dictionary",
        "host": "host and port, lower-case",
        "first_sha256": "the first page, in blobs, itself compressed without a dictionary",
        "second_sha256": "the second page, likewise",
    },
    "absences": {
        "": "Addresses of reports that led to nothing (404, 410, a page that says so) when last asked. Observed.",
        "url": "the address",
        "since": "UTC, the first time without a report in between",
        "first_run_id": "the run in which that was",
        "last_run_id": "the last run that met nothing; where it is another run than the first, the report is gone",
    },
    "lists": {
        "": "Lists of reports as they were when last walked to their end, every page and every entry. Observed.",
        "portal": "id of the portal",
        "url": "address of the list's first page",
        "plan": "hash of what was looked for: profile, years, version of the program; another plan walks the list "
        "anew; empty where a later walk could not have all of it",
        "swept_at": "UTC, when that walk ended",
        "run_id": "the run of that walk",
        "pages": "how many pages the list had",
        "items": "how many entries",
        "stated": "how many entries the list itself says it has; NULL if it does not say",
    },
    "ways": {
        "": "What led on from a page of the trail when it was last read, so that it need not be read again as long as "
        "it stays the same. A cache: it may be emptied.",
        "capture_id": "the page",
        "seal": "hash of what it depends on beside the page: the place on the trail, profile, years, program",
        "ways": "compressed JSON (crawler.navigation.serialization)",
    },
    "seals": {
        "": "Digests of the rows that no capture gives again, by which `nianbao verify` tells a flipped bit. The "
        "program keeps them with every row that it writes.",
        "name": "the table; sqlite_schema, sqlite_sequence and sqlite_stat1 are SQLite's own",
        "key": "the primary key of the row; a JSON list where it has several columns",
        "digest": "64 bits of BLAKE2b over the observed columns (crawler.archive.file.seals); a body has its SHA-256",
    },
    "events": {
        "": "What each run found that was new or different. Observed.",
        "id": "number of the event, in the order of finding",
        "run_id": "the run that found it",
        "at": "UTC, when the page came that showed it",
        "kind": "new (a report not known before), changed (it says something else), moved (known, at a new address), "
        "gone (from its last address), returned (it was gone)",
        "report_id": "the report; NULL if a later derivation does not take it for one",
        "url": "the address it was found at, or gone from",
        "detail": "organ and year, or title",
    },
    "ocr": {
        "": "What a model made out in scans and pictures (`nianbao ocr`), a row a line of words or a table's row."
        " No report's text, no figure.",
        "capture_id": "the capture of the picture or document",
        "position": "number of the line, from 0",
        "place": "page of the document, empty for a picture; for a table's row with the table, as page 2 table 1",
        "text": "the words, cells parted by tabs; NULL in the only row of a file in which nothing was made out",
        "confidence": "how sure the model is, from 0 to 1; of a table's row the least of its pieces",
        "engine": "the model's program and version",
    },
    "problems": {
        "": "What was met and not understood, or wants a person; told anew by each run that meets it.",
        "id": "number of the problem",
        "run_id": "the run that met it",
        "portal": "id of the portal",
        "url": "the address it is about",
        "kind": "one of the kinds listed under Problems",
        "detail": "what was found, in words",
        "at": "UTC, when the page came, or when the problem was met",
        "capture_id": "the page it was met on; NULL where no page came",
    },
    "redactions": {
        "": "Tombstones: bodies that were removed on a legal demand (`nianbao redact`), or kept out for their text.",
        "id": "number of the redaction",
        "sha256": "SHA-256 of the body that was removed",
        "length": "its bytes",
        "reason": "why, as whoever redacted said",
        "rule": "by which rule: the article of a law, the number of a demand; NULL: none was named",
        "at": "UTC, when it was removed, or kept out",
        "copy_of": "for bytes that came later with the text of a redacted body: the SHA-256 of that; else NULL",
        "wiped_at": "UTC, when the file was written anew without what was removed; NULL: not yet",
        "lifted_at": "UTC, since when what a crawl or an import brings is kept again; NULL: the redaction is in force",
        "lifted_reason": "why; NULL while it is in force",
    },
    "redacted_captures": {
        "": "What stays of each capture that was redacted, beside its own row: codes and digests, no words. It remains "
        "a tombstone when the redaction is lifted; what is had again is another capture.",
        "capture_id": "the capture",
        "redaction_id": "the redaction of its body",
        "organ_kind": "government, government_office, department, township, zone; NULL: no report, or not told",
        "region_code": "GB/T 2260 code of the region; NULL as above",
        "report_year": "the year reported on; NULL as above",
        "identity": "as reports.identity, the SHA-256 of an organ's name in its place; NULL where it had none",
        "text_sha256": "SHA-256 of the text that it had; NULL: none",
        "squeezed_sha256": "SHA-256 of that text without white space, by which it is known when it comes again",
        "attachments_sha256": "SHA-256 of the addresses and labels of its files",
    },
    "reviews": {
        "": "What people who compared reports with their pages say of them (`nianbao review`). Observed.",
        "id": "number of the review, in the order of writing",
        "key": "the report's key; the review stays where the report is not there any more",
        "measure": "code of the figure, as in measures.code; NULL: the report as a whole",
        "verdict": "checked (compared with the page, and right), disputed (somebody says that it is not right; not "
        "settled), wrong (compared with the page, and not what it says)",
        "note": "what was seen; NULL: nothing is said; «redacted»: it was emptied with a page that it may quote",
        "who": "who says so",
        "at": "UTC; of several reviews of the same report and measure the last one stands",
    },
    "expected": {
        "": "What the law asks of a portal: the government of its region and those one level below, as they stood at "
        "the end of each year, by the list of divisions that the portal's latest run had.",
        "portal": "id of the portal",
        "region_code": "GB/T 2260 code as of the year",
        "region": "name of the region",
        "report_year": "the year to report on",
        "due_on": "ISO date by which the report must be published: 31 March of the next year "
        "(条例 2007 第三十一条, 2019 第四十九条)",
    },
}
