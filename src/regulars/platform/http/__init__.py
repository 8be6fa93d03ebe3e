"""The edge towards HTTP: who may call, what may be sent, how answers and refusals look. Knows no domain.

A slice's ``api`` makes a :class:`routing.Router`, says with :mod:`auth` who may call each route, takes one body derived from
:class:`strict.Strict`, and answers with :mod:`responses`. Refusals are raised as problems; :mod:`problems` renders them.
"""
