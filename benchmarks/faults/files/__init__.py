"""Faults in files: damaged ones that the program reads or writes, and those made to harm."""
