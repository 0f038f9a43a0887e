"""A year of hydraulics at once: the gradient method with scenarios as lanes of a vector.

Use
---
::

    from models.water.batched.solver import BatchedSolver   # compiles; import it where it is used
    from models.water.batched.state import State, state_at
    from models.water.batched.refusal import NotBatched, check_batched

    solver = BatchedSolver(network)             # once a network: order, fill, plan
    state = state_at(network, time_s=0)         # what the file says at an instant: one lane
    base = solver.solve(state)
    many = solver.solve(replace(state, half=leaks), start=base)

`State`: what may differ between lanes. Arrays (items, lanes), or (items,) where lanes share it;
`None` means what the network says.

* `demand_m3s` (nodes): what is asked for; entries of reservoirs and tanks are not read.
* `fixed_head_m` (fixed): heads of `solver.fixed`, the reservoirs and tanks in node order.
* `half` (nodes), m3/s per m^0.5 and `three_halves` (nodes), m3/s per m^1.5: FAVAD leaks,
  q = half p^0.5 + three_halves p^1.5 above zero pressure, 0 below.
* `emitter` (nodes): C of emitters C p^n, m3/s at 1 m; below zero pressure as the network's own.
* `open` (links), bool: closed lanes hold the link closed (tank full, repair, valve shut).
* `setting` (links): pump speed, valve setting; NaN holds a valve open.

The network's own emitters and pipe leaks come on top of the state's leaks.

`solver.solve(state, start=None, *, allow_unconverged=False, into=None) -> Solution`

* `heads_m`, `leak_m3s`, `delivered_m3s` (nodes, lanes); `flows_m3s`, `status` (links, lanes);
  `iterations`, `converged`, `balance` (lanes,). `solution.pressures_m(network)`.
* `start`: a Solution of one lane (given to all) or of as many lanes: warm.
* `into`: an older Solution of as many lanes to write over, `start` itself for one; saves memory.
* A lane that has not converged raises `NotConvergedError` naming it; `allow_unconverged=True`
  returns it with `converged` False.

What cannot be taken is refused by name at construction: `NotBatched`, see `refusal.py`.

`leak_m3s` holds leaks and emitters together. Without pressure-dependent demands `delivered_m3s` is
the demand itself, as given. Flows, leaks and deliveries balance at every node to 1e-9 m3/s.

Eight lanes cost what one costs. A solver serves one thread at a time. Method, laws, agreement with
EPANET and speed: docs/method/gradient.md. After a change in any file here but kernel.py, delete
numba's cache (CONTRIBUTING.md).
"""
