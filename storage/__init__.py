"""The ground floor: files written whole, config.json and counters.json. The standard library only."""
