"""One folder per utility; the kernel finds them by the dotted name in a scenario."""
