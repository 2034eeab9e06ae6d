"""Numbers out of the environment: what is none is one sentence, not a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.records.errors import NianbaoError
from crawler.records.variables import count_of, number_of, numbers_of

NAME = "NIANBAO_SOMETHING"


@pytest.mark.parametrize("said", ["abc", "nan", "inf", "-1", "1,5", "0x10"])
def test_what_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv(NAME, said)
    with pytest.raises(NianbaoError, match=f"{NAME} is '{said}'; expected a number, at least 0"):
        number_of(NAME, 3)
    with pytest.raises(NianbaoError, match="expected a whole number, at least 0"):
        count_of(NAME, 3)


def test_what_is_not_set_or_empty_is_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        assert (number_of(NAME, 3.5), count_of(NAME, 3), numbers_of(NAME, "2,8")) == (3.5, 3, [2.0, 8.0])
        monkeypatch.setenv(NAME, "")


def test_what_is_set_counts_down_to_the_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "1")
    assert (number_of(NAME, 3, 1), count_of(NAME, 3, 1), numbers_of(NAME, "2,8")) == (1.0, 1, [1.0])
    with pytest.raises(NianbaoError, match="at least 2"):
        count_of(NAME, 3, 2)
    monkeypatch.setenv(NAME, "0,0.5")
    assert numbers_of(NAME, "2,8") == [0.0, 0.5]
    for said in ("1,,2", "1,-2", "a"):
        monkeypatch.setenv(NAME, said)
        with pytest.raises(NianbaoError, match="expected numbers with commas between them, as 2,8"):
            numbers_of(NAME, "2,8")


@pytest.mark.parametrize("name", ["NIANBAO_PAGE_SECONDS", "NIANBAO_RETRY_WAITS", "NIANBAO_JOBS"])
def test_a_run_says_so_in_one_sentence(tmp_path: Path, name: str) -> None:
    line = [sys.executable, "-m", "crawler", "crawl", "nowhere", "--archive", str(tmp_path / "a.db")]
    done = subprocess.run(line, capture_output=True, text=True, check=False, env=os.environ | {name: "abc"})
    assert done.returncode == 2
    assert done.stderr.startswith(f"nianbao: {name} is 'abc'; expected ")
    assert len(done.stderr.splitlines()) == 1
