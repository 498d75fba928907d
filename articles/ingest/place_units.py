"""The kinds of places by the words that they end in."""

from __future__ import annotations

import re
from typing import NamedTuple


class Unit(NamedTuple):
    """A kind of place by its last characters; `score` is what such an ending is worth by itself.

    `stem` is how many characters stand before the suffix, fewest and most. No name has a stem that is one of `words`,
    or that ends in one of `ends` (or in one of the longer words). Before one of the characters `after` the suffix is
    mostly part of another word.
    """

    method: str
    score: float
    suffixes: tuple[str, ...]
    stem: tuple[int, int]
    words: frozenset[str]
    ends: tuple[str, ...]
    after: frozenset[str]


def _unit(  # noqa: PLR0913 - a row of the table
    method: str, score: float, suffixes: str, stem: tuple[int, int], *, words: str, ends: str, after: str
) -> Unit:
    return Unit(
        method,
        score,
        tuple(suffixes.split()),
        stem,
        frozenset(words.split()),
        (*ends.split(), *(word for word in words.split() if len(word) > 1)),
        frozenset(after),
    )


# A unit's own score is small where its suffix ends many other words.
UNITS = (
    # 道路 ends like 长安路 and is a common noun: no stem goes before it.
    _unit("noun", 0.0, "道路", (0, 0), words="", ends="", after=""),
    _unit(
        "province",
        0.2,
        "省 自治区",
        (2, 8),
        words="",
        ends="全 各 外 两 三 多 本 我 节 反 大",
        after="级市委政府长内城会道份里去略直厅钱电心",
    ),
    _unit(
        "city",
        0.15,
        "市",
        (2, 6),
        words="",
        ends="城 超 股 楼 夜 早 黄 菜 债 车 集 都 开 罢 入 花 上 门 房 汇 期 鬼 黑 全 各 本 我 外 "
        "直辖 地级 县级 省辖 省 大 面 街 县 地 一 二 三 两 几",
        after="场民长委政区值面级里内井容价直属",
    ),
    _unit(
        "prefecture",
        0.15,
        "自治州 州 郡 盟 边疆区 共和国 大区",
        (2, 8),
        words="",
        ends="全 各 本 我 神 联 同 结 加 部分 西部 东部 北方 南方 边远 贫困 这 沿海 等 人民 五大 四大 "
        "三大 六大 各大 几大",
        after="长府级委",
    ),
    _unit(
        "county",
        0.2,
        "自治县 县 旗",
        (1, 7),
        words="郊 外 城 小 大 国 军 红 锦",
        ends="全 各 本 我 该 贫困 区 市 州 府 乡 升 彩 军 国 党 战 扛 举 副 一 二 两 几",
        after="城级委域长里乡市直处下帜袍舰手",
    ),
    _unit(
        "district",
        0.2,
        "区",
        (2, 5),
        words="",
        ends="社 地 山 小 城 市 郊 校 园 厂 景 灾 灌 辖 矿 林 牧 库 疫 特 新 开发 保护 工业 居住 "
        "住宅 生活 服务 片 战 老 汉 教 选 专 时 误 盲 禁 雷 分 军 渔 农 水 海 港 院 病 旅游 "
        "度假 示范 试验 实验 自治 行政 商业 全 各 本 我 该 别墅 经济 安全 沿海 内陆 功能 聚集 集聚 "
        "中心 游 展 候车 安置 流域 疆 风景 学习 候 儿童 休息 等候 候诊 待转 待行 阅读 自习 少儿 亲子 "
        "停车 吸烟 办公 作业 施工 观景 就餐 展示 体验 互动 表演 活动 健身 娱乐 购物 装卸 仓储 物流 "
        "养殖 种植 主产 受灾 影响 危险 隔离 填海 失联",
        after="域分别间内级委长位",
    ),
    _unit(
        "town",
        0.2,
        "镇 乡 苏木 公社",
        (1, 7),
        words="小 古 城 重 集 村 水 山 侨 老 冰 坐 隔壁 邻近 邻",
        ends="全 各 本 我 该 城 乡 家 故 下 返 回 离 还 异 思 梦 同 特色 建制 中心 人民 外 老 入 上山下 进",
        after="村镇亲土里下愁情音级间贤政静定压上区痛守",
    ),
    _unit(
        "village",
        0.2,
        "行政村 自然村 村 嘎查 屯 寨 庄 农场 林场 大队",
        (1, 5),
        words="农 乡 山 渔 新 老 旧 古 小 大 进 驻 出 入 离 荒 水 苗 侗 钱 茶 饭 布 坐 做 邻 隔壁",
        ends="全 各 本 我 该 两 多 贫困 示范 度假 城中 空心 空壳 文明 地球 奥运 亚运 农 乡 特色 民俗 "
        "重点 先进 生态 行政 自然 选 带 帮 联 包 移民 国营 钱 先锋 端 县 市 化 级 生产 施工 消防 "
        "勘探 交警 刑警 巡警 特警 运输 飞行 执法 刑侦 安检 救援 救护 副 监察 侦查 支 治安 一 二 三 "
        "四 五 六 邻 任务 帮扶 扶贫 试点 结对 联系 挂钩 搬迁 安置 小康 富裕 明星",
        after="民级里委干容医落庄规史务支两企集居园严重家户主子",
    ),
    _unit(
        "quarter",
        0.2,
        "社区 街道 居委会",
        (1, 6),
        words="大 小 老 新 城市 农村",
        ends="全 各 本 我 该 示范 文明 城市 农村 智慧 试点 美丽 和谐 村 主要 条 大型 单位 型 入 进 化 "
        "社区 间",
        after="民里办两上工",
    ),
    _unit(
        "road",
        0.3,
        "大道 大街 马路 路 街 巷 胡同",
        (1, 4),
        words="小 大 老 新 古 山 土 石 一 二 财 前 来 归 生 死 退 后 探 筹 顺 远 近 弯 宽 公 左 右 "
        "正 歪 平 陆 水 沿 林 逛 上 深 陋 街 心 人生 阳光 康庄 金光 林荫 改革 致富 创业 商业 小吃 "
        "美食 步行 旅游 柏油 水泥 机耕 长征 丝绸 大街小 东 南 西 北 中 道",
        ends="公 铁 街道 铁道 过道 步道 通道 管道 跑道 线 走 同 思 出 网 电 活 航 通 带 让 赶 修 套 "
        "门 末 销 之 十字 迷 问 绝 拦 引 养 赔 筑 岔 农村 乡村 条 扫 整 满 当 临 开 铺 这 回 "
        "跑 无 有 高 高速 筹 集 马 探 认 顺 领 找 指 分 往 一生 事故 交叉 丝 基本 用 小吃 盘山 "
        "里 老 街 村道 乡道 山道 隧道 上学 中国 早茶 夜市 酒吧 文化 古玩 花卉 建材 服装 食品 步行 "
        "商业 砂石 碎石 石板 泥 沥青 弯曲 曲折 崎岖 环山 泥泞 曲折山 蜿蜒",
        after="人口边面过径程费况灯牌标由透演线途基桥轨段政网障权遇子头坊区景舞道市巷旁沿",
    ),
    _unit(
        "transport",
        0.3,
        "国际机场 机场 火车站 汽车站 客运站 高铁站 地铁站 收费站 服务区 立交桥 立交 特大桥 大桥 隧道 "
        "高速公路 高速 码头 渡口 口岸 车站 渔港 铁路 高铁 公路",
        (2, 6),
        words="附近 沿江 农村 乡村 高等级 国防 出入境 对外 开放 陆路 水运 专用 城际 一级 二级 各大 民用 军用 "
        "内河 电子 临时 县城 国道 国家 一座 绕城 环城 城市 公交 集装箱 两地 山区 中国 地铁 长途 "
        "客运 旅游 火车 汽车 过江 跨江 跨海 高架 地下 公路 铁路 这座 边境 轻轨",
        ends="座 条 最 上 下 大型 中型 小型 通 等 级 国内 修 建 高速 方向 境内 附近 出 口岸 集装箱 两地 "
        "公交 过江 小",
        after="头发增行度运列扩成路口",
    ),
    _unit(
        "station",
        0.0,
        "站 港",
        (2, 4),
        words="",
        ends="车 加油 变电 水电 工作 服务 网 收购 卫生 文化 换乘 中转 各 座 个 收费 客运 电 补给 志愿 首 "
        "末 气象 监测 检查 供应 防疫 救助 科技 粮 总 分 实践 空间 开放 香 入 进 离 返 渔 海 空 河 "
        "珠 粤 内 来 赴 驻 抵 回",
        after="股元人币岛区口澳台珠商独府府",
    ),
    _unit(
        "sight",
        0.25,
        "森林公园 湿地公园 风景名胜区 风景区 旅游区 景区 公园 广场 水库 水电站 电站 故城 遗址 古镇 古城 "
        "体育馆 体育场 体育中心 汉墓 古墓 石窟 瀑布 湿地",
        (2, 6),
        words="国家 森林 湿地 主题 地质 城市 中心 文化 市民 大型 购物 人民 休闲 自然 风景 口袋 郊野 旅游 "
        "热门 知名 重点 中型 小型 农村 电影 病险 生态 城墙 历史 著名 千年 科技 站前 "
        "干警和",
        ends="座 各 大型 个 著名 国家级 级 型 建 等 老 名 主题 遥远 美丽",
        after="舞管",
    ),
    _unit(
        "nature",
        0.25,
        "半岛 群岛 列岛 海峡 高原 盆地 平原 沙漠 草原 山脉 峡谷 三角洲 冰川",
        (2, 6),
        words="大 小 青藏",
        ends="座 片 个 著名 世界 千里 茫茫 沙漠 与",
        after="",
    ),
    _unit(
        "water",
        0.1,
        "江 河 湖 湾 海 沟 溪",
        (1, 4),
        words="过 银 运 跨 沿 治 护 内 外 大 小 冰 开 深 本 出 上 下 入 全 代 水 地 鸿 港 人 花 火 "
        "书 苦 学 航 近 公 领 中 南 北 东 西 两 四 五 界 险 沙 浅 渠 壕 暗 山 天 母亲 城市 河 "
        "湖 江 海 主 支 暴 冲 渔 填 赶 抢 沉 环 面 临 依 爬 台 香 渤 拔 朝 曲 主流",
        ends="护城 母亲 过 跨 沿 治 护 条 渡 投 跳 排 绕 入 引 城市 两 成 拔 外 与 段 主流 下",
        after="水面湖边南北西苏中心岸河流道床畔堤里谷段长泊区光外洋关上内鲜滩拔军报域浪底鸥运量通壑渠淘",
    ),
    _unit(
        "hill",
        0.1,
        "山 岛 岭 峰 崖 礁",
        (1, 4),
        words="江 青 高 火 雪 登 爬 开 荒 上 下 入 出 大 小 深 环 巡 半 孤 离 云 水 南 北 东 西 "
        "名 假 冰 矿 千 万 群 全 本 过 翻 进 河 林 海 列 巅 顶 险 护 跳 人 人山人 花果 石 "
        "守 关 暗 触 朝",
        ends="座 条 登 爬 开 荒 入 出 巅 顶 翻 进 群 半 避 绿水青 离 安全 护 人山 跨越 来自 为",
        after="上下区里东西路林水顶体坡脚脉地村庄寨沟洪火民间头峰崖道石谷乡腰丘货楂屿国内南寺城",
    ),
)

_ABBREVIATIONS = (
    "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼包兰宝成陇昆广深九哈大沈长石太武合郑西银昌景福厦杭"
    "甬温衢徐连盐宜万襄十南柳湛茂钦滨绥满集通白图牡佳焦枝月同黄蒲侯阎阳涉邯济胶烟威蓝德龙洛界阜淮蚌宣铜芜"
)
# Roads by number, railways and motorways by the single characters of the cities that they join.
LINES = re.compile(
    "(?:国道|省道|县道)[A-Z]?[0-9]{1,4}线?|[A-Z]?[0-9]{1,4}(?:国道|省道|县道)|台[0-9一二三四五六七八九十]{1,3}[甲乙丙]?线|"
    "(?<![A-Za-z0-9])[GS][0-9]{1,4}(?:[\u4e00-\u9fff]{2,4}高速(?:公路)?)|"
    f"(?<![{_ABBREVIATIONS}])[{_ABBREVIATIONS}]{{2,3}}(?:铁路|高铁|客专|高速公路|高速|线(?![路索性条段人]))"
)
