"""EPANET 2.3 in this process: files in and out, hydraulics a step at a time.

The engine is the C library inside the package epanet-plus, entered through its plain C interface.
"""
