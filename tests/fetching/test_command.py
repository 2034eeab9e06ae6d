"""`scrapy crawl annual_reports` says in one sentence what ends it before anything is fetched."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

pytestmark = pytest.mark.crawl

PROFILE = 'id = "x"\nhome = "http://127.0.0.1:9/"\nregion = "210100"\nallow_private_addresses = true\n'


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-a", "profile={folder}/bad.toml"], "{folder}/bad.toml: key 'name' is missing; expected the portal's name"),
        (
            ["-a", "profile={folder}/good.toml", "-a", "years=soon"],
            "--years is 'soon'; expected a year or two joined by a hyphen, as in 2014-2018",
        ),
        (
            ["-a", "profile={folder}/good.toml"],
            "{folder}/bad.db is not an SQLite file; expected an archive made by nianbao",
        ),
    ],
)
def test_what_cannot_be_used_is_one_sentence(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    (tmp_path / "bad.toml").write_text(PROFILE, "utf-8")
    (tmp_path / "good.toml").write_text(PROFILE + 'name = "甲"\n', "utf-8")
    (tmp_path / "bad.db").write_text("no archive, " * 20, "utf-8")
    line = [sys.executable, "-m", "scrapy", "crawl", "annual_reports"]
    run = subprocess.run(
        line + [argument.format(folder=tmp_path) for argument in arguments],
        cwd=ROOT,
        env=os.environ | {"NIANBAO_ARCHIVE": str(tmp_path / "bad.db")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode, run.stderr) == (2, f"nianbao: {sentence.format(folder=tmp_path)}\n")
