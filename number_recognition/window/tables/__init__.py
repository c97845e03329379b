"""What the tables of the window share.

several_rows has `bind_several_rows`, the keys that select several rows. short_names has
`ShortNames`, the names in a table shortened in the middle where they have no room, and
`shorten_middle`. whole_texts has `fit_column`, a column as wide as its texts.
"""
