"""The line that installs an extra, as it works for how this program was installed."""

from __future__ import annotations

import json
import shlex
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

NAME = "nianbao"
"""The distribution; nobody's on the package index yet, so that a line with the bare name would find nothing."""
_ROOT = Path(__file__).resolve().parents[2]


def install_line(extra: str) -> str:
    """The command that installs an `extra` of pyproject.toml: by the checkout, the wheel or the git address that this
    program came from (PEP 610); where that is not known, or pipx or uv keep its environment, by the extra's packages.
    """
    needed = " ".join(map(shlex.quote, _packages(extra)))
    if (Path(sys.prefix) / "pipx_metadata.json").exists():
        return f"pipx inject {NAME} {needed}"
    if (Path(sys.prefix) / "uv-receipt.toml").exists():
        return f"uv pip install --python {shlex.quote(sys.prefix)} {needed}"
    said = _origin()
    url = str(said.get("url", ""))
    if (vcs := said.get("vcs_info")) is not None:
        place = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
        return f"pip install {shlex.quote(f'{NAME}[{extra}] @ {place}')}"
    if "dir_info" in said or (not said and (_ROOT / "pyproject.toml").exists()):
        folder = url2pathname(urlsplit(url).path) if said else str(_ROOT)
        editable = "" if said and not said["dir_info"].get("editable") else "--editable "
        if Path(folder).is_dir():
            return f"pip install {editable}{shlex.quote(f'{folder}[{extra}]')}"
    elif url and (not url.startswith("file:") or Path(url2pathname(urlsplit(url).path)).exists()):
        return f"pip install {shlex.quote(f'{NAME}[{extra}] @ {url}')}"
    return f"pip install {needed}"


def _origin() -> dict[str, Any]:
    """What the installer wrote down of where the program came from; empty where it wrote nothing."""
    try:
        said = json.loads(distribution(NAME).read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _packages(extra: str) -> list[str]:
    """The requirements of an extra."""
    try:
        requirements = distribution(NAME).requires or []
    except PackageNotFoundError:
        return []
    return [
        requirement.partition(";")[0].strip()
        for requirement in requirements
        if f'extra == "{extra}"' in requirement.replace("'", '"')
    ]
