"""How a bill is put together: the ledger, and what each part of a plan writes into it."""
