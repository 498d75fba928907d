"""Bodies that are known by name: those without seat or last word to be known by, and those better known than these.

Ministries stand here with their former names, since the pages of decades are read.
"""

from __future__ import annotations

from typing import Literal

OrganizationKind = Literal[
    "party", "government", "court", "police", "military", "school", "hospital", "research", "culture", "company",
    "association", "media", "other",
]  # fmt: skip

_KNOWN: tuple[tuple[OrganizationKind, str], ...] = (
    (
        "party",
        """
        中共中央 中共中央政治局 中共中央书记处 中央纪委 中纪委 中央组织部 中央宣传部 中央统战部 中央政法委
        中央综治委 中组部 中宣部 中联部 中央办公厅 中央党校 中央文明办 团中央 共青团中央 全国人大
        全国人大常委会 全国政协 中央军委 自由党 社会党 人民党 工人党 劳动党 社会民主党 绿党 公明党 国大党
        人民行动党 国民党 民进党 共产党 中国共产党 共和党 民主党 工党 自民党 保守党 民革中央 民盟中央
        民建中央 致公党 九三学社 全国妇联 全国总工会
        """,
    ),
    (
        "government",
        """
        国务院 外交部 国防部 国家发展改革委 国家发改委 国家计委 国家教委 国家经贸委 国家体委 国家科委
        国家计生委 国家卫健委 教育部 科技部 工信部 公安部 国家安全部 民政部 司法部 财政部 人事部 劳动部
        人社部 国土资源部 自然资源部 生态环境部 环保部 建设部 住建部 交通部 交通运输部 铁道部 水利部 农业部
        农业农村部 林业部 商务部 外经贸部 对外经贸部 文化部 文化和旅游部 卫生部 审计署 海关总署 应急管理部
        退役军人事务部 信息产业部 邮电部 电力部 煤炭部 冶金部 化工部 机械部 纺织部 轻工部 内贸部 国家民委
        证监会 银监会 保监会 银保监会 国台办 国新办 内政部 国会 参议院 众议院 白宫 五角大楼 克里姆林宫
        立法院 行政院 监察院 司法院 经济部 国土安全部 财务省 外务省 防卫省 文部科学省 厚生劳动省 中央气象署
        中央气象局 中央气象台 廉政公署 警务处 医管局 陆委会 农委会 卫福部 环保署 卫生署 移民署 疾管署 海巡署
        食物环境卫生署 康乐及文化事务署
        """,
    ),
    ("court", "最高人民法院 最高人民检察院 最高法 最高检"),
    (
        "association",
        """
        联合国 联合国安理会 安理会 联合国教科文组织 教科文组织 联合国儿童基金会 联合国大会 世界卫生组织
        世卫组织 世界贸易组织 世贸组织 国际货币基金组织 世界银行 亚洲开发银行 亚投行 国际原子能机构
        国际奥委会 国际足联 国际泳联 世界泳联 国际田联 亚足联 欧足联 欧盟 欧洲联盟 欧盟委员会 北约 东盟 非盟
        阿盟 欧佩克 石油输出国组织 上合组织 上海合作组织 亚太经合组织 经合组织 国际刑警组织 红十字国际委员会
        绿色和平组织 粮农组织 联合国粮农组织 国际劳工组织 巴解组织 哈马斯 真主党 塔利班 国际民航组织
        国际能源署 世界气象组织 世界粮食计划署 中华慈善总会 WTO WHO NASA APEC IMF 美联储 欧洲央行 欧洲议会
        国际法院 中国足协 国际篮联 国际红十字会
        """,
    ),
    (
        "media",
        """
        新华社 新华网 人民网 央视 中央电视台 中央人民广播电台 央视网 央广网 中新社 中新网 中国新闻社
        人民日报 光明日报 经济日报 解放军报 工人日报 中国青年报 参考消息 环球时报 新京报 法新社 路透社
        美联社 合众国际社 塔斯社 俄塔社 国际文传电讯社 共同社 时事社 韩联社 朝中社 德新社 安莎社 埃菲社
        彭博社 今日俄罗斯 美国之音 华盛顿邮报 朝日新闻 读卖新闻 中央社 路透 BBC CNN
        """,
    ),
    (
        "company",
        """
        阿里巴巴 腾讯 百度 京东 拼多多 网易 新浪 搜狐 美团 滴滴出行 字节跳动 华为 中兴通讯 万科 格力 海尔
        比亚迪 中石油 中石化 中海油 中国移动 中国联通 中国电信 国家电网 南方电网 中国银行 中国工商银行
        中国农业银行 中国建设银行 中国人民银行 亚马逊 谷歌 微软 特斯拉 英特尔 空客 空中客车 沃尔玛 家乐福
        麦当劳 肯德基 星巴克 西门子 诺基亚 摩托罗拉 爱立信 南航 国泰航空 港铁 台积电 台铁 台电 中油 富士康
        """,
    ),
    ("school", "清华 北大"),
    (
        "research",
        """
        中国科学院 中科院 中国社会科学院 中国社科院 中国工程院 中国农科院 中国气象局 中国地震局 中国地震台网
        美国宇航局
        """,
    ),
    ("police", "联邦调查局 中央情报局"),
    ("military", "解放军 武警部队"),
)
KNOWN = {word: kind for kind, words in _KNOWN for word in words.split()}

# Bodies of Hong Kong and Taiwan that pages printed there, in Traditional characters, name without a place.
_KNOWN_IN_TRADITIONAL: tuple[tuple[OrganizationKind, str], ...] = (
    (
        "government",
        """
        天文台 运输署 路政署 渔护署 食环署 康文署 房屋署 劳工处 社会福利署 社署 民政事务处 入境处 渠务署
        水务署 卫生署 屋宇署 地政总署 气象署 环境部 农业部 农粮署 水利署 水保署 健保署 食药署 疾管署 移民署
        观光署 公路局 林保署 国发会 公平会 通传会 中选会 主计总处 国税局 台水公司
        """,
    ),
    ("police", "警务处 消防处 刑事局 海巡署 航警局 铁路警察局"),
    ("party", "民众党 时代力量 民建联"),
    ("company", "港铁 台铁 高铁公司 台电 中油 中华邮政 九巴 城巴"),
)
KNOWN_IN_TRADITIONAL = {word: kind for kind, words in _KNOWN_IN_TRADITIONAL for word in words.split()}
