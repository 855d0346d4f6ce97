"""`aigw report`: a stack as one self-contained page with pictures, and its drawing as SVG."""
