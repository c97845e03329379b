"""The predict command: read the numbers in image files.

Offers predict (command); inside, the pictures to read (pictures) and the forms in which results are
printed (results).
"""
