"""Lists the words in and around names of places, and those that only look like places.

All are in the form of folded text: Simplified characters and full-width punctuation.
"""

from __future__ import annotations

# Short names of provinces, cities and counties that are also words, persons or parts of other names. Districts need
# no list: half of their short names are words (和平, 新华, 城关), so all of them need evidence.
AMBIGUOUS_NAMES = frozenset(
    """
    朝阳 大同 大庆 白银 日照 中山 北海 阿里 来宾 海东 海西 海北 黄南 山南 兴安 白山 仙桃 天门 黄山 武威 清远 江门 安康 三明
    无极 大名 清河 新河 青龙 兴隆 东光 海兴 故城 安平 平山 大城 文安 大厂 高阳 望都 顺平 怀安 万全 尚义 赤城 和顺 灵石 古县
    大宁 永和 交口 方山 中阳 文水 交城 石楼 柳林 孝义 应县 山阴 保德 长子 左云 高平 平定 兴和 商都 黑山 灯塔 大安 和龙 集安
    梨树 榆树 长岭 东宁 富裕 龙江 泰来 友谊 集贤 庆安 明水 安达 木兰 延寿 方正 五常 尚志 海门 大丰 东台 响水 东海 永康 开化
    江山 三门 天台 仙居 青田 常山 建德 平湖 海盐 象山 文成 平阳 无为 含山 和县 望江 来安 天长 明光 石台 青阳 定远 怀远 太湖
    五河 大田 清流 永安 永春 德化 金门 平和 光泽 政和 长乐 连城 长泰 华安 东山 将乐 建宁 古田 新建 进贤 永丰 泰和 永新 高安
    玉山 万年 兴国 信丰 全南 安远 万载 万安 安福 乐安 崇仁 宜丰 靖安 铜鼓 湖口 德安 利津 长岛 龙口 招远 安丘 梁山 东平 平原
    庆云 高唐 惠民 东明 登封 博爱 新安 方城 社旗 民权 光山 商城 息县 太康 西平 正阳 公安 大悟 云梦 保康 建始 赤壁 石首 红安
    通城 通山 利川 安乡 南县 桃源 石门 安化 新化 双峰 洞口 新宁 通道 会同 道县 宁远 新田 安仁 嘉禾 永兴 平江 华容 新丰 龙门
    连平 平远 五华 和平 高明 上林 平南 兴业 凤山 大化 都安 天等 大新 资源 永福 平乐 灵山 东方 临高 定安 白沙 石柱 平武 长宁
    高县 宝兴 天全 石棉 理县 黑水 金川 小金 红原 白玉 九龙 乡城 会东 金阳 德昌 越西 大英 三台 开阳 水城 正安 余庆 关岭 紫云
    镇宁 德江 兴仁 普安 黄平 镇远 天柱 锦屏 从江 三都 独山 长顺 通海 开远 建水 石屏 弥勒 大关 水富 永胜 安宁 富民 石林 元江
    大姚 南华 文山 祥云 永平 双江 比如 安多 定日 白朗 曲水 日土 扶风 三原 武功 兴平 长武 永寿 白水 富平 延长 甘泉 富县 黄龙
    黄陵 西乡 平利 白河 镇安 丹凤 永登 崇信 清水 武山 永昌 高台 民乐 合作 两当 成县 文县 康县 康乐 同德 兴海 共和 互助 民和
    同仁 平安 达日 隆德 同心 新源 福海 青河 裕民 和静 和硕 新和 温泉 民丰 双河 北屯 昆玉 新星 白杨 随县 达县 单县 开县 通县
    大足 樟树 黄梅 渡口 天水 全州 南部 四平 新民 大理 海防 万象 尼斯 里加 河内 马里 科隆 比萨 牛津 剑桥 雅典 卡塔尔 北极
    南极 汉堡 果敢 桃园 太平 离岛 狮子 观音 将军 成功 三星 山上 大内 安定 光复 信义 仁爱 七星 六甲 北门 复兴 中正 天池 东湖
    西湖 南湖 长城 和政 沿河 绿岛 淡水
    """.split()
)

# Numerals: before most kinds of places they are a number and not a name (三县, 第二天).
COUNTING_CHARACTERS = frozenset("一二三四五六七八九十两第几多")

# Words and names that begin with a listed name but are not that place.
PHRASES = tuple(
    """
    长治久安 大理石 大同小异 一带一路 四平方 和政治 公安 新华社 新华网 新华书店 新华通讯社 天水平 中山装 中山大学 中山医院
    平安保险 平安银行 平安中国 平安夜 平安县城 东方红 东方网 和平共处 和平谈判 和平鸽 和平进程 和平统一 和平发展 阿里巴巴
    北京时间 上海合作组织 日照时 日照充足 资源节约 吉利汽车 光明日报 光明网 人民日报 解放军 解放日报 解放思想 解放生产力
    中华人民共和国 大庆精神 方正集团 长城汽车 太平洋保险 罗马数字 北极熊 北极星 南极星 巴黎公社 河内外 海防部队 海防线
    边海防 石门槛 大名鼎鼎 富裕中学 白银时代 江山如画 龙门架 合作社 东风汽车 红旗招展 友谊赛 延长线 南部分 北部分 青年节
    兴国之 市中心 城中心 新农村 渡口 乡村振兴 振兴乡村 中西部 中西医 中西方
    """.split()
)

# Characters that no name of a place contains: the name before a suffix begins after the last of them.
HARD_STOPS = frozenset(
    "的之了着过是在从被把就很也又及至沿将让使给请叫没不还才已再其这那该此每某我你他她它们个并但而或因到由往则且些什么吗呢吧啊"
    "距位条座处所辆批份件项只双套届次户"
)
# Characters of function words that some names contain (太和镇, 向阳村, 于家村).
SOFT_STOPS = frozenset("都和与及向对为于经以等有全各")

# Words that precede places.
LOCATIVES = tuple(
    """
    在 于 位于 地处 坐落 来自 来到 走进 前往 途经 穿过 驶入 驶上 驶往 开往 飞往 飞抵 运往 发往 进入 抵达 到达 路过 经过 离开
    返回 送往 赶到 赶赴 奔赴 赴 至 从 沿 沿着 落户 家住 住 到 抵 驻 往 由 横跨 连接 毗邻 紧邻 靠近 临近 附近 登上 流经 入驻
    挺进 祖籍 境内 方向 途径 环 绕
    """.split()
)
# Words for the sort of a station, park or hall: 邯郸火车站 and 太原体育中心 are named after their cities.
SORTS = tuple(
    """
    国际 火车 汽车 旅游 长途 客运 长途汽车 长途客运 高铁 动车 铁路 公交 体育 奥林匹克 国际会展 会展 会议 国际会议 博览 文化
    艺术 森林 湿地 地质 国家森林 国家湿地 国家地质 动物 植物 野生动物 烈士 人民 中心 市民 东 南 西 北 东部 西部 南部 北部 新
    老 中国 绕城 环城
    """.split()
)
# Words that directly follow names of places.
BESIDE = tuple(
    """
    附近 境内 一带 等地 周边 沿线 路段 方向 沿岸 两岸 流域 北岸 南岸 籍 村民 居民 市民
    """.split()
)
# Verbs and nouns that directly precede names; no stem contains them.
LEADS = tuple(
    """
    记者 村民 市民 居民 农民 司机 群众 干部 职工 学生 游客 乘客 书记 主任 党支部 召集 组织 成立 建设 实施 开展 推进 发展
    加强 打造 探访 走访 调研 视察 考察 参观 访问 支援 出席 支持 帮助 联合 当地 全国 我国 昨日 昨天 今天 今日 如今 现在 当年
    从此 此后 以前 过去 原来 今年 去年 当时 地方 还有 只有 目前 近日 日前 凌晨 上午 下午 中午 晚上 近年来 横跨 跨越 渡过
    游览 环绕 相邻 所属 下辖 提升 服务 完善 壮大 推动 引导 带动 围绕 立足 实现 建立 安排 入选 荣获 抓好 选派 扎根 展示 希望
    部分 基层 优秀 美丽 数字 平安 和谐 智慧 幸福 文明 示范 先进 特色 传统 周边 沿线 多个 几个 一些 许多 方面 部门 单位 领导
    启动 升级 充分 贫困 工作 人员 负责 同志 代表 主席 省委 市委 县委 区委 镇委 党委 政府 公安 交警 民警 消防 法院 经济 社会
    国家 人民 农业 工业 科技 文化 集团 公司 矿务局 铁路局 林业局 管理局 医院 大学 学院
    """.split()
)

# Words that precede persons: 所长白山.
PERSONS = tuple(
    """
    记者 通讯员 书记 主任 主席 县长 市长 区长 镇长 乡长 村长 省长 厅长 局长 处长 科长 股长 所长 队长 站长 厂长 校长 院长 部长
    会长 社长 团长 连长 排长 班长 司令 政委 指导员 教授 研究员 工程师 医生 护士 老师 司机 民警 村民 农民 职工 工人 经理 董事长
    总裁 委员 代表 同志 战士 学生 作家 导演 演员 教练 选手 队员 店主 老板 先生 女士
    """.split()
)

# The characters of foreign names.
TRANSLITERATION = frozenset(
    "阿埃艾安昂奥巴白班邦本比彼宾波伯博布查楚茨达丹道德登迪底蒂丁顿多厄恩尔法凡菲费芬佛夫弗福盖冈戈格根贡古瓜圭哈海汉"
    "豪荷赫亨洪胡霍基吉加贾杰金津卡开凯坎康柯科克肯孔库夸奎拉莱赖兰朗劳勒雷里利立林卢鲁伦罗洛吕马玛迈曼芒毛梅蒙米密摩"
    "莫墨姆穆纳南内尼涅宁纽农努诺欧帕潘庞佩彭皮珀普契奇恰切丘萨塞桑沙舍圣施史士斯苏索塔泰坦汤唐特提廷图托陀瓦旺威维韦"
    "温沃乌武西希夏谢辛雅亚延扬耶叶伊因英尤约泽扎詹朱兹娜娅妮莎琳翁贝蓬邓"
)
# Those that are rarely part of anything else: beside a short foreign name they make it part of a longer one.
FOREIGN = frozenset("斯尔克拉德特尼姆莱瑟娅蒂埃萨普佩菲赫")

# Last characters of small places that end too many other words to be suffixes: 金沙滩, 十里铺.
SITES = tuple("滩铺塘坪坝桥园段堡集港圩墟湾口楼寺庙塔宫洞泉关崖谷坡营厦站")

# Nouns that occur in enumerations of places but are not names: 学校、商场等地.
NO_ITEMS = tuple(
    """
    城镇 乡村 农村 城市 学校 医院 商场 车站 码头 机场 超市 市场 公园 广场 周边 附近 东部 西部 南部 北部 中部 沿海 山区 平原
    内地 省内 省外 国内 国外 境外 本地 外地 老区 城区 郊区 县城 部分 其他 其它 工地 工厂 企业 单位 机关 社区 村庄 河道 水库
    家庭 教育 卫生 农业 工业 商业 地区 乡镇 县区 区县 集镇 街道 小区 景区 景点 酒店 宾馆 饭店 网吧 银行 公司 厂区 校园 干部
    群众 村民 农民 党员 教师 学生 工人 居民 专家 代表 部门 方面 路段 路口 沿线 沿途 全省 全国 全市 全县 各地 省份 国家 海外
    """.split()
)
