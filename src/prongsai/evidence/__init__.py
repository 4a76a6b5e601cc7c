"""OIT evidence: the links an agency files, fetched with care and looked at by advisory checks.

``links`` reads the table of links, ``fetch`` gets what a link shows, ``checks`` say what they saw, ``run`` does it for
a whole table. No check is a verdict: an inspector decides.
"""
