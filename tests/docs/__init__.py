"""Every command, link and figure of the documentation, held against the code."""
