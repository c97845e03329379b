"""The Files view: a folder of images and the number read in each.

Offers FilesView (files_view); inside, its table (file_table).
"""
