"""The Network view: each layer's activations as one draws, and why the network answers as it does.

Offers NetworkView (network_view).
"""
