"""A network reduced to what needs iteration: the batched solver's answers for less work.

Use
---
::

    from models.water.reduced.solver import ReducedSolver   # compiles; import it where it is used

    solver = ReducedSolver(network)                          # once a network
    base = solver.solve(state)
    many = solver.solve(replace(state, half=leaks), base)    # leaks anywhere, one a tree or chain
    year = ReducedSolver(network, protected=leaky, observe=sensors)

`solve` takes and gives what `models.water.batched.solver.BatchedSolver.solve` does.
"""
