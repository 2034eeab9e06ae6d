"""A portal whose columns only a browser can show: years, lists and one report are built by a script out of JSON.

After the shells that single-page portals send: an empty element, one script, a service. The script also tries all it
must not: the decoy host by every way that a page has, leaving for another page, asking for ever.
"""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

import json

from tests.servers.base import Answer, Report, TestPortal
from tests.servers.writing import lookalike, report

COUNTY = "210381"
PER_PAGE = 5

_SCRIPT = """
const box = document.getElementById('app');
const here = new URLSearchParams(location.search);
const show = html => box.insertAdjacentHTML('beforeend', html);
async function list(year) {
  const page = Number(here.get('page') || 1);
  const answer = await fetch('/api/list', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({year, page})});
  const told = await answer.json();
  show('<ul>' + told.rows.map(row => `<li><a href="${row.url}">${row.title}</a><span>${row.day}</span></li>`).join('') + '</ul>');
  if (page < told.pages) show(`<div class="page">共${told.total}条 <a href="?page=${page + 1}">下一页</a></div>`);
}
async function start() {
  const told = document.body.dataset;
  if (told.years) {
    const years = await (await fetch('/api/years')).json();
    show('<ul>' + years.map(year => `<li><a href="/nb/${year}/">${year}年</a></li>`).join('') + '</ul>');
  } else if (told.year) await list(told.year);
  else if (told.article) {
    const text = await (await fetch('/api/article/' + told.article)).text();
    show(text);
  }
}
start()
"""
_WILD = """
  .then(() => {
    const endless = document.body.dataset.article;
    let questions = 0;
    const asking = setInterval(() => {
      if (endless || ++questions <= 100) fetch('/api/years?' + Math.random()); else clearInterval(asking);
    }, endless ? 50 : 5);
  });
const decoy = 'http://{{decoy}}';
const quiet = action => { try { Promise.resolve(action()).catch(() => 0); } catch (error) { } };
quiet(() => fetch(decoy + '/fetch', {mode: 'no-cors'}));
quiet(() => new WebSocket('ws://{{decoy}}/socket'));
quiet(() => new EventSource(decoy + '/events'));
quiet(() => navigator.sendBeacon(decoy + '/beacon', 'x'));
quiet(() => navigator.serviceWorker.register('/worker.js'));
quiet(() => new Worker(decoy + '/worker'));
for (const [tag, name] of [['img', 'src'], ['iframe', 'src'], ['script', 'src'], ['embed', 'src'], ['video', 'src']]) {
  const element = document.createElement(tag); element[name] = decoy + '/' + tag; document.body.append(element);
}
for (const rel of ['stylesheet', 'prefetch', 'preconnect', 'dns-prefetch', 'prerender', 'preload']) {
  const link = document.createElement('link'); link.rel = rel; link.href = decoy + '/' + rel; document.head.append(link);
}
quiet(() => window.open(decoy + '/window'));
quiet(async () => {
  const peer = new RTCPeerConnection({iceServers: [{urls: 'stun:{{decoy}}'}]});
  peer.createDataChannel('x');
  await peer.setLocalDescription(await peer.createOffer());
});
setTimeout(() => quiet(() => { location.href = decoy + '/away'; }), 200);
"""


def scripted(*, wild: bool = False) -> TestPortal:
    """海城市 by scripts. `wild`: its script also tries to get out, and asks more than it may, on one page for ever."""
    reports = [
        *(report(f"/nb/{year}/a{year}.html", "海城市人民政府", "government", COUNTY, year) for year in (2021, 2022, 2023)),
        *(
            report(f"/nb/2022/b{number}.html", organ, kind, COUNTY, 2022)
            for number, (organ, kind) in enumerate(
                [("海城市财政局", "department"), ("海城市民政局", "department"), ("海城市南台镇人民政府", "township"),
                 ("海城市腾鳌镇人民政府", "township"), ("海城市司法局", "department"), ("海城市水利局", "department")]
            )
        ),
    ]  # fmt: skip
    by_script = reports[0].path
    pages: dict[str, Answer] = {made.path: _article(made) for made in reports}
    pages[by_script] = _page("海城市人民政府", '<div id="app"></div>', 'data-article="1"')
    pages["/api/article/1"] = _body(reports[0])
    false = lookalike(0, "海城市", 2022)
    pages["/nb/2022/c0.html"] = _page(false.title, f"<h1>{false.title}</h1><p>{false.html}</p>")
    rows = {
        year: [
            {"url": made.path, "title": made.title, "day": made.published_on}
            for made in reports
            if made.report_year == year
        ]
        for year in (2021, 2022, 2023)
    }
    rows[2022].append({"url": "/nb/2022/c0.html", "title": false.title, "day": false.day})
    pages["/"] = _page(
        "海城市人民政府",
        '<ul><li><a href="/zwgk/">政务公开</a></li><li><a href="/dt/">新闻动态</a></li></ul>',
        plain=True,
    )
    pages["/zwgk/"] = _page("政务公开", '<ul><li><a href="/nb/">政府信息公开年报</a></li></ul>', plain=True)
    pages["/dt/"] = _page("新闻动态", "<p>暂无</p>", plain=True)
    pages["/nb/"] = _page("政府信息公开年报", '<div id="app"></div>', 'data-years="1"')
    pages["/api/years"] = json.dumps(sorted(rows))
    for year in rows:
        pages[f"/nb/{year}/"] = _page(f"{year}年", '<div id="app"></div>', f'data-year="{year}"')
    pages["/app.js"] = _SCRIPT + (_WILD if wild else ";")

    def answer(asked: object) -> str:
        told = json.loads(asked.form)  # type: ignore[attr-defined]
        start = (told["page"] - 1) * PER_PAGE
        found = rows[int(told["year"])]
        return json.dumps(
            {"rows": found[start : start + PER_PAGE], "total": len(found), "pages": -(-len(found) // PER_PAGE)}
        )

    pages["/api/list"] = answer
    return TestPortal(pages, reports, name="scripted", region=COUNTY)


def _page(title: str, main: str, data: str = "", plain: bool = False) -> str:
    script = "" if plain else '<script src="/app.js"></script>'
    return (
        f'<html><head><meta charset="utf-8"><meta name="SiteName" content="海城市人民政府"><title>{title}</title>'
        f'<link rel="stylesheet" href="/style.css"></head><body {data}>{main}<img src="/logo.png">{script}</body></html>'
    )


def _body(made: Report) -> str:
    return f"<h1>{made.title}</h1><div>发布时间：{made.published_on}　来源：海城市人民政府</div><div id='zoom'>{made.html}</div>"


def _article(made: Report) -> str:
    return _page(made.title, _body(made), plain=True)
