"""Hours and days in the batched solver: every lane a simulation with a clock of its own.

Use
---
::

    from models.water.batched.periods.events import Closed, LaneEvents
    from models.water.batched.periods.run import run_lanes

    lanes = [LaneEvents(leaks=(leak,)) for leak in leaks]
    run = run_lanes(network, lanes, step_s=3600, duration_s=86_400, nodes=loggers)
    run.heads_m                                  # (steps, nodes, lanes)

One network over time, as :func:`models.water.hydraulics.run_hydraulics` wants it:
:func:`models.water.batched.steps.run_steps`.

Files: `events` what a lane may have of its own; `demands`, `controls`, `tanks`, `ends` (links that
full and empty tanks close), `clock` (how long a step is) EPANET's rules, lane by lane; `cut_off`
the consumers nothing reaches; `simulation` the rounds; `run` what is kept of them; `rates` and
`telling` a lane's ledger and notices. See docs/method/extended-period.md.
"""
