"""How drop-off points fill: what people bring to each point, hour by hour, before saturation.

`law` says it all in one value, `factors` and `neighbours` are its parts, `draw` throws the dice,
`expected` is what a planner who knew the law would expect. `fit` reads it from measurements.
"""
