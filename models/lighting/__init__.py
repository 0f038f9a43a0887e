"""Public lighting: cabinets, lamps, schedules, failures, crews, what the radio tells of them."""
