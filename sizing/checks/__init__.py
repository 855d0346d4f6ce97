"""The constraints of a plan, one module per part; each returns findings and changes nothing."""
