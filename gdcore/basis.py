"""The legal texts and conventions that rules cite, each named once."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Basis:
    """A text that a rule rests on. `cite` is how a letter cites it; `binding` False: practice or plain logic, not law."""

    cite: str
    binding: bool = True

    def __str__(self) -> str:
        return self.cite

    @property
    def told(self) -> str:
        """The text, and that it is practice where it is no law: as cards and letters cite it."""
        return self.cite if self.binding or "非强制" in self.cite else f"{self.cite}（非强制）"

    def article(self, number: str) -> Basis:
        """The same text, one article or item of it: `REGULATION.article("第五十条第四项")`."""
        return replace(self, cite=f"{self.cite}{number}")

    def table(self, numeral: str) -> Basis:
        """The format's table 二, 三 or 四."""
        return replace(self, cite=f"{self.cite}表{numeral}")

    def __and__(self, other: Basis) -> Basis:
        return Basis(f"{self.cite}；{other.cite}", self.binding or other.binding)


REGULATION = Basis("《中华人民共和国政府信息公开条例》")
FORM_2021 = Basis("国办公开办函〔2021〕30号《中华人民共和国政府信息公开工作年度报告格式》")
FORM_2019 = Basis("国办公开办函〔2019〕60号《政府信息公开工作年度报告格式（试行）》")
FEE_RULES = Basis("国办函〔2020〕109号《政府信息公开信息处理费管理办法》")
LEGISLATION_LAW = Basis("《中华人民共和国立法法》关于规章制定主体的规定")
PUNCTUATION_STANDARD = Basis("GB/T 15834《标点符号用法》", binding=False)
PRACTICE = Basis("年度报告编制惯例（非强制）", binding=False)
CONSISTENCY = Basis("报告内部应当一致", binding=False)
LOGIC = Basis("数量关系", binding=False)
MACHINE_READABLE = Basis("政府信息公开平台建设有关可复制、可检索的要求", binding=False)
SHANDONG = Basis("山东省年度报告第六部分报告事项要求", binding=False)
OFFICIAL_DOCUMENTS = Basis("GB/T 9704《党政机关公文格式》", binding=False)
LOCAL_DEADLINE = Basis("本级主管部门关于年度报告报送时限的通知")
LOCAL_NOTICE = Basis("本级主管部门关于编制发布年度报告的通知")
GANSU = Basis("武政办发〔2025〕54号关于年度报告内容的要求")
PERSONAL_DATA_LAW = Basis("《中华人民共和国个人信息保护法》")
SECRECY_LAW = Basis("《中华人民共和国保守国家秘密法》")
PRIVACY = REGULATION.article("第十四条、第十五条") & PERSONAL_DATA_LAW
THIRD_PARTIES = REGULATION.article("第十五条")
SECRECY = REGULATION.article("第十四条、第十七条") & SECRECY_LAW
PLAUSIBILITY = Basis("数据合理性", binding=False)
