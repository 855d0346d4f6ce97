"""A new stack's file: what is asked, how an answer is judged, what is written."""
