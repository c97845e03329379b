"""Sweeps: many trainings with different settings, on this machine or on a cluster.

Offers experiment and Outcome (sweep).
"""
