"""The cost curve keeps the networks worth telling, each once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.lora.answer.curve import CurveStep, efficient

STEPS = st.lists(
    st.builds(
        CurveStep,
        st.sampled_from([0.6, 0.7, 0.8, 0.9]),
        st.sampled_from([10.0, 20.0, 30.0]),
        st.just(3),
        st.just(value=False),
    ),
    max_size=8,
)


@given(STEPS, st.sampled_from([0.6, 0.75, 0.9]), st.sampled_from([10.0, 25.0]))
def test_the_curve_is_efficient(steps: list[CurveStep], share: float, cost: float) -> None:
    """No step but the chosen one is beaten on share and cost; none stands twice; share ascends."""
    chosen = CurveStep(share, cost, 4, chosen=True)
    kept = efficient([chosen, *steps])
    assert kept.count(chosen) == 1
    assert len(set(kept)) == len(kept)
    assert [step.share for step in kept] == sorted(step.share for step in kept)
    for step in kept:
        better = (o for o in [chosen, *steps] if o.share >= step.share)
        assert step.chosen or not any(other.cost_eur < step.cost_eur for other in better)
