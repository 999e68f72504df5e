"""The demonstration: invented shops, living today, beside a closed contract whose lines really add up. Deterministic."""

from epicerie_desktop.services.demonstration.build import DemoFiles, make_demonstration

__all__ = ["DemoFiles", "make_demonstration"]
