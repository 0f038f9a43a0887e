"""Small problems solved exactly: the truth against which collection policies are measured.

Two of them. The inventory routing problem of the literature, whose published optima check the
solver; and its waste twin, bins that fill, whose optimum with every coming fill known is a bound
on any policy.
"""
