"""The AWS half of the platform."""
