"""The settings of config.json in the window.

settings_dialog has `SettingsDialog`, a form of all settings; live_settings `LiveSettings`, which
applies changes made in the dialog or in the file while the window is open; setting_field
`SettingField`, a field that is checked while typing; field_form `FieldForm`, a form of them.
"""
