"""The answer of the network beside the pad.

prediction_panel has `PredictionPanel`, which shows one prediction in three widgets: `Answer` in
answer, `ProbabilityBars` in probability_bars, and `CorrectionButtons` in corrections.
"""
