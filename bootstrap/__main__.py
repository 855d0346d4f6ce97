"""What the engine runs."""

from bootstrap.program import main

main()
