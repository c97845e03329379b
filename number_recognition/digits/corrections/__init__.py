"""Kept drawings with their right labels, in images/fine_tuning/0 … 9.

Offers Corrections and Correction (corrections), CorrectionLog (correction_log),
import_images (imports).
"""
