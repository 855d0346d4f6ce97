"""Documents 000, 002, 003 and 004 as typed data, and where every block of all five stands.

`cluster` (000), `archestra` (002), `osmen` (003) and `agent_router` (004) hold the figures as
written; document 001 has its tables in `sizing.tiers`. `index` lists all blocks of all documents,
`homes` says where each one is used or why it is not. Contradictions stay as they were written.
"""
