"""Lists the words of names of organizations, in Simplified characters.

The name of an organization ends with the word for its kind: 青山县 (place) 农业农村 (field) 局 (kind). These last
words are a closed list, and fields nearly so. To their left is a place, a level (省, 市, 县), another organization, or
a proper name, which may be anything.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from .known_organizations import KNOWN, OrganizationKind

__all__ = [
    "KNOWN",
    "LAST_WORDS",
    "LEVEL_WORDS",
    "NUMERAL_CHARACTERS",
    "OWNER_WORDS",
    "LastWord",
    "OrganizationKind",
]

# What a last word needs before it in a name: nothing (`whole`); a place, level or organization, directly (`joined`),
# with a field between (`field`, for words that end many other words: 处, 部) or with any word between (`seat`, and
# `village` if that word is a name itself); one of these or a proper name (`proper`), where a place before the proper
# name may only be a location (`venue`); the marks of a title (`titled`).
_Need = Literal["whole", "joined", "field", "seat", "village", "proper", "venue", "titled"]


class LastWord(NamedTuple):
    """The last word of a name: the kind of organization, and what it needs before it."""

    kind: OrganizationKind
    need: _Need


_ENDINGS: tuple[tuple[OrganizationKind, _Need, str], ...] = (
    ("party", "whole", "团省委 团市委 团县委 团区委 团州委 团旗委"),
    (
        "party",
        "joined",
        """
        委 党委 党工委 工委 党组 党总支 总支部 党支部 人大 人大常委会 人民代表大会 政协 团委 团工委
        """,
    ),
    (
        "government",
        "joined",
        """
        政府 人民政府 党委政府 行署 行政公署 县府 市府 议会 国会 参议院 众议院 内阁 立法会 总统府 央行
        """,
    ),
    (
        "school",
        "joined",
        """
        一中 一小 二中 二小 三中 三小 四中 四小 五中 五小 六中 六小 七中 七小 八中 八小 九中 九小 十中 十小
        """,
    ),
    ("hospital", "joined", "一院 二院 三院 四院 五院"),
    (
        "party",
        "seat",
        """
        纪委 纪检委 监委 纪委监委 政法委 统战部 组织部 宣传部 党校 委党校 文明办 综治办 综治委 编办 台办
        老干部局 党史研究室 政研室 关工委 文明委 内司委
        """,
    ),
    (
        "government",
        "seat",
        """
        卫生健康委 卫健委 发改委 发展改革委 经信委 住建委 交通委 教委 科委 计委 经委 经贸委 建委 体委 农委
        计生委 民委 市政委 城管委 国资委 网信办 外办 侨办 管委会 管理委员会 管理局 监管局 分局 总局 办公厅
        办公室 指挥部 领导小组 联席会议 办事处 代表处 党政办 党办 政府办 信访办 经贸办 农办
        城管办 拆迁办 征迁办 维稳办 扶贫办 禁毒办 防汛办 防控办 创建办 创城办 创卫办 文广办 民政办 应急办 项目办
        史志办 移民办 河长办 水利办 园区办 打假办 打私办 法制办 纠风办 治超办 金融办 接待办 老龄办 招商办 招生办
        招办 自考办 语委办 房改办 节能办 墙改办 环保办 畜牧办 农机办 油改办 督查室 房管所 房管处 水管所 营业所
        营业厅 营业部 服务部 经营部 门市部 办事大厅 服务大厅 政务大厅 林业站 水利站 畜牧站 果树站 果业站 蔬菜站
        园艺站 土肥站 植检站 森防站 血防站 水管站 农经站 电管站 环卫站 灌溉站 收费所 河管所 渔政站
        税务所 工商所 财政所 国土所 司法所 农技站 农业站 农机站 科技站 推广站 服务站 管理站 监测站 检查站 检疫站
        防疫站 兽医站 经管站 种子站 植保站 计生站 粮站 救助站 广播站 文化站 供销社 气象台 气象站 地震台 疾控中心
        急救中心 指挥中心 融媒体中心 安监办 大使馆 使馆 总领事馆 总领馆 领事馆 代表团 海关 边检站 路政 运管所
        公路段 机务段 工务段 车务段 客运段 电务段 供电段 车辆段 列车段 动车段 拘留所 看守所 管教所 收容所 戒毒所 监狱
        少管所 招商局 投促局 贸促会 农会
        渔会 供水站 特区政府 水文站 观测站 预报台 分署 分部 项目部 管理段 养护段 华侨农场 国营农场
        """,
    ),
    ("government", "village", "居委会 居民委员会 村委会 村民委员会 街道办 街道办事处 街办"),
    (
        "government",
        "field",
        """
        局 厅 部 署 处 办 院 中心 所 组织 管理处 管理所 监督所 服务中心 管理中心 监察室 执法局 执法大队 执法支队
        监察大队 监察支队 分会 事务所
        """,
    ),
    ("government", "proper", "公所 区公所 乡公所 镇公所"),
    (
        "court",
        "seat",
        """
        法院 人民法院 中级人民法院 高级人民法院 法庭 人民法庭 检察院 人民检察院 检察厅 检察署 地检署 高法 高院
        中院 仲裁委 仲裁委员会 审判庭
        """,
    ),
    (
        "police",
        "seat",
        """
        公安局 公安厅 公安分局 公安处 海警局 警察局 警察署 警察厅 警局 警署 警察总局 交警 交警支队 交警大队
        交警中队 交警总队 交管局 交管所 车管所 刑警队 刑警支队 刑警大队 刑侦支队 刑侦大队 治安大队 治安支队
        特警支队 特警队 巡警大队 缉毒大队 禁毒大队 网警支队 消防局 消防队 消防总队 消防支队 消防大队 消防中队
        消防救援总队 消防救援支队 消防救援大队 分队 大队 支队 中队 边防总队 边防支队 边防大队 交通组 侦查队
        侦查大队 调查队 调查总队 重案组 巡防队 刑警中队 治安中队 特警大队 巡特警大队 交巡警大队 交巡警支队 派出法庭
        铁警支队 水警
        """,
    ),
    ("police", "proper", "派出所 分驻所 消防救援站 消防站"),
    ("other", "proper", "总队 救援队 救援总队 少工委"),
    (
        "military",
        "seat",
        """
        军区 战区 军分区 警备区 武装部 人武部 舰队 司令部 兵团 空军 海军 陆军 国防军 自卫队 革命卫队 国民警卫队
        海岸警卫队 海军陆战队
        兵站 场站 机务站 汽车团 边防团 边防营 边防连 预备役师 预备役团 干休所 军供站 通信站 雷达站 政治部 后勤部
        """,
    ),
    (
        "school",
        "proper",
        """
        大学 学院 附中 附小 附属中学 附属小学 附属幼儿园 中学 女中 高中 小学 中心小学 中心校 中心学校 完小 国小
        国中 高职 初级中学 高级中学 实验学校 外国语学校 职业学校 技工学校 技校 师范学校 职业技术学院 师院 体校
        电大 师大 交大 农大 工大 理工大 医大 财大 科大 职高 职中 职专 中专 师专 农校 卫校 护校 警校 干校 完中 老年大学
        少体校 聋哑学校 教学点 职教中心 进修学校 学校
        幼儿园 托儿所 幼稚园 少年宫 书院 商学院 医学院
        """,
    ),
    ("school", "seat", "分校 研究生院 初中"),
    (
        "hospital",
        "proper",
        """
        医院 分院 附院 附属医院 人民医院 中医院 卫生院 保健院 妇幼保健院 军医院 疗养院 诊所 养老院 敬老院 福利院
        孤儿院 儿童村 门诊部 护理院 康复中心 防治院 妇幼保健所 妇产医院
        """,
    ),
    ("hospital", "seat", "卫生所 卫生室 卫生服务中心 卫生服务站 血站"),
    (
        "research",
        "proper",
        """
        研究院 研究所 科学院 社科院 农科院 林科院 设计院 勘察院 研究中心 实验室 科研所 农科所 天文馆 天文台
        考古所 考古队 考察队 地质队
        """,
    ),
    (
        "culture",
        "proper",
        """
        博物馆 博物院 图书馆 美术馆 纪念馆 文化馆 科技馆 群艺馆 群众艺术馆 档案馆 展览馆 大剧院 歌剧院 芭蕾舞团
        文化宫 青少年宫 陈列馆 剧院 影剧院 剧场 戏院 文管所 乌兰牧骑 书画院 民乐团 歌舞团 歌舞剧团 剧团 剧社 话剧团 话剧院
        京剧院 京剧团 杂技团 文工团 交响乐团 乐团 合唱团 艺术团 画院
        制片厂 电影制片厂 俱乐部 棋院
        """,
    ),
    (
        "company",
        "proper",
        """
        公司 分公司 种子公司 电子公司 子公司 总公司 有限公司 有限责任公司 股份有限公司 集团公司 集团 银行 支行 分行 中心支行
        信用社 信用联社 农商行 证券 交易所 证券交易所 期货交易所 财团 酒业 乳业 矿业 置业 实业 纸业 铝业 钢铁
        光电 股份 重工 工厂 分厂 总厂 厂 铁路局 矿务局 煤矿 铁矿 金矿 油田 电厂 发电厂 水电站 核电站 钢厂 酒厂
        药厂 药业 船厂 造船厂 合作社 专业合作社 供销合作社 联社 律师事务所 会计师事务所 建筑队 工程队 施工队
        热电厂 热力公司 自来水公司 煤气公司 水厂 糖厂 电子厂 纸厂 纱厂 布厂 粮库 冷库 旅行社 供电局 供电所 电力局 邮政局
        邮局 电信局 报业 旅行网 航空
        """,
    ),
    (
        "company",
        "venue",
        """
        超市 商场 商店 百货 百货大楼 购物中心 菜市场 果菜市场 批发市场 农贸市场 酒店 宾馆 饭店 书店 书城 旗舰店
        影院 电影院 餐厅 酒楼 酒家 饭庄 茶楼 茶馆 茶社 茶庄 冷饮厅 冷饮店 烤鸭店 饺子馆
        照相馆 影楼 药店 药房 大药房 药铺 当铺 金店 珠宝店 眼镜店 商行 商厦 浴池
        百货商店 百货商场 副食商店 理发店 美发厅 家具城 建材城 家电城
        """,
    ),
    ("association", "seat", "学会"),
    (
        "association",
        "proper",
        """
        协会 公会 协进会 总会 商会 工会 总工会 联合会 基金会 促进会 联谊会 理事会 组委会 组织委员会 筹委会 妇联
        妇女联合会 工商联 文联 科协 作协 残联 侨联 足协 篮协 奥委会 红十字会 慈善总会 总商会 同乡会 校友会
        研究会 委员会 旅协 妇女会 业委会 业主委员会 联盟 消协 消委会 消费者协会 学联 青联 农民协会 泳联 足联
        篮联 田联 值理会 街坊会 街坊福利会 乡事委员会 宗亲会 同业公会 农会 互助会 工会联合会 老龄委 志愿服务队 义工队
        """,
    ),
    (
        "media",
        "proper",
        """
        报社 日报社 日报 晚报 晨报 早报 时报 商报 都市报 经济报 法制报 法治报 农民报 教育报 体育报 电视报 青年报
        快报 周报 导报 邮报 周刊 杂志社 电视台 广播电台 广播电视台 卫视 电台 通讯社 出版社 出版集团 新闻网
        报业集团 广播公司 新闻社 传媒集团
        """,
    ),
    ("media", "titled", "报"),
)
LAST_WORDS = {word: LastWord(kind, need) for kind, need, words in _ENDINGS for word in words.split()}

# Levels that mean the place of the page itself (市教育局), and regions; only after a border.
LEVEL_WORDS = frozenset(
    """
    省 市 县 区 州 盟 旗 镇 乡 自治区 自治州 地区 开发区 高新区 新区 县委 市委 省委 区委 州委 华东 华北 华中
    华南 中南 西南 西北 东北 国际 世界 亚洲 欧洲 非洲 亚太 皇家 联邦 东盟 最高
    """.split()
)

# Well-known organizations and proper names that begin a name, whatever is before them.
OWNER_WORDS = frozenset(
    """
    中央 中共中央 中共 海军 空军 陆军 火箭军 共青团 建行 农行 工行 中行 交行 招行 农发行 邮储 农信 人保 太保 国网 南网
    全国 国家 中国 中华
    武警 解放军 清华 复旦 同济 南开 浙大 厦大 暨南 协和 华西 湘雅
    同仁 瑞金 哈佛 耶鲁 牛津 剑桥 斯坦福 早稻田 普林斯顿 哥伦比亚 中铁 中建 中交 中车 中信 中粮 中石油 中石化
    中海油 中核 中航 中兴 华为 联想 海尔 海信 长虹 格力 美的 万科 腾讯 阿里巴巴 百度 微软 谷歌 三星 丰田 本田
    索尼 松下 东芝 日立 通用汽车 福特 宝马 奔驰 波音 空客 西门子 大众汽车 摩根 高盛 花旗 汇丰 渣打 工商 建设
    招商 民生 浦发 光大 兴业 华夏 平安 太平洋
    """.split()
)

NUMERAL_CHARACTERS = frozenset("0123456789一二三四五六七八九十百零〇")
