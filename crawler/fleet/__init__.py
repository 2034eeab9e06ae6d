"""Many portals on many machines: a queue in PostgreSQL, a worker on each machine, finished archives in a store.

A portal is a job; a run of it is `nianbao crawl` into that portal's own archive. Procrastinate says who runs what when;
what a round, an attempt and the current archive of a portal are stands in tables of our own (migrations/), and what
Procrastinate does not promise is held here: an orphan stops (process), only the owner of a job commits
(commit), a round without a job gets a new one (tick), and a host is asked by one attempt at a time (attempts).
"""
