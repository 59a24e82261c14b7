"""What an answer may be made of, in whichever way a Python of ours packs it."""

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from gdcore.guard import wire
from gdcore.verdict import Severity


class Attribute:
    """Packs as an attribute of something: members of enumerations do so before Python 3.11.4, and so would an attack."""

    def __init__(self, of, name):
        self.of, self.name = of, name

    def __reduce__(self):
        return getattr, (self.of, self.name)


@pytest.mark.parametrize(
    "value",
    [
        Path("一/二"),
        date(2026, 1, 31),
        datetime.now(UTC),
        Decimal("0.5"),
        Fraction(1, 3),
        {1},
        range(3),
        Severity.ERROR,
    ],
)
def test_plain_data_and_members_of_our_own_come_back_as_they_went(value):
    assert wire.loaded(pickle.dumps(value, pickle.HIGHEST_PROTOCOL)) == value


def test_a_member_that_went_as_an_attribute_of_its_class_comes_back():
    assert wire.loaded(pickle.dumps(Attribute(Severity, Severity.ERROR.name))) is Severity.ERROR


@pytest.mark.parametrize(
    ("of", "name"),
    [(Severity, "__class__"), (Severity, "mro"), (Path, "home"), (date, "today"), (1, "real"), (Severity, ["ERROR"])],
)
def test_no_other_attribute_is_reached(of, name):
    with pytest.raises(pickle.UnpicklingError, match="is no data"):
        wire.loaded(pickle.dumps(Attribute(of, name)))
