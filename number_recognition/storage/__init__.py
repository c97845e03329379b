"""Files on disk: settings, counters, tables, atomic writes. Standard library only.

Offers read_config and the settings classes (settings), Counters (counters), atomic_write (files),
lock (locks), setting and from_dict for checked settings classes (fields), old names of settings
(renamed_settings, config_update), CSV tables (tables), checks of JSON values (values).
"""
