"""The Files view: a folder of images and the prediction for each.

Offers FilesView (files_view).
"""
