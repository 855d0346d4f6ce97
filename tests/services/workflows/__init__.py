"""Workflows as the programs read them that check and run them."""
