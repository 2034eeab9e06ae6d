"""What people install: the wheel with all its files, the line for an extra, the image, the citation."""

from __future__ import annotations

import json
import os
import re
import shutil
import site
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

from crawler import __version__
from crawler.words import installation
from tests import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "*.egg-info", "build", "tests", "*.db*"))
    line = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(source)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode and re.search("No matching distribution found for setuptools", done.stderr):
        pytest.skip("no package index here, and a wheel is built with the setuptools of pyproject.toml")
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_has_every_file_that_the_program_reads(wheel: Path) -> None:
    held = {name.replace("crawler/data/", "data/") for name in ZipFile(wheel).namelist()}
    kept = subprocess.run(
        ["git", "ls-files", "crawler", "spiders", "pipelines", "data"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    assert {name for name in kept if name and not (ROOT / name).is_symlink()} - held == set()


@pytest.mark.slow
@pytest.mark.crawl
def test_the_installed_program_runs_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv/bin/python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    (folder,) = (tmp_path / "venv/lib").glob("python*/site-packages")
    shared = [path for path in sys.path if path.endswith("site-packages")] or site.getsitepackages()
    (folder / "shared.pth").write_text("\n".join(shared), "utf-8")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("NIANBAO", "PYTHON"))}

    def nianbao(*arguments: str) -> str:
        done = subprocess.run(
            [tmp_path / "venv/bin/nianbao", *arguments],
            cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [python, "-c", "import crawler; print(crawler.__file__)"], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert str(folder) in where.stdout
    assert __version__ in nianbao("--version")
    assert "shenyang" in nianbao("portals")
    told = json.loads(nianbao("demo", "--archive", str(tmp_path / "demo.db"), "--json").splitlines()[-1])
    assert told["reports"] > 0


class Told:
    """A distribution that was installed as `said`."""

    requires = ("scrapy>=2", 'pyarrow>=20; extra == "parquet"', "wacz>=0.6; extra == 'wacz'")

    def __init__(self, said: Any) -> None:
        self.said = said

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return None if self.said is None else json.dumps(self.said)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            {"url": "https://a.example/n.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f"pip install 'nianbao[parquet] @ git+https://a.example/n.git@{COMMIT}'",
        ),
        (
            {"url": "https://a.example/n.whl", "archive_info": {}},
            "pip install 'nianbao[parquet] @ https://a.example/n.whl'",
        ),
        ({"url": f"file://{ROOT}", "dir_info": {"editable": True}}, f"pip install --editable '{ROOT}[parquet]'"),
        ({"url": f"file://{ROOT}", "dir_info": {}}, f"pip install '{ROOT}[parquet]'"),
        ({"url": "file:///gone/n.whl", "archive_info": {}}, "pip install 'pyarrow>=20'"),
        ({"url": "file:///gone", "dir_info": {}}, "pip install 'pyarrow>=20'"),
        (None, f"pip install --editable '{ROOT}[parquet]'"),
    ],
)
def test_the_line_for_an_extra_is_one_that_works_for_how_it_was_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: Any, line: str
) -> None:
    monkeypatch.setattr(installation, "distribution", lambda name: Told(said))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert installation.install_line("parquet") == line
    (tmp_path / "pipx_metadata.json").touch()
    assert installation.install_line("parquet") == "pipx inject nianbao 'pyarrow>=20'"


def test_no_message_names_what_no_index_has() -> None:
    for top in ("crawler", "spiders", "pipelines"):
        for path in (ROOT / top).rglob("*.py"):
            assert not re.search(r"pip install ['\"]?nianbao", path.read_text("utf-8")), path


def test_metadata_is_honest() -> None:
    assert "urls" not in PROJECT
    assert metadata.version("nianbao") == PROJECT["version"] == __version__
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= cited.keys()
    assert (str(cited["version"]), cited["license"]) == (PROJECT["version"], PROJECT["license"])


def test_the_citation_is_valid() -> None:
    cffconvert = pytest.importorskip("cffconvert")
    cffconvert.Citation((ROOT / "CITATION.cff").read_text("utf-8")).validate()


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, lines that go on joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "deploy/Dockerfile").read_text("utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


def test_the_dockerfile_keeps_the_usual_rules() -> None:
    found = instructions()
    assert {name for name, _ in found} <= {
        "FROM", "WORKDIR", "COPY", "RUN", "ENV", "VOLUME", "USER", "EXPOSE", "ENTRYPOINT", "CMD",
    }  # fmt: skip
    assert all(re.match(r"\S+:(?!latest)\S+", rest) for name, rest in found if name == "FROM")
    last = max(at for at, (name, _) in enumerate(found) if name == "FROM")
    users = [rest for name, rest in found[last:] if name == "USER"]
    assert users
    assert users[-1] not in ("root", "0")
    assert all(rest.startswith("[") and json.loads(rest) for name, rest in found if name in ("ENTRYPOINT", "CMD"))
    assert all("--no-cache-dir" in rest for name, rest in found if name == "RUN" and "pip install" in rest)
    ignored = (ROOT / "deploy/Dockerfile.dockerignore").read_text("utf-8").splitlines()
    for name in (line[1:] for line in ignored if line.startswith("!")):
        assert (ROOT / name).exists()


def test_hadolint_finds_nothing() -> None:
    program = shutil.which("hadolint")
    if program is None:
        pytest.skip("no hadolint here")
    done = subprocess.run([program, ROOT / "deploy/Dockerfile"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_services_share_one_volume_and_take_our_options() -> None:
    told = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text("utf-8"))
    assert set(told["services"]) == {"timer", "site"}
    for service in told["services"].values():
        (volume,) = service["volumes"]
        assert volume.partition(":")[0] in told["volumes"]
        assert (ROOT / "deploy" / service["build"]["context"] / service["build"]["dockerfile"]).resolve().is_file()
        assert service["cap_drop"] == ["ALL"]
    assert told["services"]["timer"]["healthcheck"]["test"][1:4] == ["nianbao", "log", "--check"]
    assert told["services"]["site"]["ports"][0].startswith("127.0.0.1:")


def test_a_fleet_s_worker_is_started_again_however_it_ended() -> None:
    """One that has lost its database ends with code 0, too; and a stop is for the worker, not for its crawls."""
    unit = (ROOT / "deploy/nianbao-fleet.service").read_text("utf-8")
    assert {"Restart=always", "KillMode=mixed"} <= set(unit.splitlines())
    services = yaml.safe_load((ROOT / "deploy/fleet-compose.yaml").read_text("utf-8"))["services"]
    assert services["worker"]["restart"] == "always"
    assert services["worker"]["build"]["dockerfile_inline"].rstrip().endswith("USER 1000")


@pytest.mark.slow
def test_the_image_is_built_and_runs_where_docker_does() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "info"], capture_output=True, check=False).returncode:
        pytest.skip("no docker here that answers")
    subprocess.run([docker, "build", "-f", "deploy/Dockerfile", "-t", "nianbao-test", "."], cwd=ROOT, check=True)
    told = subprocess.run(
        [docker, "run", "--rm", "nianbao-test", "demo", "--archive", "/data/demo.db", "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(told.stdout.splitlines()[-1])["reports"] > 0
