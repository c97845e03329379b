"""The Experiments view: train all combinations of settings and compare the runs.

Offers ExperimentsView (experiments_view). Its pages are RunsPage (runs_page), which contains
RunTable (run_table; run_rows has its rows, run_groups which runs belong together, run_states what
is said of one) and PlotTabs (plot_tabs) with LearningCurves (learning_curves) and SettingEffects
(setting_effects), and ExperimentForm (experiment_form).
"""
