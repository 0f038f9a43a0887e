"""The same years compiled: mornings, crews and words on arrays, without an event loop.

Crews of a day never meet and are home before the next morning; the desk looks at six. A day is
therefore worked out whole, and gives what :mod:`models.lighting.living.by_events` gives on the same
dice.
"""
