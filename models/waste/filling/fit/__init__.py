"""What measurements say of how points fill.

`readings` reads weighings or fill levels, `weighings` and `levels` turn them into `pieces`: what
came in between two moments, exactly, at least or at most. `laws` holds the four candidate laws,
`rates` fits one rate a point, `effects` weekday and season, `shrinkage` pools, `fit` assembles.
"""
