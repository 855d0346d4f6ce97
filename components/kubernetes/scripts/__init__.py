"""Programs that pods run: Python's own library and what their images hold, nothing of the platform.

A pod sees this folder below its PYTHONPATH, under the same name as here.
"""
