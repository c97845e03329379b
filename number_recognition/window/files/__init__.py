"""The Files view: a folder of images and the network's prediction for each.

Offers FilesView (files_view).
"""
