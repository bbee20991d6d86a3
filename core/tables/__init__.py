"""The built-in tables by name, and tables from files."""

import os
from dataclasses import replace
from pathlib import Path

from core.data import LECTURE, Dataset, Source
from core.language import marked

TABLES = Path(__file__).parent

BUILT_IN = {
    "lecture": LECTURE.about,
    "cars": marked("speed (mph), stopping distance (ft); 50 cars: Ezekiel, Methods of Correlation Analysis, 1930"),
    "scores": marked("exams 1 to 3, final; 25 students: Test Scores for General Psychology, as in the next lab"),
    "mtcars": marked("horsepower, weight (1000 lbs), miles per gallon; 32 cars: Motor Trend magazine, 1974"),
}
"""What each table is and where it comes from."""


def open_table(name: str, features: tuple[str, ...] = (), target: str = "") -> Dataset:
    """The built-in table of this name, or else the CSV file; `features` and `target` choose columns by their names.

    Raises core.csv_file.Unreadable, with a sentence for the person who gave the name.
    """
    if name == "lecture" and not features and not target:
        return LECTURE
    from core.csv_file import read_dataset  # numpy: the lecture's table does without

    if name not in BUILT_IN:
        return replace(read_dataset(name, features, target), source=Source(os.path.abspath(name), features, target))
    return replace(
        read_dataset(str(TABLES / f"{name}.csv"), features, target),
        name=name,
        about=BUILT_IN[name],
        notes=(),
        source=Source(name, features, target),
    )
