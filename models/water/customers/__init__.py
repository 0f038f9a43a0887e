"""A year of customers' meters: how they are read, who hears of a leak, what it is worth."""
