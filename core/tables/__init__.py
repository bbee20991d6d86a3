"""The built-in tables."""

from pathlib import Path

from core.language import N_

TABLES = Path(__file__).parent

BUILT_IN = {
    "lecture": N_("hours of work and points: the lecture's dummy data, where the output equals the input"),
    "cars": N_("speed (mph), stopping distance (ft); 50 cars: Ezekiel, Methods of Correlation Analysis, 1930"),
    "scores": N_("exams 1 to 3, final; 25 students: Test Scores for General Psychology, as in the next lab"),
    "mtcars": N_("horsepower, weight (1000 lbs), miles per gallon; 32 cars: Motor Trend magazine, 1974"),
}
"""What each table is and where it comes from."""
