"""How a dark lamp becomes known: patrols, calls, cabinets' power, missed heartbeats."""
