"""LoRaWAN: propagation, coverage, calibration and gateway siting."""
