"""What the documentation shows, made and checked from the code (`make docs`).

A page is Markdown by this convention, which `tests/docs` holds every page to:

- A block of commands with what they print is fenced as `console`, or indented and begins with
  `$ `. Lines that begin with `$ ` are commands, the others are printed. `aigw` and `make help` are
  run, and what they print has to be what is shown. A line of `...` stands for any lines that are
  left out, `…` within a line for any part of it: of a long line, or of what differs from run to run
  (a commit, a size in bytes).
- A block of commands without what they print is fenced as `sh`, or indented. Every `aigw` command
  is run; the others are checked as far as that goes without a cloud, each by its program's rule.
  `<words>` stand for what a reader puts in.
- Everything else is fenced with what it is: `yaml` (of a stack file), `text`, `sql`, `json`.
- What stands between `<!-- name: made by make docs -->` and `<!-- end of name -->` is made by
  `preview.docs.regions`.
"""
