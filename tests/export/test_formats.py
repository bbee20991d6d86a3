"""What a file of a run is called."""

from dataclasses import replace
from itertools import islice

import pytest

from core.beginning import beginning
from core.data import LECTURE, standardized
from core.descent import Descent
from core.export.formats import proposed_names
from core.listing import Method
from core.tables import open_table


def test_a_name_tells_the_table_the_method_and_the_lr() -> None:
    assert list(islice(proposed_names(Descent()), 3)) == [
        "gradstep-manual-lr0.1",
        "gradstep-manual-lr0.1-2",
        "gradstep-manual-lr0.1-3",
    ]
    assert next(proposed_names(beginning(standardized(LECTURE)))).startswith("gradstep-manual-lr")
    cars = beginning(standardized(open_table("cars")), method=Method.OPTIM, lr=1 / 14)
    assert next(proposed_names(cars)) == "gradstep-cars-optim-lr0.0714286"


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("../../etc/passwd", "-etc-passwd"),
        ("\x1b[31m\0\n", "-31m"),
        ("시험 점수.csv", "-시험-점수"),
        ("x" * 999, f"-{'x' * 40}"),
        ("///", ""),
        ("~root.csv", "-root"),
    ],
)
def test_a_tables_name_leads_nowhere_else(name: str, part: str) -> None:
    data = replace(LECTURE, name=name)
    assert next(proposed_names(replace(Descent(), data=data))) == f"gradstep{part}-manual-lr0.1"
