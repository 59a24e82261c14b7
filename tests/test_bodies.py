"""Names of public bodies: which can be one body's, and which cannot."""

import pytest

from gdcore.bodies import parse, related, same_body

ONE = [
    ("云泽县人民政府东关街道办事处", "云泽县东关街道办事处"),
    ("云泽县东关街道办事处", "东关街道"),
    ("丙川区人民政府", "澜江市丙川区人民政府"),
    ("澜江市", "澜江市人民政府"),
    ("云泽县发展和改革局", "云泽县发改局"),
    ("云泽县发展和改革局", "云泽发改局"),
    ("云泽县市场监督管理局", "县市监局"),
    ("云泽县自然资源和规划局", "县自规局"),
    ("丙川区人力资源和社会保障局", "区人力社保局"),
    ("澜江市科学技术委员会", "澜江市科委"),
    ("云泽县白鹭湾镇人民政府", "白鹭湾镇"),
    ("云泽县东关镇", "云泽县东关街道"),
    ("云泽县经济开发区管理委员会", "经济开发区管委会"),
    ("云泽经济开发区管理委员会", "开发区管委会"),
    ("云泽经济开发区管理委员会", "云泽经开区"),
    ("云泽经济开发区管理委员会", "管委会"),
    ("澜江市云泽县经济开发区管理委员会", "云泽经济开发区"),
    ("澜江高新技术产业开发区管理委员会", "澜江高新区管委会"),
    ("澜江国家高新技术产业开发区管理委员会", "澜江高新区"),
    ("云泽县化工园区管理委员会", "园区管委会"),
    ("澜江市滨湖新区管理委员会", "新区管委会"),
    ("云泽生态旅游度假区管理委员会", "县旅游度假区"),
    ("丙川区砲台街道办事处", "砲台街办"),
    ("丁川维吾尔自治区气象局", "丁川气象局"),
]
TWO = [
    ("云泽县教育局", "云泽县财政局"),
    ("云泽县教育局", "平湖县教育局"),
    ("澜江市教育局", "澜江市丙川区教育局"),
    ("云泽县青石镇人民政府", "云泽县白鹭湾镇人民政府"),
    ("云泽县城关镇", "平湖县城关镇"),
    ("云泽县水务局", "云泽县水利局"),
    ("云泽经济开发区管理委员会", "平湖经济开发区管委会"),
    ("云泽经济开发区管理委员会", "云泽高新区管委会"),
    ("云泽县经济开发区管理委员会", "云泽县人民政府"),
    ("云泽经济开发区管理委员会", "云泽经济开发区财政局"),
    ("云泽县人民政府", "平湖县人民政府"),
    ("云泽县人民政府", "云泽县教育局"),
    ("云泽县教育局", "云泽县人民政府办公室"),
]


@pytest.mark.parametrize(("left", "right"), ONE)
def test_names_of_one_body(left: str, right: str) -> None:
    assert same_body(left, right)
    assert same_body(right, left)


@pytest.mark.parametrize(("left", "right"), TWO)
def test_names_of_two_bodies(left: str, right: str) -> None:
    assert not same_body(left, right)
    assert not same_body(right, left)


def test_areas_and_body_are_told_apart() -> None:
    name = parse("澜江市云泽县城市管理局")
    assert (name.areas, name.body) == (("澜江市", "云泽县"), "城市管理局")
    assert parse("澜江市人民政府东关街道办事处").body == "东关街道"
    assert parse("市场监督管理局").body == "市场监督管理局"
    assert parse("云泽县市场监督管理局经济开发区分局").areas == ("云泽县",)
    assert parse("云泽县自然资源和规划局经济开发区中心所").areas == ("云泽县",)


def test_a_zone_is_its_own_management() -> None:
    name = parse("云泽县经济技术开发区管理委员会")
    assert (name.areas, name.body, name.is_zone) == (("云泽县", "经济技术开发区"), "", True)
    assert not parse("云泽县经济技术开发区财政局").is_zone
    assert not parse("云泽县人民政府").is_zone
    assert related("云泽经济开发区管理委员会", "云泽经济开发区党政办公室")
    assert not related("云泽经济开发区管理委员会", "云泽县人民政府办公室")


def test_an_office_belongs_to_its_government() -> None:
    assert related("云泽县人民政府", "云泽县人民政府办公室")
    assert related("云泽县教育局办公室", "云泽县教育局")
    assert not related("云泽县人民政府", "平湖县人民政府办公室")
    assert not related("云泽县教育局", "云泽县财政局办公室")
