"""What the way that led to a report says of its organ: the list that it stands in, and whose group that list is of.

A list that is an organ's own leaves its name out of the titles (sources/pages#titles), and the site is the government's
whoever published on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.records.capture import Step
from crawler.words.labels import read_label
from pipelines.describe.organs import kind_of

_OTHERS = frozenset({"districts", "departments", "townships", "zones"})
_OWN_SITE = re.compile("公开|报告|年报|网|本站|平台|大厅|首页|专栏")
"""Words of what ends as an organ's name does and is a part of the site."""
_NAME = re.compile(
    "(?:局|厅|(?<![村居]民)委员会|(?<!村)(?<!居)委|政府|街道|街道办事处|镇|乡|苏木|管委会|[支总大]队"
    "|.{3}(?:办公室|办|中心))$"
)
"""Endings of names that stand in lists of organs. 派出所, 学校, 法规处 name kinds and parts of them."""
_NO_NAME = re.compile("各|所[属辖]|其[他它]|领导|书记|主任|^(?:国家|国务院|中央|全国)")
"""Words of groups and persons, and of organs above all portals."""
_PROVINCE = "省"
"""Before an organ's name on a city's portal: that of an organ above it, which the city's name must not complete."""


def organ_on_the_way(trail: Sequence[Step], region: str | None) -> str | None:
    """The last label inside the column that ends as an organ's name does, where it is one; None otherwise. `region`:
    the code of the portal's division."""
    label = _last(trail)
    if label is None or not _NAME.search(label) or _NO_NAME.search(label):
        return None
    above = label.startswith(_PROVINCE) and not (region or "").endswith("0000")
    return None if above else label


def leads_to_others(trail: Sequence[Step], region: str | None) -> bool:
    """Whether the last group on the way is of organs below the site's own, or beside it, or a list on the way is of
    some organ that its label does not name."""
    groups = [group for step in _inside(trail) if (group := read_label(step.label).group) is not None]
    return (bool(groups) and groups[-1] in _OTHERS) or (
        _last(trail) is not None and organ_on_the_way(trail, region) is None
    )


def _last(trail: Sequence[Step]) -> str | None:
    return next((step.label for step in reversed(_inside(trail)) if _ends_as_organ(step.label)), None)


def _inside(trail: Sequence[Step]) -> Sequence[Step]:
    """The steps from the column on; none where the way never came through it by a name of it."""
    at = next((at for at, step in enumerate(trail) if read_label(step.label).kind == "column"), len(trail))
    return trail[at:]


def _ends_as_organ(label: str) -> bool:
    fits = read_label(label).kind == "other" and 3 <= len(label) <= 24 and not _OWN_SITE.search(label)
    return fits and kind_of(label) is not None
