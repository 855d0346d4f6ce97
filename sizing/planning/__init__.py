"""One module per part of the plan; each returns its part and what differs from the document."""
