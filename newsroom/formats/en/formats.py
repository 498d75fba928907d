"""How dates may be typed: the same in both languages, as papers print their dates in Chinese."""

from newsroom.formats.zh_Hans import formats

DATE_INPUT_FORMATS = formats.DATE_INPUT_FORMATS
