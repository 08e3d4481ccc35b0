"""A stand-in for the package gymnasium: as much of its spaces as an environment shows."""
from . import spaces
