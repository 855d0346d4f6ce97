"""Pods on mixed nodes, and the cheapest mix of machines with the bound that proves it."""
