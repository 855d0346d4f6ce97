"""The workflows of GitHub Actions: their shape, and their steps, run as they stand in the files."""
