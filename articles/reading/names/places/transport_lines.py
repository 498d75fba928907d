"""Matches roads by number, and railways and motorways by single characters of the cities they connect."""

import re

_ABBREVIATIONS = (
    "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼包兰宝成陇昆广深九哈大沈长石太武合郑西银昌景福厦杭"
    "甬温衢徐连盐宜万襄十南柳湛茂钦滨绥满集通白图牡佳焦枝月同黄蒲侯阎阳涉邯济胶烟威蓝德龙洛界阜淮蚌宣铜芜"
    "邛雅乐攀遂绵巴达汉安延榆靖咸运临吕忻朔原菏聊潍莱日枣淄锡澄泰扬宿沭嘉绍金台丽泉漳梅汕揭惠莞珠佛肇岑梧贺张承唐秦保沧"
)
_WAYS = "沿江|沿海|环城|绕城|复线"

TRANSPORT_LINE = re.compile(
    "(?:国道|省道|县道)[A-Z]?[0-9]{1,4}线?|[A-Z]?[0-9]{1,4}(?:国道|省道|县道)|台[0-9一二三四五六七八九十]{1,3}[甲乙丙]?线|"
    "(?<![A-Za-z0-9])[GS][0-9]{1,4}(?:[\u4e00-\u9fff]{2,4}高速(?:公路)?)|"
    f"(?<![{_ABBREVIATIONS}])[{_ABBREVIATIONS}]{{2,3}}"
    f"(?:铁路|高铁|客专|(?:{_WAYS})?高速公路|(?:{_WAYS})?高速|线(?![路索性条段人]))"
)
