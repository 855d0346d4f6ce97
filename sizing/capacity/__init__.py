"""What each component carries and what a load asks of it: one small model a module.

A model is pure arithmetic on a load and on sizes. The planner chooses sizes by it, the checks judge
plans by it and the audit recomputes the documents' claims by it, so that none can disagree.
"""
