"""The Network view: activations of every layer while drawing, and explanations.

Offers NetworkView (network_view). Its parts: ActivationMap (activation_map), whose positions are
computed by layout and whose output is drawn by output_bars; the tabs AttributionPanel,
CounterfactualPanel and UnitPanel; SampleGallery (sample_gallery) with the samples of the latter;
regions names parts of an image.
"""
