"""The LoRaWAN network as a link of the house: readings of any utility travel through it."""
