"""Terrain: elevation grids read from files or, where there is none, made and labelled synthetic."""

from twin.terrain.grid import Terrain

__all__ = ["Terrain"]
