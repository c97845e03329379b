"""The dialogs of the window.

help_dialogs has those of the Help menu; close_question `CloseQuestion`; glossary `show_glossary`;
fine_tuning_result `FineTuningResultDialog`; model_versions `VersionsDialog`; skipped_files
`show_skipped_files`.
"""
