"""The Google Cloud half of the platform."""
