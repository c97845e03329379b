"""What the window knows, without Tk: drawing, network, kept drawings, undo history.

Offers Session and PadContent (session), CorrectionEdits (correction_edits),
CorrectionList (correction_list), Perturbation and perturb (perturbation).
"""
