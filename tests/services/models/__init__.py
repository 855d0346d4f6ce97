"""Copies of weights by the programs of the pods, with the libraries of their image."""
