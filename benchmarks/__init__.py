"""Measurements; never imported by the platform."""
