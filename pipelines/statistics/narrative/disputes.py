"""Words by which reviews and lawsuits on disclosure are told from those of any kind."""

from __future__ import annotations

import re

ANY_KIND = re.compile(
    r"应诉|出庭|法院(?:共)?受理|胜诉率|败诉率|审理|审结|依法行政|法治|办理(?:各类)?行政复议|行政执法|办案|立案|刑事|民事|调解|信访|执行案件|负责人|案件评查|法律顾问"
)
"""Words of a passage on lawsuits and reviews of any kind."""
OF_DISCLOSURE = re.compile(r"(?:信息|政务)公开|依申请|公开申请|申请公开")
AMONG_THEM = re.compile(r"其中[^，,；;。\d]{0,12}(?:信息公开|政务公开|依申请|公开类)")
