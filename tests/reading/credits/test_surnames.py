"""Names printed without a space are split by their surnames."""

import pytest

from articles.reading.credits.surnames import split_names


@pytest.mark.parametrize(
    ("run", "names"),
    [
        ("林一舟", ["林一舟"]),
        ("王芳", ["王芳"]),
        ("王芳李小明", ["王芳", "李小明"]),
        ("陈思远赵磊", ["陈思远", "赵磊"]),
        ("欧阳海燕", ["欧阳海燕"]),
        ("司马青欧阳慧敏", ["司马青", "欧阳慧敏"]),
        ("周琳谭小川郭子仪", ["周琳", "谭小川", "郭子仪"]),
        ("蔺一平高洋", ["蔺一平", "高洋"]),
        ("陈方安生", ["陈方", "安生"]),
        ("次旦卓玛", ["次旦卓玛"]),
        ("边巴卓玛洛桑旺堆", ["边巴卓玛", "洛桑旺堆"]),
        ("沙马曲布林一舟", ["沙马曲布", "林一舟"]),
        ("临公宣王芳", ["临公宣", "王芳"]),
        ("代一舟招海燕", ["代一舟", "招海燕"]),
        ("苏日娜王芳", ["苏日娜", "王芳"]),
        ("阿木尔巴图林一舟", ["阿木尔巴图", "林一舟"]),
    ],
)
def test_run_is_split_into_names(run, names):
    spans = split_names(run)
    assert spans is not None
    assert [run[start:end] for start, end in spans] == names


@pytest.mark.parametrize("run", ["手记", "从县医院", "现场报道", "的", "", "观察记录", "林" * 30])
def test_run_that_is_not_names_is_not_split(run):
    assert split_names(run) is None
