"""Charge drawn by LoRaWAN devices, the life of their batteries and the wave of replacements."""
