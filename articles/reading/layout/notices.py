"""Recognises what is not an article by the words of a line: adverts, official notices, the weather."""

import re

from articles.reading.lines.printed_lines import PrintedLine

_MAX_TITLE = 24
_MAX_WEATHER = 44
# Titles of adverts and official notices, without the spaces between their characters.
_ADVERT_TITLE = re.compile(
    "^(?:遗失|挂失|分类广告|公益广告)$|(?:^|遗失|挂失|减资|注销|清算|债权|更名|变更|迁坟|拍卖|招标|中标|招租|停电|停水|停气|认领"
    "|寻人|寻亲|环评|征收|致歉|合并|分立|送达|招聘)(?:声明|公告|启事|公示|通知|讣告|广告)$"
)
_WEATHER = re.compile("℃|天气预报|^今日天气$|^天气$")
_ADVERT_PHRASES = (
    "声明作废",
    "特此公告",
    "特此声明",
    "特此通知",
    "特此公示",
    "联系电话：",
    "联系人：",
    "咨询电话：",
)
# Classified notices of a loss carry their title in their line: 遗失声明：林某学生证丢失，声明作废。
_LOSS = re.compile("^.{0,40}(?:遗失|丢失|被盗|损毁|挂失|失窃).{0,60}(?:声明作废|作废|特此声明)")

# Corrections of the paper itself, in one line: 更正：本报十月三十日三版……
_REMARK = re.compile("(?:更正|勘误|更正启事|重要更正)[：】]|[【（](?:更正|勘误)[】）]")
# The title of the guide to the other pages.
_GUIDE = re.compile(
    "[【■●]?(?:今日|要闻|新闻|版面|精彩)?(?:导读|导航|导览)[】：]?|(?:今日|本期)(?:要目|看点)"
)


def notice_features(line: PrintedLine) -> set[str]:
    """Features of a line that is part of an advert, an official notice or the weather."""
    is_advert = any(word in line.fold for word in _ADVERT_PHRASES)
    features = {"advert words"} if is_advert else set()
    if _LOSS.search(line.fold):
        features.add("loss")
    if _GUIDE.fullmatch(line.fold):
        features.add("guide title")
    if _REMARK.match(line.fold):
        features.add("remark")
    if line.length <= _MAX_TITLE and _ADVERT_TITLE.search(line.fold.replace(" ", "")):
        features.add("advert title")
    if line.length <= _MAX_WEATHER and "。" not in line.fold and _WEATHER.search(line.fold):
        features.add("weather")
    return features
