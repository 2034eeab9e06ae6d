"""A grammar of portals: how their columns, lists, entries and pagers are made, each part a table of productions.

A new shape is one line in a table of `tables`, or one function with `@among(TABLE)` in the module of its kind (links,
functions, plugins, silent, noise). `portal(seed)` draws one production of each table and puts the pages together.
"""

from tests.support.grammar import functions, links, noise, plugins, silent
from tests.support.grammar.portal import Portal, portal

__all__ = ["Portal", "functions", "links", "noise", "plugins", "portal", "silent"]
