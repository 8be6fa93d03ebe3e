"""Privacy: telling a member everything that is held of it, and forgetting it. Reads every slice, so it stands at the top.

``registry.KNOWN`` names every table that is keyed by a member or a subject and says what becomes of its rows; a test walks the
whole schema and fails for a table that is not in it.

What always holds after an erasure: nothing personal is left and the member's data key is gone, so that sealed copies made
elsewhere can't be read either (a backup must keep ``member_keys`` apart, and not for long); the ledger still adds up, under ids that
lead to nobody; the erased external id is never enrolled again.
"""
