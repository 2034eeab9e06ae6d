"""The README of a release in English and in Chinese; the first has the head that Hugging Face reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawler.archive.release.package import DELTA, Facts
from crawler.archive.release.papers import DESCRIPTION, MADE_UP, MADE_UP_ZH, TITLE, citation, template
from crawler.archive.release.resource import Resource

_PAPERS = {
    "CITATION.cff": ("how to cite it", "引用格式"),
    "LICENCE.md": ("what may be done with what of it", "使用许可说明"),
    "CHANGELOG.md": ("what changed since the releases before", "各版变动"),
    "ERRATA.md": ("what is known to be wrong or disputed", "已知错误与争议"),
    "codebook.md": ("every measure, method and check", "指标、方法、校验规则"),
    "datapackage.json": ("all tables and columns for machines (Data Package 2)", "机器可读的表结构"),
    "croissant.json": ("the same for programs that learn (Croissant 1.0)", "机器学习用元数据"),
    "SHA256SUMS": ("checksums: `sha256sum --check SHA256SUMS`", "校验和"),
}
_TABLES = {
    "portals": ("the portals that reports were taken from", "所收门户网站"),
    "measures": ("every code of a figure, and how far it compares over the years", "指标代码与历年可比性"),
    "regions": ("codes of regions (GB/T 2260) that held at any time since 2008", "2008 年以来的行政区划代码"),
    "error_rates": ("how many figures were read as they stand, as measured", "读数准确率实测"),
    "reports": ("what one organ says about one year, without its text", "每个机关每一年度一份报告（不含正文）"),
    "statistics_wide": ("all figures of a report in one row", "一份报告一行，全部数字"),
    "checks": ("sums and comparisons that must hold", "勾稽关系校验"),
    "addresses": ("where a report stands and stood", "报告的网址"),
    "versions": ("when a report said something else", "报告的历次版本"),
    "attachments": ("files of a report", "附件"),
    "captures": ("the responses that all is taken from: the source to cite", "所据网页抓取记录"),
    "texts": ("texts of reports and of their files", "报告及附件正文"),
    "statistics": ("figures with their evidence", "数字及其出处"),
    "panel": ("a region and year in one row, the main measures", "每地每年一行，主要指标"),
    "coverage": ("which reports are there, missing, gone, late", "应有、已有、缺失、迟交"),
    "reviews": ("what people say of reports and figures", "人工复核意见"),
    "redactions": ("what was removed on a legal demand", "依法删除的内容"),
    "errata": ("what is known to be wrong or disputed", "已知错误与争议"),
    "codebook": ("every column of every table", "各表各列说明"),
}
"""What each table is, in English and Chinese."""
_DELTA = ("what is new, other or gone since the release before, by key and hash", "与上一版相比的增、改、删")


def readme(facts: Facts, resources: Sequence[Resource]) -> str:
    """README.md."""
    return _filled("README.md", facts, resources, 0)


def chinese(facts: Facts, resources: Sequence[Resource]) -> str:
    """README.zh-CN.md."""
    return _filled("README.zh-CN.md", facts, resources, 1)


def _filled(name: str, facts: Facts, resources: Sequence[Resource], language: int) -> str:
    return template(name).substitute(
        front=_front(facts),
        title=TITLE,
        description=DESCRIPTION,
        version=facts.version,
        day=facts.day,
        program=facts.program,
        sample=_sample(facts, (MADE_UP, MADE_UP_ZH)[language]),
        files=_files(facts, resources, language),
        example=_example(resources),
        citation=citation(facts),
    )


def _front(facts: Facts) -> str:
    """The head of a dataset card (https://huggingface.co/docs/hub/datasets-cards)."""
    licence = f"license: {facts.licence.lower()}" if facts.licence else "license: other\nlicense_link: LICENCE.md"
    files = (("panel", "panel.csv"), ("reports", "reports.parquet"), ("statistics", "statistics-*.parquet"),
             ("texts", "texts-*.parquet"))  # fmt: skip
    configs = "\n".join(f"- config_name: {name}\n  data_files: {path}" for name, path in files)
    return f"---\n{licence}\nlanguage:\n- zh\npretty_name: nianbao 年报\nconfigs:\n{configs}\n---"


def _sample(facts: Facts, words: str) -> str:
    return f"\n**{words.format(', '.join(facts.sample))}**\n" if facts.sample else ""


def _example(resources: Sequence[Resource]) -> str:
    return next((resource.file for resource in resources if resource.table == "statistics"), "reports.parquet")


def _files(facts: Facts, resources: Sequence[Resource], language: int) -> str:
    return "\n".join([("| file | what it has | rows |", "| 文件 | 内容 | 行数 |")[language], "| --- | --- | --- |",
                      *_lines(facts, resources, language)])  # fmt: skip


def _lines(facts: Facts, resources: Sequence[Resource], language: int) -> Iterator[str]:
    for resource in resources:
        files = ", ".join(f"`{name}`" for name in resource.files)
        part = resource.name.removeprefix(resource.table).lstrip("-")
        words = _TABLES[resource.table][language] + (f" ({part})" if part else "")
        yield f"| {files} | {words} | {facts.rows[resource.name]} |"
    papers = _PAPERS if facts.since is None else _PAPERS | {DELTA: _DELTA}
    for name, both in papers.items():
        yield f"| `{name}` | {both[language]} | |"
