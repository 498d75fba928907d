"""OAI-PMH 2.0: libraries and aggregators harvest the published articles, with what was withdrawn.

Written here, as the packages `oaipmh` and `pyoai` count the records of a list for their resumption tokens: records
that change during a harvest would shift, and be left out.
"""
