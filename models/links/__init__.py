"""Links that know no physics: nothing arrives, everything arrives, a share arrives.

They are the control group: a radio network's worth is measured against them, on the same dice.
"""
