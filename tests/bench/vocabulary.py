"""The words that the bench's pages are made of."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


SUBJECTS = _words("""
    政府信息 政务公开 行政许可 财政预算 重大项目 公共资源 社会公益 规范性文件
    政策解读 办事指南 权责清单 环境保护 食品安全 义务教育 医疗卫生 征地补偿
    房屋征收 保障性住房 安全生产 应急管理 交通运输 水利工程 农村公路 城市更新
    营商环境 便民服务 网上办理 政务大厅 督查考核 业务培训 保密审查 公开目录
    查阅场所 新闻发布 在线访谈 热线电话 社会监督 舆情回应 信用信息 招标投标
    扶贫资金 就业创业 养老服务 残疾人保障 文化活动 体育设施 科技创新 知识产权
    市场监管 税费减免 基层治理 网格管理 防汛抗旱 森林防火 造林绿化 污水处理
""")
"""What reports speak of."""

ACTS = _words("""
    推进 加强 完善 规范 落实 深化 拓展 优化 健全 细化 公布 更新 梳理 整合
    督促 检查 开展 组织 编制 修订 强化 提升 明确 统筹
""")
"""What organs do with it."""

MANNERS = _words("""
    及时 全面 依法 持续 重点 逐步 主动 准确 严格 认真 有序 扎实 稳妥 积极
    定期 集中 分类 统一
""")
"""How they do it."""

DEPARTMENTS = _words("""
    教育局 民政局 财政局 司法局 水利局 审计局 统计局 卫生健康局 应急管理局
    住房和城乡建设局 交通运输局 农业农村局 文化旅游局 商务局 自然资源局
    生态环境分局 市场监督管理局 人力资源和社会保障局 发展和改革局 工业和信息化局
    城市管理局 信访局 医疗保障局 林业局
""")
"""Departments that every district has."""
