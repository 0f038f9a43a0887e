"""A study: options x replications, played anywhere, kept part by part, resumed where it stopped."""
