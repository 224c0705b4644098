"""The database's history: one module a step, applied in order by ``Database.migrate``.

A step that was released is never edited: what is wrong in it is put right by the next one.
"""
