"""The ground floor: files written whole, config.json, counters.json. Standard library only."""
