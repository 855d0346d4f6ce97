"""The only place where config, plan and components meet."""
