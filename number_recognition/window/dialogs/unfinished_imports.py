"""Offers to undo imports that were ended before their end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from number_recognition.core.formatting import pluralize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from number_recognition.digits.corrections.leftovers import UnfinishedImport
    from number_recognition.window.toolkit.app_context import AppContext


def offer_undo(context: AppContext, imports: Sequence[UnfinishedImport]) -> None:
    """Say what each import had kept when it was ended; that can go to the trash, or stay kept."""
    for each in imports:
        context.offers.add(
            _describe(each),
            ("Undo import", partial(_undo, context, each)),
            ("Keep", partial(_keep, context, each)),
            about=each.record,
        )


def _undo(context: AppContext, unfinished: UnfinishedImport) -> None:
    context.edit_menu.request(lambda: _trash(context, unfinished))


def _keep(context: AppContext, unfinished: UnfinishedImport) -> bool:
    try:
        unfinished.forget()
    except OSError as error:
        context.show_error(f"It will be offered again: {error}")
        return False
    context.notify("Kept.")
    return True


def _describe(unfinished: UnfinishedImport) -> str:
    source = f" of {unfinished.source}" if unfinished.source else ""
    count = pluralize(len(unfinished.kept), "drawing is", "drawings are")
    return f"An import{source} was ended before its end: {count} kept."


def _trash(context: AppContext, unfinished: UnfinishedImport) -> bool:
    """Move what is still kept of an import to the trash; False where nothing is.

    The record of an import goes at the next start: by then, none of its drawings is kept.
    """
    names = {each.path.name for each in unfinished.kept}
    kept, _ = context.session.corrections.list_kept()
    still_kept = [each for each in kept if each.path.name in names]
    if still_kept:
        context.edit_menu.trash(still_kept)
    else:
        context.notify("Nothing of that import is kept any more.")
    return bool(still_kept)
