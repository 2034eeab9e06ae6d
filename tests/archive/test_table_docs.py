"""No table and no column without a comment, no comment without a column."""

from __future__ import annotations

from pathlib import Path

from crawler.archive.archive import Archive
from crawler.archive.schema import NAMES, VERSION, tables
from crawler.archive.schema.comments import COMMENTS
from crawler.commands.reference import PAGE, reference
from crawler.manual import codebook
from tests import ROOT


def test_every_table_and_column_has_its_comment(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        columns = tables(archive.connection)
    assert {name: sorted(held) for name, held in columns.items()} == {
        name: sorted(column for column in comments if column) for name, comments in COMMENTS.items()
    }
    assert all(comment.strip() for comments in COMMENTS.values() for comment in comments.values())
    assert all("" in comments for comments in COMMENTS.values())


def test_the_contract_is_kept(tmp_path: Path) -> None:
    """Tables and columns that others rely on; more may be added, none may go or be renamed."""
    contract = {
        "reports": "id portal url title organ organ_kind region_code region report_year published_on signed_on source "
        "index_no doc_no breadcrumb trail form text text_sha256 first_seen_at last_seen_at gone_at capture_id",
        "report_urls": "report_id url first_seen_at last_seen_at gone_at",
        "captures": "id run_id portal url fetched_at status headers content_type charset_declared charset length "
        "sha256 kind",
        "blobs": "sha256 length body",
        "report_versions": "report_id version capture_id text_sha256 observed_at",
        "sections": "report_id position level heading text",
        "attachments": "report_id url label media_type capture_id text",
        "statistics": "report_id form code item applicant value raw unit evidence method",
        "checks": "report_id rule subject holds expected actual",
        "problems": "run_id portal url kind detail at",
        "runs": "id started_at finished_at status requests not_modified bytes reports_new reports_changed reports_gone "
        "problems",
        "coverage": "portal region_code region report_year status report_id published_on days_late",
    }
    with Archive.open(tmp_path / "a.db") as archive:
        columns = tables(archive.connection)
    for table, names in contract.items():
        assert set(names.split()) <= set(columns[table]), table


def test_the_version_is_that_of_the_last_migration(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        (version,) = archive.connection.execute("pragma user_version").fetchone()
    assert version == VERSION == len(set(NAMES))


def test_the_page_on_tables_is_what_the_code_says() -> None:
    """`make docs` writes it."""
    written = (ROOT / PAGE).read_text("utf-8").split("\n## Tables\n")[1]
    assert written == reference().split("\n## Tables\n")[1]


def test_the_codebook_is_what_the_forms_say() -> None:
    """`make docs` writes it."""
    assert (ROOT / codebook.PAGE).read_text("utf-8") == codebook.codebook()
