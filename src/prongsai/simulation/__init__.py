"""Agencies with known truth, for tests, benchmarks and rehearsals."""

from prongsai.simulation.agency import Simulated, Spec, simulate

__all__ = ["Simulated", "Spec", "simulate"]
