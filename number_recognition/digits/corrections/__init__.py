"""Kept drawings with their right labels, in images/fine_tuning/0 … 9.

Offers Corrections (corrections), Correction (correction), CorrectionLog (correction_log),
import_images (imports) and move_former_counterexamples (former_versions). Inside: the folders
(folders), the originals beside the drawings (originals), moves of all files or none (moves), and
fast edits of a long log (log_lines).
"""
