"""Writes the data of config/facts/data: what AWS has and offers in each commercial region.

    make facts                    from packages, offline: the same packages give the same bytes
    make facts SOURCE=account     asks AWS, with the credentials of the shell (read-only)
    make facts CHECK=1            writes nothing; status 1 if the data in the repository differs

`packages` and `account` fill one `Facts` (facts/gathered.py), `write` is the only one who knows the files. What a
source does not know stays None, and is unknown to the rules of config/: never offered, never refused. Sources, their
trust and the upkeep: docs/adr/0032-regions.md. Not here: the rules, and what no machine publishes
(config/facts/data/documented.json, which people keep).
"""
