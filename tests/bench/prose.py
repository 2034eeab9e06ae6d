"""Report pages like real ones: the sample's chapters, figures and tables, filled up with sentences no two pages share.

After measured reports (sources/measurements#size-of-a-page): 46 sentences and 3,039 signs of text, a number in every
other sentence; as gzip 1.2 bytes a sign, 0.7 beside another report's text. What a portal prints on 2008 to 2013 is
prose alone, on 2014 to 2018 half of its reports have the annex, and from 2019 on all have the three tables.
"""

from __future__ import annotations

from random import Random

from crawler.sample.prose import Subject, paragraph, write
from crawler.sample.tables import Style, Zero
from tests.bench.vocabulary import ACTS, MANNERS, SUBJECTS

SENTENCES = {"prose": range(32, 54), "tables": range(24, 48)}
"""Full stops in a report's text; headings and the signature count as sentences as well."""
_STYLES: dict[str, tuple[Style, ...]] = {
    "prose": ("plain", "editor", "editor", "word"),
    "tables": ("plain", "plain", "plain", "editor"),
}
"""How the texts are pasted. Word's markup of three tables is longer than real pages are on average."""
_ZEROS: tuple[Zero, ...] = ("0", "0", "0", "&nbsp;", "-")

_CHARACTERS = (
    "东西南北中上下新安平和泰康宁永兴昌盛丰裕华明光辉阳春秋水山河江海湖溪泉石林木松柏梅兰竹菊桃李杏桂荷花草田园"
    "金银玉珠宝龙凤虎马牛羊鹤云雨雪风雷星月天地人民文武仁义礼智信忠孝诚德福禄寿喜庆祥瑞吉利达通顺和合同心建设工农"
    "商学兵红旗卫星前进胜利团结友谊解放跃先锋育才劳动青年朝长高大小双三五七八九十万千百家庄村屯堡营寨桥井沟岭岗台"
    "塔寺观庙湾洼甸泡沙柳杨榆槐柞白黑赤黄蓝紫古老头沿口关城门街巷路里站场厂矿仓库塘坝闸渠滩洲岛屿峰崖谷坪坡峪川"
)
_END = "</p>\n"
"""Ends a paragraph of the text; those within a cell are followed by the cell's own end."""
_NAMES = ("镇", "街道", "社区", "村", "路", "项目", "工业园", "小区", "灌区", "大桥", "学校", "医院", "广场", "公园")
_BODIES = (
    "机关各科室",
    "下属事业单位",
    "各镇街",
    "各基层站所",
    "区直有关部门",
    "窗口单位",
    "各村（社区）",
    "行业协会",
    "重点企业",
    "人大代表和政协委员",
    "新闻媒体",
    "服务对象",
)
_WAYS = (
    "专题会议",
    "现场推进会",
    "座谈会",
    "培训班",
    "联席会议",
    "开放日活动",
    "问卷调查",
    "第三方评估",
    "交叉检查",
    "电话回访",
    "集中宣传",
    "入户走访",
)
_FORMATS = (
    "图文",
    "短视频",
    "问答",
    "漫画",
    "直播访谈",
    "一图读懂",
    "宣传册",
    "展板",
    "广播",
    "手机报",
    "电子屏",
    "公告栏",
)
_PATTERNS = (
    "围绕{name}和{name2}等重点工作，{how}{act}{subject}，发布{format}信息{n}条，回应{body}关心的问题{m}个。",
    "{month}月，组织{body}参加{subject}{way}{m}次，{n}人次到场，收集意见建议{k}条并{how}办理。",
    "针对{subject}、{subject2}等群众关注度较高的事项，{how}{act}工作流程，在{name}设立咨询点{m}处，接受咨询{n}人次。",
    "制定《{name}{subject}工作方案》，明确由{body}负责{act}，{body2}配合落实，做到责任到岗、任务到人。",
    "{how}{act}{subject}目录，调整事项{n}项，取消{m}项，同步更新{format}、{format2}等内容，方便{body}查询。",
    "在{subject}领域，{act}{name}、{name2}两个示范点，形成可复制的做法{m}项，并在{body}中推广。",
    "加强{subject}信息审核，{how}执行先审查后公开，对{n}份文件逐件{act}，其中{m}份由{body}会同保密部门研究后确定。",
    "办理{body}来信来电{n}件，其中涉及{subject}{m}件、{subject2}{k}件，按期答复，满意率{p}%。",
    "与{name}建立{subject}共享机制，{how}交换数据{n}条，减少{body}重复填报材料{m}项。",
    "{act}{subject}平台，新增{format}栏目{m}个，整合{name}等{k}个页面，全年访问{n}次。",
    "对{body}开展{subject}{way}，发现问题{m}个，下发整改通知{k}份，目前已全部{act}到位。",
    "通过{format}、{format2}等形式解读{subject}政策{m}件，覆盖{name}、{name2}居民{n}户。",
    "{name}被确定为{subject}试点，{how}{act}相关制度，{body}反映良好。",
    "受人员变动影响，{body}对{subject}的要求掌握不够，{act}还不{how}，{name}等地更新偏慢。",
    "下一步将{how}{act}{subject}，把{name}的经验推广到{body}，力争{subject2}工作再上新台阶。",
    "一方面{act}{subject}，把{way}开到{name}；另一方面{act2}{subject2}，让{body}看得到、听得懂、能监督。",
    "{month}月{day}日，在{name}举行{subject}{way}，邀请{body}等{n}人参加，现场解答提问{m}个。",
    "安排资金{n}.{m}万元用于{name}{subject}建设，{how}公布资金分配结果和{subject2}进展。",
    "在{name}，{subject}已{how}{act}。",
)
_TAILS = (
    "并把{subject2}列入{name2}的年度考核",
    "由{body2}{how}跟踪落实",
    "经验做法在{format2}中刊登{k}次",
    "比上一年更加{how}",
    "得到{name2}和{body2}的支持",
    "有关情况已向{body2}通报",
)
"""How most sentences go on."""


def _name(rng: Random) -> str:
    return "".join(rng.choices(_CHARACTERS, k=rng.choice((2, 2, 3)))) + rng.choice(_NAMES)


def sentence(rng: Random) -> str:
    """A sentence of a report on its year: who did what where, and how often."""
    subject, subject2 = rng.sample(SUBJECTS, 2)
    act, act2 = rng.sample(ACTS, 2)
    body, body2 = rng.sample(_BODIES, 2)
    first, second = rng.sample(_FORMATS, 2)
    pattern = rng.choice(_PATTERNS)
    if rng.random() < 0.75:
        pattern = pattern.removesuffix("。") + f"，{rng.choice(_TAILS)}。"
    return pattern.format(
        name=_name(rng),
        name2=_name(rng),
        subject=subject,
        subject2=subject2,
        act=act,
        act2=act2,
        body=body,
        body2=body2,
        format=first,
        format2=second,
        how=rng.choice(MANNERS),
        way=rng.choice(_WAYS),
        n=rng.randint(20, 4_000),
        m=rng.randint(2, 40),
        k=rng.randint(2, 90),
        p=rng.randint(90, 99),
        month=rng.randint(1, 12),
        day=rng.randint(1, 28),
    )


def body(organ: str, year: int, signed: tuple[int, int, int]) -> str:
    """The HTML of a report's text: always the same for an organ and a year. `signed`: year, month, day under it."""
    rng = Random(f"{organ} {year}")
    annex = 2014 <= year < 2019 and rng.random() < 0.5
    kind = "tables" if annex or year >= 2019 else "prose"
    style = rng.choice(_STYLES[kind])
    unit = organ.removeprefix("沈阳市")
    subject = Subject(organ, f"我{unit[-1]}", unit, year, rng.randint(3, 200), style, rng.choice(_ZEROS), annex=annex)
    pieces = write(subject, rng, None, signed, organ).html.split(_END)
    wanted = rng.choice(SENTENCES[kind]) - sum(piece.count("。") for piece in pieces)
    while wanted > 0:
        count = min(wanted, rng.randint(1, 4))
        text = paragraph("".join(sentence(rng) for _ in range(count)), style)
        # Behind the opening, above the signature.
        pieces.insert(rng.randrange(2, len(pieces) - 2), text.removesuffix(_END))
        wanted -= count
    return _END.join(pieces)
