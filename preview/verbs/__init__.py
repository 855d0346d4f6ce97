"""The verbs of `aigw`, one module each: `add` registers the grammar, `run` does the work."""
