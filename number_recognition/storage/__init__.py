"""Files on disk: settings, counters, tables, atomic writes. Standard library only.

Offers the settings classes (settings), read_config (config_file), Counters (counters), atomic_write
(files), lock (locks), setting and from_dict for checked settings classes (fields), old names of
settings (renamed_settings), CSV tables (tables), checks of JSON values (values).
"""
