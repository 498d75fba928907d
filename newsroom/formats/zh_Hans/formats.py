"""How dates may be typed: as ISO says, and as the desk prints them; Django's own format with 年 matches no date."""

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
