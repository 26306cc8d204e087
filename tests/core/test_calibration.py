"""What a model's own counts teach about the estimate."""

from hypothesis import given
from hypothesis import strategies as st

from bd1.core.calibration import MOST, SAFE, Calibration, learned, read_less

answers = st.lists(st.tuples(st.integers(0, 8000), st.integers(0, 20_000)), max_size=40)


@given(answers)
def test_the_factor_never_leaves_the_safe_range(answers: list[tuple[int, int]]) -> None:
    known = Calibration()
    for estimate, told in answers:
        known = learned(known, estimate, told)
        assert SAFE <= known.factor <= MOST
        assert 0 < known.lowest <= SAFE


def test_a_count_above_the_plan_raises_it_at_once_and_counts_below_lower_it_slowly() -> None:
    high = learned(Calibration(), 1000, 1500)
    assert high.factor >= 1.5
    once = learned(high, 1000, 700)
    assert 1.5 < once.factor < high.factor
    for _ in range(100):
        once = learned(once, 1000, 700)
    assert 0.77 <= once.factor < 0.8


def test_a_short_prompt_teaches_nothing() -> None:
    assert learned(Calibration(), 100, 190) == Calibration()


def test_a_prompt_that_was_not_read_whole_is_noticed_and_teaches_nothing() -> None:
    assert read_less(Calibration(), 6000, 2000)
    assert learned(Calibration(), 6000, 2000) == Calibration()
    assert not read_less(Calibration(), 6000, 4000)


@given(st.integers(200, 8000), st.floats(0.4, 1.2))
def test_what_a_known_model_reads_every_day_is_never_called_too_little(estimate: int, share: float) -> None:
    known = Calibration()
    for _ in range(5):
        known = learned(known, estimate, round(estimate * share))
    assert not read_less(known, estimate, round(estimate * share))
