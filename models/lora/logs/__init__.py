"""The network server's view: uplinks written as servers publish them, and logs replayed.

`export.write_uplinks` turns simulated receptions into the JSON that ChirpStack v4 and The Things
Stack v3 publish; `replay.read_traffic` turns such a log, simulated or real, into traffic.
"""
