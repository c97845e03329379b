"""The state of the window, without Tk: drawing, network, kept drawings, undo history.

Offers Session (session), which has NetworkInUse (network_in_use), PadContent (pad_content),
UndoHistory (undo_history) with its steps (steps), Counts (counts), Preferences (preferences) and
CorrectionEdits (correction_edits).
For views: CorrectionList (correction_list), with_current_labels (evaluated_corrections), perturb
(perturbation), answer_text and short_text (answer_text).
"""
