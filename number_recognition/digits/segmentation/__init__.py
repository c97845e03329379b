"""Where one digit ends and the next begins: parts of a drawing or an image, and their groups.

Offers Part and split_lines (parts), ink_parts and cut_parts (ink_parts).
"""
