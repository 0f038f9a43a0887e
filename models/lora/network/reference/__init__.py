"""The rules of the network as one SimPy process a device, written to be read.

`engine` runs it; `device` is the life of one device, `ether` what gateways hear of its frames,
`gateway` demodulators and downlinks, `server` the answers, `commands` class C and multicast.
Rules and section numbers: docs/method/network.md.
"""
