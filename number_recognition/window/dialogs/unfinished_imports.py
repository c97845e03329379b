"""Offers to undo imports that were ended before their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from number_recognition.core.formatting import pluralize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from number_recognition.digits.corrections.leftovers import UnfinishedImport
    from number_recognition.window.toolkit.app_context import AppContext


def offer_undo(context: AppContext, imports: Sequence[UnfinishedImport], said: str = "") -> None:
    """Say what imports had kept when they were ended; it can go to the trash, or stay kept.

    Args:
        context: the window.
        imports: the imports, at least one.
        said: what is said first, a sentence.
    """

    def undo() -> None:
        context.edit_menu.request(lambda: _trash(context, imports))

    def keep() -> None:
        try:
            for each in imports:
                each.forget()
        except OSError as error:
            context.show_error(f"It will be offered again: {error}")
        else:
            context.notify("Kept.")

    message = " ".join([said, *map(_describe, imports)]).strip()
    context.notify(message, ("Undo import", undo), ("Keep", keep))


def _describe(unfinished: UnfinishedImport) -> str:
    source = f" of {unfinished.source}" if unfinished.source else ""
    count = pluralize(len(unfinished.kept), "drawing is", "drawings are")
    return f"An import{source} was ended before its end: {count} kept."


def _trash(context: AppContext, imports: Sequence[UnfinishedImport]) -> bool:
    """Move what is still kept of imports to the trash; False where nothing is.

    The record of an import goes at the next start: by then, none of its drawings is kept.
    """
    names = {each.path.name for unfinished in imports for each in unfinished.kept}
    kept, _ = context.session.corrections.list_kept()
    still_kept = [each for each in kept if each.path.name in names]
    if still_kept:
        context.edit_menu.trash(still_kept)
    return bool(still_kept)
