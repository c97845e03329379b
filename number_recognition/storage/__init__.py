"""Files on disk: settings, counters, atomic writes. Standard library only.

Offers read_config and the settings classes (settings), Counters (counters), atomic_write (files),
lock (locks), setting and from_dict for checked settings classes (fields).
"""
