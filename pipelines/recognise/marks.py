"""The marks by which pages are told apart: words and patterns with the place each was learnt from, nothing else.

Every table is a list that can be read and printed; the rules that use them stand in `pipelines.recognise`.
"""

from __future__ import annotations

import re

HAN = re.compile("[\u3400-\u9fff]")
"""A Chinese character."""
CHALLENGE_MARKS: tuple[tuple[str, str], ...] = (
    # (words in the source, system); sources/obstacles#challenges
    ("$_ts", "瑞数 botgate"),
    ("__jsl_clearance", "加速乐"),
    ("jsluid", "加速乐"),
    ("jiasule", "加速乐"),
    ("acw_sc__v2", "阿里云盾"),
    ("errors.aliyun.com", "阿里云盾"),
    ("NC_appkey", "阿里云盾"),
    ("alicdn.com/sd-base", "阿里云盾"),
    ("g.alicdn.com/sd/punish", "阿里云盾"),
    ("safedog", "安全狗"),
    ("security_verify_data", "云锁"),
    ("security_session_verify", "云锁"),
    ("yunsuo_session", "云锁"),
    ("YunSuoAutoJump", "云锁"),
    ("/_guard/", "_guard"),
    ("guardret", "_guard"),
    ("D盾_拦截提示", "D盾"),
    ("d99net", "D盾"),
    ("btwaf", "宝塔"),
    ("safeline", "雷池"),
    ("sl-challenge", "雷池"),
    ("awswaf", "AWS WAF"),
    ("_Incapsula_Resource", "Incapsula"),
    ("sucuri_cloudproxy", "Sucuri"),
    ("TencentCaptcha", "腾讯云"),
    ("aliyunCaptcha", "阿里云盾"),
    ("aliyunwaf", "阿里云盾"),
    ("wangzhan.qianxin", "奇安信"),
    ("网站卫士", "360"),
    ("zhuji.360.cn", "360"),
    ("nsfocus", "绿盟"),
    ("dbappwaf", "安恒玄武盾"),
    ("365cyd.c", "创宇盾"),
    ("ks_waf_error", "创宇盾"),
    ("wzws-waf-cgi", "360"),
    ("wzwschallenge", "360"),
    ("yunjiasu", "百度云加速"),
    ("waf.tencent-cloud.com", "腾讯云"),
    ("腾讯云Web应用防火墙", "腾讯云"),
    ("HWWAFSESID", "华为云"),
    ("yd_cookie", "云盾 YUNDUN"),
    ("<!-- event id:", "雷池"),
    ("cf-browser-verification", "Cloudflare"),
    ("challenge-platform", "Cloudflare"),
)
CAPTCHA = re.compile(r"initGeetest|initAlicom4|<(?:meta|script)\b[^<>]{0,300}\sr\s*=\s*[\"']m[\"']")
"""In the source of a page that shows next to nothing: a picture to be solved (极验), what 瑞数 marks its tags by."""
CHALLENGE_WORDS = re.compile(
    "安全验证|人机验证|浏览器安全检[查测]|安全检[查测]中|正在进行安全检[查测]|滑动验证|请完成验证|请输入验证码|访问过于频繁|异常访问|拒绝访问|请求UUID为|您的请求ID是|请求被拦截|已被拦截|访问被拦截"
    "|疑似黑客攻击|正在检[测查](?:您的)?浏览器|Justamoment|requesthasbeenblocked|CheckingyourBrowser",
    re.I,
)
"""What a shield says, white space removed (sources/obstacles#challenges)."""
REFUSAL_WORDS = re.compile(
    r"防火墙|拦截|(?<![A-Za-z])WAF(?![A-Za-z])|恶意(?:请求|访问|攻击)|攻击行为|访问(?:被|已被)阻断"
    r"|(?:不支持|禁止|限制|拒绝|屏蔽)[^。]{0,8}(?:境外|海外|国外|地区|IP)[^。]{0,8}访问"
    r"|(?:境外|海外|国外)[^。]{0,10}(?:无法|不能|禁止|限制|暂停|不支持)[^。]{0,4}访问"
    r"|所在的?(?:国家|地区|区域|位置)[^。]{0,8}(?:无法|不能|不允许|禁止|不支持)[^。]{0,6}访问"
    r"|仅(?:限|供|允许|支持|对)[^。]{0,6}(?:中国|境内|国内|大陆)[^。]{0,10}(?:访问|开放)"
    r"|your(?:country|region|location|area)[^。]{0,40}(?:notallowed|notpermitted|blocked|denied|restricted|unavailable|notavailable)"
    r"|(?:您|你)的?(?:当前)?IP[^。]{0,24}(?:不在|被|已被|无权|禁止|限制)|yourIP[^。]{0,40}(?:blocked|denied|banned)",
    re.I,
)
"""What a firewall says; on a page that came with success only where its title says so or nothing else is to be read."""
REFUSAL_TEXT = 120
"""Characters of a page with success that says nothing but that it refuses."""
TOKEN_ADDRESS = re.compile(r"[?&][^=&]*=(?=[^&]*\d)[A-Za-z0-9+/_%=.-]{16,}")
"""A parameter that is a guard's token: long, and no word."""
WAITS = "asks_to_wait"
"""The rule of pages that did not come yet; whoever asked may ask again."""
WAIT_WORDS = re.compile(
    "请稍[候后等]|稍[候等]片刻|正在(?:加载|载入|跳转|进入|打开|连接)|(?:页面|数据|系统)?加载中|loading|please?wait|plswait|waiting|正在为您",
    re.I,
)
"""What a page says that is not there yet, white space removed (sources/obstacles#first-answers)."""
WAIT_TEXT = 60
"""Characters of such a page."""
COOKIE_RELOAD = re.compile(
    r"document\.cookie\s*=.{0,400}?(?:location\.(?:href|reload|replace)|location\s*=|window\.location)", re.S
)
"""A page that is nothing but a script setting a cookie and loading itself again (加速乐's first answer)."""
CHALLENGE_STATUS: dict[int, str] = {521: "加速乐", 512: "加速乐", 412: "瑞数 botgate"}
"""Statuses that shields alone send (sources/obstacles#challenges); 405, 403, 202 and 503 need a mark besides."""
CHALLENGE_TEXT = 400
"""A shield's page shows fewer characters than this: a solved page keeps the script and shows its content."""

MISSING_TITLE = re.compile(
    r"^(?:HTTP)?(?:错误|Error)?[:：]?\s*(?:404|410)\b|404(?:错误|页面|提示|NotFound)|NotFound$|页面?不存在|页面未找到|找不到(?:该|此)?(?:页面|网页|文件)"
    r"|无法找到(?:该|此)?(?:页|网页|文件)|访问出错|页面出错|^出错了|^错误(?:页面?|提示|信息)$|^网站提示|WhitelabelErrorPage|^Error$",
    re.I,
)
MISSING_WORDS = re.compile(
    r"(?:您|你)?(?:所|要)?(?:访问|浏览|查找|请求|查看|打开)的(?:页面|网页|内容|文件|信息|栏目|文章|资源)[^。]{0,12}?"
    r"(?:不存在|未找到|找不到|无法找到|出错|被移除|被删除|已删除|已过期|已失效|没有找到)"
    r"|(?:页面|网页)(?:不存在|未找到|找不到)|文件(?:不存在|未找到)"
    r"|暂时(?:无法访问|访问不了)(?:该|此)?(?:页面|网页|网站)|(?:页面|网页|文件|文章|信息|内容|栏目)(?:不存在或|已经?被?)(?:移除|删除|撤下|下线|过期)"
    r"|(?:该|此)(?:页面|网页|文件|文章|信息|内容|栏目)(?:不存在|未找到|已删除|已过期|已失效)|抱歉[，,]?(?:页面|网页|没有找到|找不到)"
    r"|404NotFound|Sorry,PageNotFound|WhitelabelErrorPage|errortype=NotFound|HTTP(?:Status|错误)?404|系统找不到|Thepagecannotbefound"
    r"|therequestedURL.{0,80}notfound",
    re.I,
)
"""What a polite page without content says, white space removed (sources/pages#soft-404)."""
MISSING_HINTS: tuple[str, ...] = (
    "不存在",
    "找",
    "出错",
    "删除",
    "移除",
    "撤下",
    "下线",
    "过期",
    "失效",
    "访问不了",
    "无法访问",
    "404",
    "ound",
    "Whitelabel",
)
"""One of these stands in every text that `MISSING_WORDS` matches; looked for first, because it is cheap."""
MISSING_TEXT = 700
"""Such a page shows little but its navigation: fewer characters than this outside links."""
CLOSED_WORDS = re.compile(
    r"(?:网站|站点|本站|域名|平台)[^。]{0,20}(?:关停|关闭|下线|停止(?:服务|运行|更新|访问)|迁移至|归并至|整合至|并入|已迁移)"
)
"""A site that says it was closed or moved (sources/named-pages#gdfzb-closed)."""

SPAM_WORDS = re.compile(
    "比分直播|(?:足球|篮球|体育)(?:直播|比分|投注)|即时比分|娱乐城|快3|快三(?:走势|开奖|平台)|六合彩|时时彩|彩票平台|博彩|赌场|赌博网|百家乐|老虎机|真人荷官|足球投注|体育投注|外围投注|开奖直播|棋牌平台|棋牌游戏下载"
    "|亚洲国产|国产精品|久久精品|欧美精品|无码|成人网站|成人视频|黄色网站|在线观看av|av在线|色情|约炮|威尼斯人|澳门新葡京|新葡京|永利|皇冠体育|bet365|manbetx|万博体育|凯发|澳门银河"
)
"""Betting and pornographic words that mark a hijacked page in its title or metas (sources/obstacles#spam-and-clones).
In small letters: asked of text in small letters, for a search that ignores case costs three times as much."""

SPAM_IN_TEXT: tuple[str, ...] = (
    "比分直播",
    "娱乐城",
    "六合彩",
    "时时彩",
    "百家乐",
    "老虎机",
    "国产精品",
    "久久精品",
    "新葡京",
    "威尼斯人",
    "bet365",
    "足球投注",
)
"""The commonest of them; three different ones in a text are no news about gambling."""

REPORT_MARKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    # chapters of a report, any generation of the form (sources/forms#chapters); white space removed. Plain words: a
    # search for each of them costs less than one for all by pattern.
    ("总体情况", ("总体情况", "概述", "基本情况", "概况")),
    ("主动公开", tuple("主动公开" + rest for rest in ("政府信息", "情况", "信息", "各类政府信息", "各类信息"))),
    ("依申请公开", ("依申请公开", "收到和处理政府信息公开申请")),
    ("行政复议", ("行政复议",)),
    ("行政诉讼", ("行政诉讼",)),
    (
        "存在的问题",
        (
            *("存在" + middle + last for middle in ("的", "的主要", "", "主要") for last in ("问题", "不足")),
            *("主要问题" + last for last in "和及与"),
        ),
    ),
    ("其他需要报告的事项", ("其他需要报告的事项", "其他需要报告事项", "需要说明的事项", "需要说明的其他事项")),
    ("条例", ("政府信息公开条例",)),
)
PERIOD = re.compile(r"统计(?:数据)?(?:的)?(?:期限|时限|截止|截至)|1月1日(?:起)?(?:至|到|—|-)+(?:\d{4}年)?12月31日")
"""A report also states its period (统计期限)."""
PREAMBLE = re.compile(
    r"政府信息公开条例[^。]{0,160}(?:编制|编写|撰写|公布|发布|制作|形成)[^。]{0,60}(?:年度报告|年报|报告)"
    r"|本(?:年度)?报告(?:是)?(?:根据|依据|按照|由)|本年报(?:根据|由)|现(?:予以?|将|向社会)?[^。]{0,12}(?:公布|发布)[^。]{0,40}信息公开[^。]{0,10}(?:年度报告|年报)"
)
"""How a report introduces itself, white space removed."""

_PUBLICATION_LABELS = (
    *("发布时间", "发布日期", "发表时间", "发稿时间", "更新时间", "信息来源", "文章来源", "稿件来源", "来源"),
    *("浏览次数", "点击数", "点击次数", "阅读次数", "访问次数", "浏览量", "字体", "字号", "保护视力色"),
)
_DATE_LABELS = ("时间", "日期", "发文日期", "生成日期", "成文日期")
PUBLICATION_LINE = re.compile(
    # Each way by itself, because the engine then goes by the first characters alone where none of them stands.
    "|".join(
        (
            *(f"{label}[:：]" for label in _PUBLICATION_LABELS),
            *(r"\[字体", "【字体"),
            *(rf"{label}[:：]\s*\d{{4}}" for label in _DATE_LABELS),
        )
    )
)
DATES: tuple[re.Pattern[str], ...] = (
    # one pattern a first character, because the engine skips to a literal ten times as fast
    re.compile(r"20\d\d[-./年]\d{1,2}[-./月]\d{1,2}(?!\d)"),
    re.compile(r"19\d\d[-./年]\d{1,2}[-./月]\d{1,2}(?!\d)"),
    re.compile(r"\[\d{1,2}[-/]\d{1,2}\]"),
    re.compile(r"\(\d{1,2}[-/]\d{1,2}\)"),
)
"""Dates as a list shows them beside its items."""
PAGING_SCRIPTS: tuple[bytes, ...] = (
    b"createPageHTML",
    b"var countPage",
    b"listModel(",
    b"new Pager",
    b"Pager({",
    b"dataproxy.jsp",
    b"<datastore",
)
PAGING_WORDS = re.compile(r"下一页|下页|共\d+页|共\d+条")
SITE_MAP = re.compile("网站地图|站点地图|sitemap", re.I)
