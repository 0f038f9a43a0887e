"""Individual meters: what they register, what arrives, leaks behind them, bills; synthetic."""
