"""The LoRaWAN network in time: one set of rules, two engines that give every frame the same fate.

`setup` says what stands in the field, `draws` throws the dice, `window` is the compiled engine and
`reference` the same rules as one SimPy process a device. Rules: docs/method/network.md.
"""
