"""Sentences as reports have them, through the reading of a text: what each states, and what it says nothing of."""

from __future__ import annotations

import pytest

from pipelines.statistics.narrative import AMBIGUOUS, read_narrative

YEAR = 2015
DISCLOSED = "二、主动公开政府信息情况\n"
REQUESTED = "三、依申请公开政府信息情况\n"
FEES = "四、政府信息公开的收费及减免情况\n"
DISPUTED = "五、因政府信息公开申请行政复议、提起行政诉讼情况\n"


def said(text: str, organ: str = "青桥县人民政府") -> dict[str, float | str]:
    """By measure its value, or the method that says why it has none."""
    figures = read_narrative(text, YEAR, organ).figures
    return {figure.code or "": figure.method if figure.value is None else figure.value for figure in figures}


CASES: list[tuple[str, dict[str, float | str]]] = [
    # what is not closed, what came late, what was not clear
    (REQUESTED + "收到政府信息公开申请9件，尚未办结3件。", {"req_received": 9}),
    (REQUESTED + "收到政府信息公开申请9件，按时办结8件，逾期办结1件。", {"req_received": 9, "req_closed_on_time": 8}),
    (REQUESTED + "收到政府信息公开申请9件，未答复2件。", {"req_received": 9}),
    (REQUESTED + "收到政府信息公开申请9件，补正后申请内容仍不明确1件。", {"req_received": 9}),
    # records by how open they are are no requests
    (DISCLOSED + "2015年印发文件310件，主动公开200件，依申请公开80件，不予公开30件。", {"disc_total": 200}),
    (DISCLOSED + "信息310条，其中主动公开230条，依申请公开80条。", {"disc_total": 230}),
    (DISCLOSED + "全年主动公开政府信息310条，依申请公开5件。", {"disc_total": 310, "req_received": 5}),
    # two totals that disagree
    (DISCLOSED + "全年公开政府信息3456条，综上共3465条。", {"disc_total": AMBIGUOUS}),
    (DISCLOSED + "全年主动公开政府信息3456条，综上共公开3465条。", {"disc_total": AMBIGUOUS}),
    (REQUESTED + "收到政府信息公开申请9件，全年合计10件。", {"req_received": AMBIGUOUS}),
    (DISCLOSED + "网站公开信息100条，微信公开50条，合计160条。", {"disc_via_website": 100, "disc_via_wechat": 50}),
    # the country
    ("全国31个省共收到政府信息公开申请20万件。", {"req_received": "other organs"}),
    ("全国31个省（区、市）共收到政府信息公开申请20万件。", {"req_received": "other organs"}),
    ("全县32个部门共收到政府信息公开申请20件。", {"req_received": "other organs"}),
    # whose and when
    (
        REQUESTED + "2015年，全县各职能部门、镇街共收到政府信息公开申请149件。",
        {"req_received": 149},
    ),
    (DISCLOSED + "自2015年1月1日起至2015年12月31日止，我镇经审核主动公开信息56条。", {"disc_total": 56}),
    (DISCLOSED + "自2008年5月1日起，主动公开信息5600条。", {"disc_total": "other time"}),
    (
        DISCLOSED + "到年底累计主动公开政府信息592条，全文电子化率达90.3%，其中，本年度新增主动公开政府信息211条。",
        {"disc_total": 211},
    ),
    # channels beside one another are no total; one channel with a name in quotation marks
    (
        DISCLOSED + "通过县政府门户网站及本部门网站主动公开信息共计79条，通过微信公众号发布信息25条。",
        {"disc_total": "other channel", "disc_via_wechat": 25},
    ),
    (DISCLOSED + "2015年我局在县政府门户网站“信息公开平台”主动公开政府信息84条。", {"disc_via_website": 84}),
    (
        DISCLOSED + "全年主动公开政府信息243条，其他方式主动公开政府信息13条。",
        {"disc_total": 243, "disc_via_other": 13},
    ),
    # words between
    (DISCLOSED + "我局主动向社会公开政府信息345条。", {"disc_total": 345}),
    (DISCLOSED + "2015年度共主动公开政府信息（综合政务类）287条。", {"disc_total": 287}),
    (DISCLOSED + "2015年全年公开401条信息。", {"disc_total": 401}),
    (DISCLOSED + "全年信息公开总量345条。", {"disc_total": 345}),
    (REQUESTED + "我局收到政府信息公开申请书58份。", {"req_received": 58}),
    (REQUESTED + "我局收到政府信息依申请公开办理事项1件。", {"req_received": 1}),
    (REQUESTED + "我局受理2个申请公开信息事项。", {"req_received": 2}),
    (REQUESTED + "局门户网站12个栏目发布文章。", {}),
    (REQUESTED + "我局依申请公开受理6件。", {"req_received": 6}),
    (
        REQUESTED + "收到政府信息公开申请104件，共答复依申请信息公开103件。",
        {"req_received": 104, "req_answered": 103},
    ),
    (
        REQUESTED + "共答复10件，其中予以公开3件，部分公开6，占60%；不予公开1件。",
        {"req_answered": 10, "req_ans_granted": 3, "req_ans_partial": 6, "req_ans_denied": 1},
    ),
    # none
    (DISPUTED + "无。", {"review_total": 0, "suit_total": 0}),
    (DISPUTED + "2015年，我镇无此类情况。", {"review_total": 0, "suit_total": 0}),
    (DISPUTED + "行政复议、行政诉讼为零。", {"review_total": 0, "suit_total": 0}),
    (DISPUTED + "不存在信息公开行政复议和行政诉讼情况。", {"review_total": 0, "suit_total": 0}),
    (DISPUTED + "因信息不存在引发行政复议1件。", {"review_total": 1}),
    (DISPUTED + "引发行政复议1件、行政诉讼0件，无行政复议纠错和行政诉讼败诉。", {"review_total": 1, "suit_total": 0}),
    (DISPUTED + "行政复议1件，复议后诉讼0件。", {"review_total": 1, "suit_total": 0}),
    (REQUESTED + "无。", {"req_received": 0}),
    (REQUESTED + "我镇2015年度无申请。", {"req_received": 0}),
    (REQUESTED + "依申请受理信息公开申请：无。", {"req_received": 0}),
    (REQUESTED + "未收到依申请公开信息的咨询。", {}),
    (FEES + "无", {"fee_collected_wan": 0}),
    (FEES + "我镇2015年度无申请。", {}),
    ("未产生与诉讼（行政复议）有关的费用支出。", {}),
    ("六、存在的主要问题\n无。", {}),
    (DISPUTED + "2014年无此类情况。", {}),
    (REQUESTED + "2014年未收到政府信息公开申请，2015年收到政府信息公开申请3件。", {"req_received": 3}),
    (REQUESTED + "2015年未收到政府信息公开申请（2014年收到5件）。", {"req_received": 0}),
    (REQUESTED + "与2014年相比，未收到政府信息公开申请。", {"req_received": 0}),
    (REQUESTED + "没有不予公开的申请。", {}),
    (REQUESTED + "未收到通过传真提交的政府信息公开申请。", {}),
    (REQUESTED + "未收到网上、信函等方式的政府信息公开申请。", {"req_received": 0}),
    (DISPUTED + "行政复议1件（2014年2件），行政诉讼4件（2014年1件）。", {"review_total": 1, "suit_total": 4}),
    (DISPUTED + "仅发生1件行政复议，未发生行政诉讼。", {"review_total": 1, "suit_total": 0}),
    (DISPUTED + "从未发生过一起信息公开行政复议和行政诉讼。", {"review_total": 0, "suit_total": 0}),
    (DISPUTED + "未发生1起因信息公开引发的行政复议案件。", {"review_total": 0}),
    (REQUESTED + "没有一件政府信息公开申请超期。", {}),
    (REQUESTED + "没有政府信息公开申请被延期答复。", {}),
    (REQUESTED + "没有收到要求更正政府信息的申请。", {}),
    (FEES + "无因政府信息公开引起的费用减免。", {}),
    (DISPUTED + "行政复议、行政诉讼情况 收到行政复议申请0件。", {"review_total": 0}),
    # other things than they seem
    ("专线12333回应公众关切40000余次。", {}),
    ("参加县里组织的政务公开培训3次，组织信息公开培训2次。", {"meet_trainings": 2}),
    ("组织信息公开专项培训会议1次。", {"meet_trainings": 1}),
    ("设立了1个信息公开申请受理点，开辟了17个公共查阅点。", {"org_reading_points": 17}),
    (
        "配备信息公开工作3名专职和2名兼职工作人员。",
        {"org_staff_full_time": 3, "org_staff_part_time": 2},
    ),
    (DISPUTED + "行政诉讼1件。刑事诉讼9件，民事诉讼7件。", {"suit_total": 1}),
    (FEES + "收取保证金18万元，收取诉讼费300元，收取检索、复制费42元。", {"fee_collected_wan": 0.0042}),
    ("一、总体情况\n全年公开信息30条。\n二、其他工作\n收到投诉69件。", {"disc_total": 30}),
    (REQUESTED + "收到公租房申请25件，收到政府信息公开申请3件。", {"req_received": 3}),
    (REQUESTED + "收到涉及养老保险的政府信息公开申请3件。", {"req_received": 3}),
    (DISPUTED + "行政复议8件，维持秩序17次，其中维持6件。", {"review_total": 8, "review_upheld": 6}),
    (DISCLOSED + "２０１４年主动公开政府信息７６条。", {"disc_total": "other time"}),
    (
        REQUESTED + "收到政府信息公开申请9件，已办结6件，其中同意公开7件，不予公开2件。",
        {"req_received": 9, "req_closed": 6, "req_ans_granted": 7, "req_ans_denied": 2},
    ),
    (REQUESTED + "收到政府信息公开申请17件，答复网民留言74条。", {"req_received": 17}),
    (REQUESTED + "收到政府信息公开申请17件，答复公民提出的各类申请共计9件。", {"req_received": 17}),
    (
        REQUESTED + "本年度共受理45件政府信息公开申请，已全部按期答复。",
        {"req_received": 45, "req_answered": 45},
    ),
    (REQUESTED + "2014年结转3件，2015年新收42件，办结44件。", {"req_received": 42, "req_closed": 44}),
    (REQUESTED + "上年度结转3件，本年度收到42件，共计45件。", {"req_received": 42}),
    (REQUESTED + "我镇依申请公开请求9件，答复完毕9件。", {"req_received": 9, "req_answered": 9}),
    (
        DISPUTED + "行政复议3件，均维持原行政行为；行政诉讼4件，驳回原告诉讼请求3件。",
        {"review_total": 3, "review_upheld": 3, "suit_total": 4, "suit_upheld": 3},
    ),
    (
        DISPUTED + "行政复议3件，其中被撤销1件、被确认违法1件、维持1件。",
        {"review_total": 3, "review_corrected": 2, "review_upheld": 1},
    ),
    (DISPUTED + "行政复议3件，纠正2件，其中撤销1件。", {"review_total": 3, "review_corrected": 2}),
    (DISPUTED + "答复后被行政复议1件，未审结。", {"review_total": 1}),
    (
        DISCLOSED + "政府网站公开800条，微博公开200条，合计1000条。",
        {"disc_total": 1000, "disc_via_website": 800, "disc_via_weibo": 200},
    ),
    (DISCLOSED + "公开政府信息总数1234条，其中概况类34条。", {"disc_total": 1234}),
    (DISCLOSED + "通过微信工作群公开200余条。", {}),
    ("参加或举办新闻发布会3次，参加新闻发布会2次。", {"resp_press_conf": 3}),
    ("组织2次政务公开业务培训。", {"meet_trainings": 2}),
    (DISCLOSED + "政务微信“青桥之声”（微信号：qqzs4822006）公开政府信息23条。", {"disc_via_wechat": 23}),
    (DISCLOSED + "政府网站（http://www.example.gov.cn/col123/）共主动公开政务信息78条。", {"disc_via_website": 78}),
    # from one number to another
    (DISCLOSED + "主动公开政府信息由2014年的300条增加到2015年的345条。", {"disc_total": 345}),
    (DISCLOSED + "政府网站公开信息从300条增加到345条。", {"disc_via_website": 345}),
    (DISCLOSED + "全年主动公开政府信息从上年的300条增加到345条。", {"disc_total": "other time"}),
    (REQUESTED + "收到政府信息公开申请由2014年30件减少到20件。", {"req_received": "other time"}),
    (DISCLOSED + "政务微信公开政府信息数170，其他方式公开49条。", {"disc_via_wechat": 170, "disc_via_other": 49}),
    # a row that is one sentence
    (DISPUTED + "总计\t总计\n本年度发生行政复议2件，行政诉讼1件。\t\t", {"review_total": 2, "suit_total": 1}),
    (DISPUTED + "行政复议，数量\t件\t7", {}),
    # no rule reads it, and nothing else is said: told
    (DISCLOSED + "我乡公开政府工作信息、动态75条。", {"disc_total": "unread"}),
    (REQUESTED + "申请公开政府信息的有9件。", {"req_received": "unread"}),
    (DISCLOSED + "公开各科室文件80份。", {"disc_total": "unread"}),
    (DISCLOSED + "政府网站公开政府信息7条，公开各科室文件80份。", {"disc_via_website": 7}),
    (DISCLOSED + "信息公开专栏访问量80次。", {}),
    (DISPUTED + "发生行政复议的情形，本县有7件。", {}),
    # a heading of a part, of what went wrong or of another year is none of the whole
    *((f"{heading}\n无。", {}) for heading in (
        "六、依申请公开工作存在的问题", "（二）依申请公开中部分公开情况", "（四）依申请公开办理超期情况",
        "（一）网上依申请公开情况", "四、2014年依申请公开情况", "五、行政诉讼败诉情况", "七、复议、诉讼中的问题及改进",
    )),
    ("三、依申请公开政府信息和不予公开政府信息的情况\n无。", {"req_received": 0}),
    ("（五）2015年因政府信息公开引发的行政复议和行政诉讼情况\n无。", {"review_total": 0, "suit_total": 0}),
    (DISPUTED + "未发生行政复议后起诉的行政诉讼。", {}),
    # what is counted by another unit, or was received, is no kind of record
    (DISCLOSED + "主动公开信息200条，受理依申请公开3件，不予公开1件。", {
        "disc_total": 200, "req_received": 3, "req_ans_denied": 1,
    }),
    (DISCLOSED + "2015年主动公开政府信息200条，依申请公开2件，不予公开0件。", {
        "disc_total": 200, "req_received": 2, "req_ans_denied": 0,
    }),
    # what it rose to is an aim; what is said of a second number is of another thing
    (DISCLOSED + "主动公开政府信息数量从100条提高到计划的200条。", {"disc_total": "unread"}),
    (DISCLOSED + "主动公开政府信息800条，共收到200条留言。", {"disc_total": 800}),
    (DISCLOSED + "全年公开401条信息，其中主动公开信息380条，依申请公开21条。", {"disc_total": 380}),
    (REQUESTED + "新收8件，结转2件，共收到10件。", {"req_received": 8}),
    (REQUESTED + "梳理依申请公开事项12项。", {}),
    # two counts of one channel of which none is said to be a part of the other
    (DISCLOSED + "微信公众号推送文章300篇，公众号公开政府信息120条。", {"disc_via_wechat": AMBIGUOUS}),
    (DISCLOSED + "微信公众号公开信息300条，其中公众号发布解读120篇。", {"disc_via_wechat": 300}),
    (DISCLOSED + "政府网站公开信息300条，政务服务网公开12条。", {"disc_via_website": 300}),
    # ways of being corrected that may be of one case
    (DISPUTED + "行政诉讼3件，一审撤销1件，二审撤销1件。", {"suit_total": 3, "suit_corrected": AMBIGUOUS}),
    (DISPUTED + "行政诉讼3件，撤销1件（确认违法1件）。", {"suit_total": 3, "suit_corrected": 1}),
    (
        DISPUTED + "行政复议5件，撤销2件，责令重新答复2件，维持3件。",
        {"review_total": 5, "review_corrected": AMBIGUOUS, "review_upheld": 3},
    ),
    ("政府信息公开专职或兼职人员3名。", {}),
    # what was done with requests in words that name no end
    (REQUESTED + "收到政府信息公开申请54条，已处理54条。", {"req_received": 54, "req_closed": "unread"}),
    (REQUESTED + "收到政府信息公开申请54条，已处理54条，均已答复。", {"req_received": 54, "req_closed": "unread"}),
    (REQUESTED + "收到政府信息公开申请54条，已办理信访5件。", {"req_received": 54}),
    # none of a part, and what was not upheld
    (REQUESTED + "依申请公开中存在的问题：无。", {}),
    (REQUESTED + "不予公开的申请：无。", {}),
    (REQUESTED + "依申请公开数量：无。", {"req_received": 0}),
    (DISPUTED + "行政诉讼中存在的问题：无。", {}),
    (DISPUTED + "行政复议3件，均未维持。", {"review_total": 3}),
    (
        DISPUTED + "行政复议3件（均维持）、行政诉讼2件（1件胜诉）。",
        {"review_total": 3, "review_upheld": 3, "suit_total": 2},
    ),
    # what a platform published beside what others did is no total
    (
        DISCLOSED + "本年度，我局通过政府信息公开平台公开信息93条，政府网站公开信息508条，微信公众号公开信息42条。",
        {"disc_total": "other channel", "disc_via_website": 508, "disc_via_wechat": 42},
    ),
    (DISCLOSED + "全年通过政务平台共公开信息93条，其中政府网站公开信息50条。", {
        "disc_total": 93, "disc_via_website": 50}),
    (DISCLOSED + "全年通过政府信息公开平台共公开信息93条，较上年增加5条。", {"disc_total": 93}),
    # what is sent elsewhere, and a kind of what is published, are no totals that no rule reads
    (DISCLOSED + "公开报送政务信息48条。", {}),
    (DISCLOSED + "公开政策文件12份。", {}),
    (REQUESTED + "依申请公开申请表下载12份。", {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "organ", "expected"),
    [
        ("全省各级行政机关主动公开政府信息9万条。", "海桥市教育局", "other organs"),
        ("全省各级行政机关主动公开政府信息9万条。", "某省市场监督管理局", 90_000),
        ("市公安局主动公开政府信息90条。", "海安市教育局", "other organs"),
        ("区安监局主动公开政府信息90条。", "海桥市安全生产监督管理局", 90),
        ("2015年 1月 1日至2015年 12月 31日，主动公开政府信息90条。", "海桥市教育局", 90),
    ],
)
def test_of_a_department(text: str, organ: str, expected: float | str) -> None:
    assert said(text, organ)["disc_total"] == expected


@pytest.mark.parametrize(("text", "expected"), CASES, ids=range(len(CASES)))
def test_prose(text: str, expected: dict[str, float | str]) -> None:
    assert said(text) == expected
