"""What the engine runs."""

from stacks.program import main

main()
