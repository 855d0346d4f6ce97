"""aigw: what a stack is, costs and holds, before anything is built."""
