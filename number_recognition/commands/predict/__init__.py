"""The predict command: read the numbers in image files.

Offers predict (command); inside, the pictures to read (pictures), their labels (labels) and the
forms in which results are printed (results).
"""
